#if hasFeature(Embedded)
/// The kernel's own calls: docs/interfaces.md, Hypercalls. How they are made, and what a
/// `CallResult` is, depends on the architecture.
public enum Kernel {
  /// Numbers and names as in docs/interfaces.md.
  public enum Function: UInt64 {
    case abiVersion = 0x00
    case zoneState = 0x01
    case zoneStart = 0x02
    case zoneStop = 0x03
    case zoneRestart = 0x04
    case zoneSelf = 0x05
    case exitCount = 0x10
    case stimulate = 0x11
    case zoneStarts = 0x12
    case clock = 0x13
  }

  /// Whether the guest runs in a zone. Other firmware answers NOT_SUPPORTED.
  public static var isPresent: Bool { call(.abiVersion).code > 0 }

  /// Exits of the calling CPU so far, for all reasons.
  public static var exitCount: UInt64 { call(.exitCount, UInt64.max).value }
}
#endif
