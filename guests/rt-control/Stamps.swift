#if hasFeature(Embedded)
internal import GuestSupport
internal import LatencyProbe

// SAFETY: one CPU, and every access is made with interrupts masked.
nonisolated(unsafe) private var writer: StampWriter?

/// The guest's stamps (docs/record-format.md). Without a stamp area nothing is kept.
enum Stamps {
  /// Uses `bytes` bytes of stamp memory at `area`.
  ///
  /// It must be memory that the guest maps as such and does not use itself: from 0x20000000, where
  /// zones have it, or RAM above the guest, for bare runs. Anything else is refused.
  static func open(area: UInt64, bytes: UInt64) {
    guard area != 0 else { return }
    let end = area >= Memory.plain ? Memory.plainEnd : 0x2400_0000
    guard
      area >= 0x2000_0000, area < end, bytes >= 64, bytes <= end - area,
      area & 7 == 0, let pointer = unsafe UnsafeMutableRawPointer(bitPattern: UInt(area))
    else {
      Console.line("rt-control: FAIL stamp area refused")
      return
    }
    let period = Clock.frequency / controlHertz
    // SAFETY: checked above; the Plan gives this memory to this zone alone.
    unsafe writer = StampWriter(
      area: pointer, byteCount: Int(bytes), period: period, deadline: period)
  }

  /// Stores a stamp; a no-operation without a stamp area. From interrupt handlers and from the
  /// code they interrupt.
  static func write(_ stamp: Stamp) {
    let mask = Interrupts.save()
    // SAFETY: interrupts are masked.
    unsafe writer?.write(stamp)
    Interrupts.restore(mask)
  }

  /// Stores a stamp of a known measurement.
  static func write(
    _ measurement: Measurement, deadline: UInt64, entry: UInt64, flags: UInt32 = 0
  ) {
    write(Stamp(deadline: deadline, entry: entry, id: measurement.rawValue, flags: flags))
  }
}
#endif
