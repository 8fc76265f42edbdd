#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// Result of a call: SBI specification 2.0, chapter 3.
public struct CallResult {
  /// 0, or an error below 0.
  public let error: Int64
  /// The result, where the function has one.
  public let value: UInt64
  /// The second result, where the function has one.
  public let second: UInt64

  /// The error of a call that failed, else its value.
  public var code: Int64 { error != 0 ? error : Int64(bitPattern: value) }
}

/// Calls to the supervisor execution environment (SBI 2.0).
public enum Firmware {
  /// Extensions, by the chapters of the specification.
  public enum Extension {
    public static let base: UInt64 = 0x10
    public static let timer: UInt64 = 0x5449_4d45
    public static let ipi: UInt64 = 0x73_5049
    public static let remoteFence: UInt64 = 0x5246_4e43
    public static let hartState: UInt64 = 0x48_534d
    public static let systemReset: UInt64 = 0x5352_5354
    public static let debugConsole: UInt64 = 0x4442_434e
  }

  /// Calls `function` of `call`, an extension.
  @inline(__always)
  public static func sbi(
    _ call: UInt64, _ function: UInt64, _ a: UInt64 = 0, _ b: UInt64 = 0, _ c: UInt64 = 0,
    _ d: UInt64 = 0, _ e: UInt64 = 0
  ) -> CallResult {
    let result = guest_sbi(call, function, a, b, c, d, e)
    return CallResult(error: Int64(bitPattern: result.error), value: result.value, second: 0)
  }

  /// System reset, shutdown; halts should it ever come back.
  public static func systemOff() -> Never {
    _ = sbi(Extension.systemReset, 0, 0, 0)
    guest_halt()
  }

  /// System reset, cold reboot; halts should it ever come back.
  public static func systemReset() -> Never {
    _ = sbi(Extension.systemReset, 0, 1, 0)
    guest_halt()
  }
}

extension Kernel {
  /// In the range of experimental extensions.
  public static let base: UInt64 = 0x0848_5653

  /// Makes a hypercall with argument `a`. ZONE_STATE has two results in one register.
  @inline(__always)
  public static func call(_ function: Function, _ a: UInt64 = 0) -> CallResult {
    let result = Firmware.sbi(base, function.rawValue, a)
    guard case .zoneState = function else { return result }
    return CallResult(
      error: result.error, value: result.value & 0xffff_ffff, second: result.value >> 32)
  }
}
#endif
