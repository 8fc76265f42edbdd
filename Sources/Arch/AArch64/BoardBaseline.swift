#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the block belongs to the calling CPU; see Entry.swift.

/// What the board itself costs: timer deadline to interrupt vector in the kernel, on a CPU that does
/// nothing else, before any zone starts. The only time that the kernel takes interrupts.
enum BoardBaseline {
  /// INTID of the EL2 physical timer on every Armv8-A system (BSA, DEN0094).
  private static let line: UInt64 = 26
  /// HCR_EL2.IMO: interrupts go to EL2.
  private static let interruptsToKernel: UInt64 = 1 << 4
  /// Looks at the memory that the vector writes to, between two looks at the counter.
  private static let patience = 1 << 16
  /// Periods until an interrupt counts as lost: a second.
  private static let lostPeriods: UInt64 = 10_000

  /// Ticks between two deadlines.
  static func period(_ counterFrequency: UInt64) -> UInt64 { max(counterFrequency / 10_000, 1) }

  /// Takes `samples` timer interrupts into this CPU's block of the records. Leaves the private
  /// interrupts as `InterruptController.resetPrivate` does.
  @_optimize(size)
  static func measure(_ block: UnsafeMutablePointer<CPUBlock>, samples: UInt32) {
    guard let records = recordRegion() else { return }
    let period = period(unsafe block.pointee.shared.pointee.counterFrequency)
    let baseline = unsafe records.initialiseBaseline(
      block.pointee.index, measurement: .timerBusy, period: period)
    InterruptController.resetPrivate()
    InterruptController.enablePrivate(line)
    InterruptController.open()
    let zoneRouting = shim_read_HCR_EL2()
    shim_write_HCR_EL2(zoneRouting | interruptsToKernel)
    var deadline = shim_read_CNTPCT_EL0() &+ period
    for _ in 0..<samples {
      guard
        let tick = unsafe takeInterrupt(
          at: deadline, lostAt: deadline &+ period &* lostPeriods, block)
      else {
        unsafe baseline.pointee.magic = 0
        unsafe sayNoInterrupt(block)
        break
      }
      unsafe baseline.pointee.latency.record(tick &- deadline)
      deadline = shim_read_CNTPCT_EL0() &+ period
    }
    shim_write_HCR_EL2(zoneRouting)
    InterruptController.resetPrivate()
  }

  /// Counter at the vector of the interrupt that is due at `deadline`; nil when none comes.
  private static func takeInterrupt(
    at deadline: UInt64, lostAt limit: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
  ) -> UInt64? {
    let seen = UInt64(UInt(bitPattern: block)) + CPUBlock.interruptTickOffset
    shim_store64(seen, 0)
    shim_write_CNTHP_CVAL_EL2(deadline)
    shim_write_CNTHP_CTL_EL2(1)
    shim_isb()
    shim_unmask_interrupts()
    var tries = patience
    while shim_load64(seen) == 0 {
      tries &-= 1
      if tries > 0 { continue }
      if Int64(bitPattern: shim_read_CNTPCT_EL0() &- limit) > 0 { break }
      tries = patience
    }
    shim_mask_interrupts()
    shim_write_CNTHP_CTL_EL2(0)
    let tick = shim_load64(seen)
    guard tick != 0 else { return nil }
    InterruptController.acknowledge()
    return tick
  }

  @_optimize(size)
  private static func sayNoInterrupt(_ block: UnsafeMutablePointer<CPUBlock>) {
    let kernel = unsafe block.pointee.kernel
    unsafe kernel.pointee.beginMessage()
    unsafe kernel.pointee.put("cpu ")
    unsafe kernel.pointee.put(decimal: UInt64(block.pointee.index))
    unsafe kernel.pointee.put(" has no baseline: its timer did not interrupt")
    unsafe kernel.pointee.endMessage(AArch64Machine())
  }

  /// Sleeps until CPU `cpu` has measured and waits for a command, or until `limit`. Called by the boot
  /// CPU, which would disturb the measurement if it polled.
  @_optimize(size)
  static func await(_ cpu: Int, limit: UInt64) {
    let kernel = unsafe currentCPU().pointee.kernel
    InterruptController.listenForWake()
    InterruptController.enablePrivate(line)
    shim_write_CNTHP_CVAL_EL2(limit)
    shim_write_CNTHP_CTL_EL2(1)
    shim_isb()
    while unsafe kernel.pointee.isOffline(cpu),
      Int64(bitPattern: shim_read_CNTPCT_EL0() &- limit) < 0
    {
      // The wake-up comes just before the CPU is idle: what is left is looked at again and again.
      shim_wfi()
    }
    shim_write_CNTHP_CTL_EL2(0)
    InterruptController.resetPrivate()
  }

  /// Ends the sleep of the boot CPU in `await`. Called by a CPU that is about to park.
  static func reportEnd(_ shared: UnsafeMutablePointer<SharedBlock>) {
    let boot = unsafe shared.pointee.bootCPU
    InterruptController.wake(boot)
  }
}
#endif
