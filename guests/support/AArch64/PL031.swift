#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry

/// The real-time clock of QEMU virt, a PL031 (Arm DDI 0224, chapter 3): a device that makes its line high at once when the
/// time that it waits for is now.
public enum AlarmClock {
  /// SPI 2 (QEMU, hw/arm/virt.c, VIRT_RTC).
  public static let line: UInt32 = 34
  private static let base: UInt64 = 0x0901_0000

  /// The line may be made high, and is low.
  public static func start() {
    clear()
    guest_store32(base + 0x10, 1)  // RTCIMSC
  }

  /// Makes the line high.
  public static func raise() {
    guest_store32(base + 0x04, guest_load32(base))  // RTCMR: RTCDR
  }

  /// Makes it low.
  public static func clear() { guest_store32(base + 0x1c, 1) }  // RTCICR
}
#endif
