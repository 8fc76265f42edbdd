#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry

/// The virtual timer of the calling CPU. All times in counter ticks.
public enum Timer {
  /// CNTVCT_EL0, read in program order.
  public static var now: UInt64 { guest_counter() }
  /// CNTFRQ_EL0, in Hz.
  public static var frequency: UInt64 { guest_counter_frequency() }

  /// Interrupts when the counter reaches `deadline`.
  @inline(__always)
  public static func set(_ deadline: UInt64) { guest_write_cntv_cval(deadline) }

  /// Enables the timer, due at `deadline`.
  public static func start(_ deadline: UInt64) {
    guest_write_cntv_cval(deadline)
    guest_write_cntv_ctl(1)
  }

  /// Disables the timer and with it its interrupt.
  public static func stop() { guest_write_cntv_ctl(0) }
}

/// What times are measured with: the counter that the timer compares with.
public enum Clock {
  /// In program order.
  public static var now: UInt64 { Timer.now }
  /// In Hz.
  public static var frequency: UInt64 { Timer.frequency }
  /// As read by the first instruction after entry.
  public static var boot: UInt64 { guest_boot_stamp_value() }
  /// When the timer's count reaches `deadline`.
  public static func due(_ deadline: UInt64) -> UInt64 { deadline }
  /// How long `ticks` of the timer are.
  public static func length(_ ticks: UInt64) -> UInt64 { ticks }
  /// Makes it ready for use.
  public static func start() {}
}
#endif
