#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// The real-time clock of QEMU virt, a Goldfish RTC (QEMU, hw/rtc/goldfish_rtc.c): a device that makes its line high at once
/// when the time that it waits for is over.
public enum AlarmClock {
  /// RTC_IRQ (QEMU, include/hw/riscv/virt.h).
  public static let line: UInt32 = 11
  private static let base: UInt64 = 0x10_1000

  /// The line may be made high, and is low.
  public static func start() {
    clear()
    guest_store32(base + 0x10, 1)  // IRQ_ENABLED
  }

  /// Makes the line high: the time waited for is the clock's beginning.
  public static func raise() {
    guest_store32(base + 0x0c, 0)  // ALARM_HIGH
    guest_store32(base + 0x08, 1)  // ALARM_LOW, which sets the alarm
  }

  /// Makes it low.
  public static func clear() { guest_store32(base + 0x1c, 1) }  // CLEAR_INTERRUPT
}
#endif
