/// What a stamp measured. The raw value is the stamp's `id`; 8 and up are the user's own.
public enum Measurement: UInt32, Sendable {
  /// Timer deadline to handler while the CPU was executing.
  case timerBusy = 1
  /// Timer deadline to handler from WFI.
  case timerIdle = 2
  /// Software-generated interrupt to itself: `deadline` is the tick before the request.
  case ipiSelf = 3
  /// Interrupt raised by the kernel for the zone; the kernel's `StimulusRing` has the start.
  case stimulus = 4
  /// Read of an emulated register of the interrupt controller: `deadline` before, `entry` after the access.
  case controllerRead = 5
  /// Call of the kernel's firmware services that only reads a version (PSCI_VERSION, get_spec_version): `deadline` before, `entry` after the call.
  case firmwareCall = 6
  /// Control loop: `deadline` is when its output was due, `entry` when it was written.
  case controlLoop = 7

  /// First id that is the user's own.
  public static let firstUserID: UInt32 = 8

  /// Short name for reports, JSON and `--measurement`, stable.
  public var name: StaticString {
    switch self {
    case .timerBusy: "timer-busy"
    case .timerIdle: "timer-idle"
    case .ipiSelf: "ipi-self"
    case .stimulus: "stimulus"
    case .controllerRead: "controller-read"
    case .firmwareCall: "firmware-call"
    case .controlLoop: "control-loop"
    }
  }
}

/// First 64 bytes of a zone's stamp area: memory the zone owns and may fill with anything.
///
/// Written by the guest, never read by the kernel; a reader must believe none of it.
public struct StampAreaHeader: BitwiseCopyable, Sendable {
  /// `magicValue` once the guest uses the area.
  public var magic: UInt64
  /// `currentVersion`.
  public var version: UInt32
  /// Entries that fit after this header.
  public var capacity: UInt32
  /// Entries written, stored with release order after the entry itself.
  public var written: UInt64
  /// Entries not written because the area was full: the first `capacity` are kept.
  public var lost: UInt64
  /// Nominal period of the measured task in ticks; 0: none.
  public var period: UInt64
  /// Relative deadline of the measured task in ticks; 0: none.
  public var deadline: UInt64
  /// Zero.
  public var reserved: InlineArray<2, UInt64>

  /// "HVSTAMPS" read as a little-endian integer.
  public static let magicValue: UInt64 = 0x5350_4d41_5453_5648
  /// Version of this layout.
  public static let currentVersion: UInt32 = 1

  /// A header for an area of `capacity` entries.
  public init(capacity: UInt32, period: UInt64 = 0, deadline: UInt64 = 0) {
    magic = Self.magicValue
    version = Self.currentVersion
    self.capacity = capacity
    written = 0
    lost = 0
    self.period = period
    self.deadline = deadline
    reserved = InlineArray(repeating: 0)
  }

  /// Entries that fit in an area of `byteCount` bytes.
  public static func capacity(byteCount: Int) -> UInt32 {
    let entries = (byteCount - MemoryLayout<StampAreaHeader>.stride) / MemoryLayout<Stamp>.stride
    return UInt32(clamping: entries)
  }
}

/// One measurement by a guest: 32 bytes.
public struct Stamp: BitwiseCopyable, Sendable {
  /// Tick at which the event was due.
  public var deadline: UInt64
  /// Tick read by the first instruction of the handler that can.
  public var entry: UInt64
  /// A `Measurement` raw value or a user id.
  public var id: UInt32
  /// `deadlineMissed`, `warmUp`; other bits are zero.
  public var flags: UInt32
  /// The user's own.
  public var value: UInt64

  /// Flag: the guest found the deadline of its task missed.
  public static let deadlineMissed: UInt32 = 1 << 0
  /// Flag: warm-up, not part of the statistics.
  public static let warmUp: UInt32 = 1 << 1

  /// A stamp of a known measurement or a user id.
  public init(
    deadline: UInt64, entry: UInt64, id: UInt32, flags: UInt32 = 0, value: UInt64 = 0
  ) {
    self.deadline = deadline
    self.entry = entry
    self.id = id
    self.flags = flags
    self.value = value
  }
}
