#if hasFeature(Embedded) && arch(riscv64)
internal import GuestSupport

/// An extension under its name.
struct SBIExtension {
  let name: StaticString
  let id: UInt64

  static let base = SBIExtension(name: "base", id: Firmware.Extension.base)
  static let timer = SBIExtension(name: "time", id: Firmware.Extension.timer)
  static let ipi = SBIExtension(name: "ipi", id: Firmware.Extension.ipi)
  static let remoteFence = SBIExtension(name: "rfence", id: Firmware.Extension.remoteFence)
  static let hartState = SBIExtension(name: "hsm", id: Firmware.Extension.hartState)
  static let systemReset = SBIExtension(name: "srst", id: Firmware.Extension.systemReset)
  static let debugConsole = SBIExtension(name: "dbcn", id: Firmware.Extension.debugConsole)
  static let kernel = SBIExtension(name: "kernel", id: Kernel.base)
}

/// Errors: SBI 2.0, table 1.
enum Status {
  static let success: Int64 = 0
  static let notSupported: Int64 = -2
  static let invalidParameter: Int64 = -3
  static let denied: Int64 = -4
  static let invalidAddress: Int64 = -5
  static let alreadyAvailable: Int64 = -6
}

extension Expect {
  /// The call ends with exactly `error`; its result.
  @discardableResult
  static func that(
    _ called: SBIExtension, _ what: StaticString, _ function: UInt64, _ a: UInt64 = 0,
    _ b: UInt64 = 0, _ c: UInt64 = 0, _ d: UInt64 = 0, _ e: UInt64 = 0, fails error: Int64
  ) -> CallResult {
    let result = Firmware.sbi(called.id, function, a, b, c, d, e)
    equal(called.name, what, function, a, result.error, error)
    return result
  }

  /// The call succeeds with exactly `value`.
  static func that(
    _ called: SBIExtension, _ what: StaticString, _ function: UInt64, _ a: UInt64 = 0,
    _ b: UInt64 = 0, _ c: UInt64 = 0, returns value: UInt64
  ) {
    let result = that(called, what, function, a, b, c, fails: Status.success)
    equal(
      called.name, what, function, a, Int64(bitPattern: result.value), Int64(bitPattern: value))
  }
}
#endif
