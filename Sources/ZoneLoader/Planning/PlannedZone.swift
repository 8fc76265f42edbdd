public import Boards
public import SepKernel

/// One zone of a planned system.
public struct PlannedZone: Equatable, Sendable {
  /// Prefix of its console lines.
  public var name: String
  /// As the Plan has it.
  public var kind: PlanZoneKind
  /// CPU numbers of the board by vCPU number.
  public var cpus: [Int]
  /// Memory, stamps and devices, ascending by guest address.
  public var ranges: [PlannedRange]
  /// Every line the zone owns, ascending.
  public var lines: [PlannedLine]
  /// nil: it has none.
  public var console: PlannedConsole?
  /// Line of the cross-CPU measurement; nil: none.
  public var stimulusLine: Int?
  /// Guest-physical windows of its interrupt controller, as `PlanZone.interruptControllerGuest`; an
  /// empty one at 0 where the kind has none.
  public var interruptController: [AddressRange]
  /// Guest-physical address of the first instruction.
  public var entry: UInt64
  /// The first four arguments (AArch64: x0-x3, RISC-V: a1-a4) at the first instruction.
  public var arguments: [UInt64]
  /// As the Plan has them.
  public var flags: PlanZoneFlags
  /// Of the image.
  public var format: ImageFormat
  /// Path of the image.
  public var image: String
  /// Guest-physical place of the device tree, if there is one.
  public var deviceTree: AddressRange?
}

/// A piece of a zone's guest-physical address space.
public struct PlannedRange: Equatable, Sendable {
  /// Guest-physical base.
  public var guest: UInt64
  /// Host-physical base.
  public var host: UInt64
  /// Bytes.
  public var size: UInt64
  /// RAM, stamps or device: decides the memory attributes.
  public var kind: PlanRangeKind
  /// What stage 2 allows.
  public var permissions: PlanPermissions
  /// What it is: `memory`, `stamps` or the device.
  public var note: String

  /// Where the zone sees it.
  public var guestRange: AddressRange { AddressRange(base: guest, size: size) }
  /// Where it is.
  public var hostRange: AddressRange { AddressRange(base: host, size: size) }
}

/// An interrupt line a zone owns.
public struct PlannedLine: Equatable, Sendable {
  /// Line number of the board (GIC: INTID).
  public var number: Int
  /// Raised by the kernel only, instead of by a device.
  public var isDoorbell: Bool
  /// What it is for.
  public var note: String
}

/// The emulated UART of a zone.
public struct PlannedConsole: Equatable, Sendable {
  /// Guest-physical.
  public var base: UInt64
  /// Its interrupt line.
  public var line: Int
}
