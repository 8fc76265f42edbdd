#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// What times are measured with: `cycle`, where its relation to `time` is fixed and, in a zone, the
/// kernel measures so, too; else `time`.
public enum Clock {
  /// Whether that is `cycle`.
  @inline(__always)
  public static var isCycles: Bool { Found.cyclesPerTick.value != 0 }

  /// In program order.
  public static var now: UInt64 { isCycles ? guest_cycle() : guest_time() }
  /// In Hz.
  public static var frequency: UInt64 { length(Timer.frequency) }
  /// As read first thing after entry; for cycles that is the guest's fourth instruction.
  public static var boot: UInt64 {
    isCycles ? guest_boot_stamp_value() : guest_boot_time_value()
  }

  /// When `time` reaches `deadline`.
  @inline(__always)
  public static func due(_ deadline: UInt64) -> UInt64 {
    length(deadline) &+ Found.cycleOffset.value
  }

  /// How long `ticks` of `time` are.
  @inline(__always)
  public static func length(_ ticks: UInt64) -> UInt64 {
    isCycles ? ticks &* Found.cyclesPerTick.value : ticks
  }

  /// Decides for a clock, and compares the two if it is `cycle`. Interrupts are masked.
  public static func start() {
    guest_write_stvec(guest_vector_time_address())
    guard case .returned = attempt(guest_read_cycle_address()) else { return }
    if Kernel.isPresent, Kernel.call(.clock).code <= 0 { return }
    let first = cyclesPerTick(ticks: 2_000)
    guard first > 0, cyclesPerTick(ticks: 10_000) == first else { return }
    Found.cycleOffset.value = offset(cyclesPerTick: first)
    Found.cyclesPerTick.value = first
    guest_write_stvec(guest_vector_cycle_address())
  }

  /// Rounded; measured from the beginning of a tick to that of another.
  private static func cyclesPerTick(ticks: UInt64) -> UInt64 {
    let start = nextTick(after: guest_time())
    let end = nextTick(after: start.time + ticks - 1)
    let passed = end.time - start.time
    return (end.cycle - start.cycle + passed / 2) / passed
  }

  private static func nextTick(after time: UInt64) -> (time: UInt64, cycle: UInt64) {
    while true {
      let now = guest_time()
      if now > time { return (now, guest_cycle()) }
    }
  }

  /// `cycle` when `time` was 0: the least difference of many reads, as a read right at the beginning of a
  /// tick has it. `time` is read in the middle between two reads of `cycle`.
  private static func offset(cyclesPerTick: UInt64) -> UInt64 {
    var least = UInt64.max
    var origin: UInt64 = 0
    for round: UInt64 in 0..<5_000 {
      let before = guest_cycle()
      let time = guest_time()
      let after = guest_cycle()
      let difference = (before &+ (after &- before) / 2) &- time &* cyclesPerTick
      // Differences lie close together, but may lie around zero.
      if round == 0 { origin = difference &- 1 << 32 }
      if difference &- origin < least { least = difference &- origin }
      // A tick that is a multiple of the loop's length would else always be seen at the same places.
      for _ in 0..<round % 61 { guest_spin() }
    }
    return least &+ origin
  }
}
#endif
