#if hasFeature(Embedded)
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

/// Compares results with what docs/interfaces.md and the standards promise, and counts.
enum Expect {
  static var checks: Cell { Cell(0) }
  static var failures: Cell { Cell(1) }

  /// The call returns exactly `expected` as a signed 32-bit result. A difference is a line
  /// `conformance: FAIL CONDUIT WHAT function=.. argument=.. result=.. expected=..`.
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
    _ value: Int64,
    _ expected: Int64
  ) {
    checks.value += 1
    if value == expected { return }
    failures.value += 1
    Console.write("conformance: FAIL ")
    Console.write(conduit.name)
    Console.write(UInt8(ascii: " "))
    Console.write(what)
    Console.field("function", hex: function)
    Console.field("argument", hex: argument)
    Console.field("result", signed: value)
    Console.field("expected", signed: expected)
    Console.endLine()
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
#endif
