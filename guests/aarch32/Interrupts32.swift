#if hasFeature(Embedded)
internal import AArch32Entry

private let distributor: UInt32 = 0x0800_0000
private let redistributor: UInt32 = 0x080a_0000
private let virtualTimer: UInt32 = 27

/// GICv3 by its AArch32 system registers (IHI 0069, 12.5); see the other guests' `Interrupts`.
func startInterrupts() {
  aarch32_store32(distributor, 0x12)
  aarch32_store32(redistributor + 0x14, 0)  // GICR_WAKER
  let sgi = redistributor + 0x1_0000
  aarch32_store32(sgi + 0x80, 0xffff_ffff)
  for line: UInt32 in 0..<32 { aarch32_store8(sgi + 0x400 + line, 0xa0) }
  aarch32_store32(sgi + 0x100, 0xffff | 1 << virtualTimer)
  aarch32_write_icc_sre(1)
  aarch32_write_icc_pmr(0xf0)
  aarch32_write_icc_bpr1(0)
  aarch32_write_icc_ctlr(0)
  aarch32_write_icc_igrpen1(1)
}

/// Every interrupt, from the vector, with the counter as read there.
@c(aarch32_interrupt)
public func interrupt(low: UInt32, high: UInt32) {
  let line = aarch32_read_icc_iar1()
  if line == virtualTimer {
    aarch32_write_cntv_ctl(0)
    Cell.timerInterrupts.value &+= 1
  } else if line < 16 {
    Cell.softwareInterrupts.value &+= 1
  } else {
    Cell.otherInterrupts.value &+= 1
  }
  if line < 1020 { aarch32_write_icc_eoir1(line) }
}

/// One virtual-timer interrupt a millisecond from now, waited for in WFI.
func takeTimerInterrupt() {
  aarch32_irq_disable()
  aarch32_set_timer(aarch32_counter_frequency() >> 10)
  aarch32_write_cntv_ctl(1)
  aarch32_wfi()
  aarch32_irq_enable()
  aarch32_irq_disable()
}

/// One SGI to itself; whether it arrives shows in the count.
func sendInterrupt() {
  aarch32_irq_enable()
  aarch32_write_icc_sgi1r(1 << 24 | 1)
  for _ in 0..<1000 { aarch32_isb() }
  aarch32_irq_disable()
}
#endif
