/// Why a Plan is refused: the invariant it breaks, and where.
///
/// Small and trivial, so that the kernel can throw and print it without a heap. On the console it is
/// `reason.name` and the indices; on the host `description` is a full sentence.
public struct PlanError: Error, Equatable, Sendable {
  /// The invariant.
  public let reason: Reason
  private let zoneIndex: Int32
  private let itemIndex: Int32
  private let otherZoneIndex: Int32
  private let otherItemIndex: Int32

  /// What the `item` of an error counts.
  public enum ItemKind: Sendable {
    /// The error is about the whole Plan or the whole zone.
    case none
    /// Index of a CPU in the Plan.
    case cpu
    /// Line number.
    case line
    /// Entry of `PlanZone.ranges`.
    case range
    /// Entry of `PlanZone.payloads`.
    case payload
    /// Entry of `PlanBoard.ram`.
    case ram
    /// Entry of `PlanBoard.devices`.
    case window
    /// A device the kernel drives: 0-2 regions of `PlanInterruptController`, 3 UART.
    case kernelDevice
    /// A window of a zone: 0-1 `PlanInterruptControllerKind.guestWindow`, 2 console, 3 ITS.
    case guestWindow

    /// Word for the console; empty for `none`.
    public var name: StaticString {
      switch self {
      case .none: ""
      case .cpu: "cpu"
      case .line: "line"
      case .range: "range"
      case .payload: "payload"
      case .ram: "ram"
      case .window: "window"
      case .kernelDevice: "device"
      case .guestWindow: "emulated"
      }
    }
  }

  /// Indices that do not apply are left at -1.
  public init(
    _ reason: Reason, zone: Int = -1, item: Int = -1, otherZone: Int = -1, otherItem: Int = -1
  ) {
    self.reason = reason
    // No table of the Plan has more entries than fit; a line can be whatever an unchecked field says.
    zoneIndex = Int32(truncatingIfNeeded: zone)
    itemIndex = Int32(truncatingIfNeeded: min(item, Int(Int32.max)))
    otherZoneIndex = Int32(truncatingIfNeeded: otherZone)
    otherItemIndex = Int32(truncatingIfNeeded: otherItem)
  }

  /// Stable number of the reason. Not inlined: the image has the table of the numbers once for each width they are
  /// wanted in.
  public var code: UInt16 {
    @inline(never) get { reason.rawValue }
  }
  /// Index of the zone at fault.
  public var zone: Int? { zoneIndex < 0 ? nil : Int(zoneIndex) }
  /// Index of the thing at fault; `reason.itemKind` says what it counts.
  public var item: Int? { itemIndex < 0 ? nil : Int(itemIndex) }
  /// Index of the second zone, where two are in conflict.
  public var otherZone: Int? { otherZoneIndex < 0 ? nil : Int(otherZoneIndex) }
  /// Index of the second thing, where two are in conflict.
  public var otherItem: Int? { otherItemIndex < 0 ? nil : Int(otherItemIndex) }
}
