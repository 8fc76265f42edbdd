public import Boards
public import SepKernel

/// One zone of a planned system.
public struct PlannedZone: Equatable, Sendable {
  public var name: String
  public var kind: PlanZoneKind
  /// CPU numbers of the board by vCPU number.
  public var cpus: [Int]
  /// Memory, stamps and devices, ascending by guest address.
  public var ranges: [PlannedRange]
  /// Every line the zone owns, ascending.
  public var lines: [PlannedLine]
  public var console: PlannedConsole?
  public var stimulusLine: Int?
  /// Guest-physical bases of distributor and redistributors.
  public var distributor: UInt64
  public var redistributors: UInt64
  public var entry: UInt64
  /// x0-x3 at the first instruction.
  public var arguments: [UInt64]
  public var flags: PlanZoneFlags
  public var format: ImageFormat
  /// Path of the image.
  public var image: String
  /// Guest-physical place of the device tree, if there is one.
  public var deviceTree: AddressRange?
}

/// A piece of a zone's guest-physical address space.
public struct PlannedRange: Equatable, Sendable {
  public var guest: UInt64
  public var host: UInt64
  public var size: UInt64
  public var kind: PlanRangeKind
  public var permissions: PlanPermissions
  /// What it is: `memory`, `stamps` or the device.
  public var note: String

  public var guestRange: AddressRange { AddressRange(base: guest, size: size) }
  public var hostRange: AddressRange { AddressRange(base: host, size: size) }
}

/// An interrupt line a zone owns.
public struct PlannedLine: Equatable, Sendable {
  public var number: Int
  /// Raised by the kernel only, instead of by a device.
  public var isDoorbell: Bool
  /// What it is for.
  public var note: String
}

/// The emulated PL011 of a zone.
public struct PlannedConsole: Equatable, Sendable {
  /// Guest-physical.
  public var base: UInt64
  public var line: Int
}
