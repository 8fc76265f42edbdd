#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry

/// Results of a call, x0-x3 (SMC Calling Convention, DEN0028).
public struct CallResult {
  /// The result, or an error code.
  public let x0: UInt64
  /// Further results, where the function has any.
  public let x1: UInt64
  /// See `x1`.
  public let x2: UInt64
  /// See `x1`.
  public let x3: UInt64

  /// x0 as the signed 32-bit error code that PSCI and the hypercalls use. The upper half is left
  /// out because SMC32 functions do not define it.
  public var code: Int64 { Int64(Int32(truncatingIfNeeded: x0)) }
  /// The result of a call that did not fail.
  public var value: UInt64 { x0 }
  /// The second result, where the function has one.
  public var second: UInt64 { x1 }
}

/// Power calls (PSCI, DEN0022), by HVC and SMC.
public enum Firmware {
  /// PSCI_VERSION.
  public static let psciVersion: UInt64 = 0x8400_0000
  /// CPU_SUSPEND, SMC64.
  public static let psciCPUSuspend: UInt64 = 0xc400_0001
  /// CPU_OFF.
  public static let psciCPUOff: UInt64 = 0x8400_0002
  /// CPU_ON, SMC64.
  public static let psciCPUOn: UInt64 = 0xc400_0003
  /// AFFINITY_INFO, SMC64.
  public static let psciAffinityInfo: UInt64 = 0xc400_0004
  /// SYSTEM_OFF.
  public static let psciSystemOff: UInt64 = 0x8400_0008
  /// SYSTEM_RESET.
  public static let psciSystemReset: UInt64 = 0x8400_0009

  /// Calls `function` with arguments x1-x3 by HVC.
  @inline(__always)
  public static func hvc(
    _ function: UInt64, _ a: UInt64 = 0, _ b: UInt64 = 0, _ c: UInt64 = 0
  ) -> CallResult {
    let r = guest_hvc(function, a, b, c)
    return CallResult(x0: r.x0, x1: r.x1, x2: r.x2, x3: r.x3)
  }

  /// The same by SMC.
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

extension Kernel {
  /// Vendor-specific hypervisor service, SMC64.
  static let base: UInt64 = 0xc600_0000

  /// Makes a hypercall with argument `a` in x1.
  @inline(__always)
  public static func call(_ function: Function, _ a: UInt64 = 0) -> CallResult {
    Firmware.hvc(base + function.rawValue, a)
  }
}
#endif
