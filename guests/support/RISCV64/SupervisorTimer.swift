#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// The timer of the calling CPU: Sstc, or the SBI's. All times in ticks of `time`.
public enum Timer {
  /// `time`.
  public static var now: UInt64 { guest_time() }
  /// In Hz, as on QEMU virt; it is nowhere to be read but in a device tree.
  public static var frequency: UInt64 { 10_000_000 }

  /// Finds out which timer there is.
  static func find() {
    guard case .returned = attempt(guest_read_stimecmp_address()) else { return }
    Found.hasTimer.value = 1
  }

  /// Interrupts when `time` reaches `deadline`.
  @inline(__always)
  public static func set(_ deadline: UInt64) {
    let ratio = Found.cyclesPerTick.value
    if Found.hasTimer.value == 0 {
      _ = Firmware.sbi(Firmware.Extension.timer, 0, deadline)
    } else if ratio != 0, ratio <= 128 {
      guest_set_timer_at_tick(deadline, Found.cycleOffset.value, ratio)
    } else {
      guest_write_stimecmp(deadline)
    }
  }

  /// Enables the timer, due at `deadline`.
  public static func start(_ deadline: UInt64) { set(deadline) }

  /// Disables the timer and with it its interrupt.
  public static func stop() { set(UInt64.max) }
}
#endif
