#if hasFeature(Embedded) && arch(arm64)
internal import GuestSupport

/// How the kernel is called.
enum Conduit: UInt64 {
  case hvc = 0
  case smc = 1

  /// Calls `function` with arguments x1-x3.
  func call(
    _ function: UInt64, _ a: UInt64 = 0, _ b: UInt64 = 0, _ c: UInt64 = 0
  ) -> CallResult {
    switch self {
    case .hvc: Firmware.hvc(function, a, b, c)
    case .smc: Firmware.smc(function, a, b, c)
    }
  }

  /// As it is printed.
  var name: StaticString {
    switch self {
    case .hvc: "hvc"
    case .smc: "smc"
    }
  }
}

extension Expect {
  /// The call returns exactly `expected` as a signed 32-bit result.
  static func that(
    _ conduit: Conduit, _ what: StaticString, _ function: UInt64, _ a: UInt64 = 0, _ b: UInt64 = 0,
    _ c: UInt64 = 0, returns expected: Int64
  ) {
    let code = conduit.call(function, a, b, c).code
    equal(conduit, what, function, a, code, expected)
  }

  /// The same for a value that was got otherwise.
  static func equal(
    _ conduit: Conduit, _ what: StaticString, _ function: UInt64, _ argument: UInt64,
    _ value: Int64, _ expected: Int64
  ) {
    equal(conduit.name, what, function, argument, value, expected)
  }
}

/// Results: PSCI (DEN 0022), 5.2.2.
enum Status {
  static let success: Int64 = 0
  static let notSupported: Int64 = -1
  static let invalidParameters: Int64 = -2
  static let alreadyOn: Int64 = -4
  static let invalidAddress: Int64 = -9
}

/// All that is checked.
func checkEverything() {
  checkEverything(by: .hvc)
  checkEverything(by: .smc)
}

private func checkEverything(by conduit: Conduit) {
  ConventionChecks.run(conduit)
  PowerChecks.run(conduit)
  CPUChecks.run(conduit)
}
#endif
