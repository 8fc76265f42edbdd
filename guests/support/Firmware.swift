#if hasFeature(Embedded)
  internal import GuestEntry

  /// Results of a call, x0-x3 (SMC Calling Convention, DEN0028).
  public struct CallResult {
    public let x0: UInt64
    public let x1: UInt64
    public let x2: UInt64
    public let x3: UInt64

    /// x0 as the signed 32-bit error code that PSCI and the hypercalls use. The upper half is left
    /// out because SMC32 functions do not define it.
    public var code: Int64 { Int64(Int32(truncatingIfNeeded: x0)) }
  }

  /// Power and vendor calls by HVC and SMC.
  public enum Firmware {
    public static let notSupported: Int64 = -1
    public static let invalidParameters: Int64 = -2
    public static let denied: Int64 = -3

    public static let psciVersion: UInt64 = 0x8400_0000
    public static let psciCPUSuspend: UInt64 = 0xc400_0001
    public static let psciCPUOff: UInt64 = 0x8400_0002
    public static let psciCPUOn: UInt64 = 0xc400_0003
    public static let psciAffinityInfo: UInt64 = 0xc400_0004
    public static let psciSystemOff: UInt64 = 0x8400_0008
    public static let psciSystemReset: UInt64 = 0x8400_0009

    @inline(__always)
    public static func hvc(
      _ function: UInt64, _ a: UInt64 = 0, _ b: UInt64 = 0, _ c: UInt64 = 0
    ) -> CallResult {
      let r = guest_hvc(function, a, b, c)
      return CallResult(x0: r.x0, x1: r.x1, x2: r.x2, x3: r.x3)
    }

    @inline(__always)
    public static func smc(
      _ function: UInt64, _ a: UInt64 = 0, _ b: UInt64 = 0, _ c: UInt64 = 0
    ) -> CallResult {
      let r = guest_smc(function, a, b, c)
      return CallResult(x0: r.x0, x1: r.x1, x2: r.x2, x3: r.x3)
    }

    /// PSCI SYSTEM_OFF; halts should it ever come back.
    public static func systemOff() -> Never {
      _ = hvc(psciSystemOff)
      guest_halt()
    }

    /// PSCI SYSTEM_RESET; halts should it ever come back.
    public static func systemReset() -> Never {
      _ = hvc(psciSystemReset)
      guest_halt()
    }
  }

  /// The kernel's own calls: docs/interfaces.md, Hypercalls.
  public enum Kernel {
    static let base: UInt64 = 0xc600_0000

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
    }

    @inline(__always)
    public static func call(_ function: Function, _ a: UInt64 = 0) -> CallResult {
      Firmware.hvc(base + function.rawValue, a)
    }

    /// Whether the guest runs in a zone. Other firmware answers NOT_SUPPORTED.
    public static var isPresent: Bool { call(.abiVersion).code > 0 }

    /// Exits of the calling CPU so far, for all reasons.
    public static var exitCount: UInt64 { call(.exitCount, UInt64.max).x0 }
  }
#endif
