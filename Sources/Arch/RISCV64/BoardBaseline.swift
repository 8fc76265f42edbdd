#if hasFeature(Embedded) && arch(riscv64)
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the block belongs to the calling CPU; see Entry.swift.

/// What the board itself costs: timer deadline to interrupt vector in the kernel, on a CPU that does
/// nothing else, before any zone starts. The only time that the kernel takes interrupts of a timer.
enum BoardBaseline {
  /// Looks at the memory that the vector writes to, between two looks at the counter.
  private static let patience = 1 << 16
  /// Pairs of counter and cycle that are looked at: each has another distance from the last tick.
  private static let calibrationPairs = 4000

  /// Ticks of the counter between two deadlines.
  static func period(_ counterFrequency: UInt64) -> UInt64 { max(counterFrequency / 50_000, 4) }

  /// Takes `samples` timer interrupts into this CPU's block of the records.
  @_optimize(size)
  static func measure(_ block: UnsafeMutablePointer<CPUBlock>, samples: UInt32) {
    guard let records = recordRegion() else { return }
    let plan = unsafe block.pointee.shared.pointee.plan
    let period = period(plan.counterFrequency)
    let ratio = plan.cycleFrequency / max(plan.counterFrequency, 1)
    let baseline = unsafe records.initialiseBaseline(
      block.pointee.index, measurement: .timerBusy,
      period: plan.cycleFrequency == 0 ? period : period * ratio)
    let countsCycles = unsafe block.pointee.countsCycles
    let offset = countsCycles ? cycleOffset(ratio) : 0
    shim_write_stvec(
      countsCycles ? shim_kernel_baseline_vector() : shim_kernel_baseline_time_vector())
    for _ in 0..<samples {
      let deadline = shim_read_time() &+ period
      guard unsafe takeInterrupt(at: deadline, lostAt: deadline &+ plan.counterFrequency, block)
      else {
        unsafe baseline.pointee.magic = 0
        unsafe sayNoInterrupt(block)
        break
      }
      unsafe baseline.pointee.latency.record(
        block.pointee.interruptTick &- (countsCycles ? deadline &* ratio &+ offset : deadline))
    }
    shim_write_stvec(shim_kernel_vectors())
  }

  /// Cycles minus ticks times `ratio`, at the moment of a tick: the smallest difference seen, less the
  /// instruction between the two reads. The pause between two pairs differs, lest their distance divide a tick.
  private static func cycleOffset(_ ratio: UInt64) -> UInt64 {
    var least = UInt64.max
    var random: UInt32 = 1
    for _ in 0..<calibrationPairs {
      let time = shim_read_time()
      let cycle = shim_read_cycle()
      least = min(least, cycle &- time &* ratio)
      // Numerical Recipes, 7.1: the high bits of this sequence are the good ones.
      random = random &* 1_664_525 &+ 1_013_904_223
      var pause = random >> 26
      while pause > 0 {
        shim_nop()
        pause -= 1
      }
    }
    return least &- 1
  }

  /// Waits for the interrupt that is due at `deadline`; false when none comes until `limit`, a second later.
  private static func takeInterrupt(
    at deadline: UInt64, lostAt limit: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
  ) -> Bool {
    let seen = UInt64(UInt(bitPattern: block)) + 8
    shim_store64(seen, 0)
    _ = shim_sbi(SBIExtension.timer, 0, deadline, 0, 0, 0)
    shim_write_sie(InterruptBit.timer)
    shim_unmask_interrupts()
    var tries = patience
    while shim_load64(seen) == 0 {
      tries &-= 1
      if tries > 0 { continue }
      if Int64(bitPattern: shim_read_time() &- limit) > 0 { break }
      tries = patience
    }
    shim_mask_interrupts()
    shim_write_sie(0)
    _ = shim_sbi(SBIExtension.timer, 0, ~0, 0, 0, 0)
    return shim_load64(seen) != 0
  }

  @_optimize(size)
  private static func sayNoInterrupt(_ block: UnsafeMutablePointer<CPUBlock>) {
    let kernel = unsafe block.pointee.kernel
    unsafe kernel.pointee.beginMessage()
    unsafe kernel.pointee.put("cpu ")
    unsafe kernel.pointee.put(decimal: UInt64(block.pointee.index))
    unsafe kernel.pointee.put(" has no baseline: its timer did not interrupt")
    unsafe kernel.pointee.endMessage(RISCV64Machine())
  }

  /// Sleeps until CPU `cpu` has measured and waits for a command, or until `limit`. Called by the boot
  /// CPU, which would disturb the measurement if it polled.
  @_optimize(size)
  static func await(_ cpu: Int, limit: UInt64) {
    let kernel = unsafe currentCPU().pointee.kernel
    _ = shim_sbi(SBIExtension.timer, 0, limit, 0, 0, 0)
    shim_write_sie(InterruptBit.timer | InterruptBit.software)
    while unsafe kernel.pointee.isOffline(cpu), Int64(bitPattern: shim_read_time() &- limit) < 0 {
      // The wake-up comes just before the CPU is idle: what is left is looked at again and again.
      shim_wfi()
    }
    shim_write_sie(0)
    shim_clear_sip(InterruptBit.software)
    _ = shim_sbi(SBIExtension.timer, 0, ~0, 0, 0, 0)
  }
}
#endif
