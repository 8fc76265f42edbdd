#if hasFeature(Embedded)
internal import GuestSupport

/// Compares results with what docs/interfaces.md and the standards promise, and counts.
enum Expect {
  static var checks: Cell { Cell(0) }
  static var failures: Cell { Cell(1) }

  /// `value` is exactly `expected`. A difference is a line
  /// `conformance: FAIL HOW WHAT function=.. argument=.. result=.. expected=..`; `how` the call was made is
  /// the conduit on AArch64 and the extension on RISC-V.
  static func equal(
    _ how: StaticString, _ what: StaticString, _ function: UInt64, _ argument: UInt64,
    _ value: Int64, _ expected: Int64
  ) {
    checks.value += 1
    if value == expected { return }
    failures.value += 1
    Console.write("conformance: FAIL ")
    Console.write(how)
    Console.write(UInt8(ascii: " "))
    Console.write(what)
    Console.field("function", hex: function)
    Console.field("argument", hex: argument)
    Console.field("result", signed: value)
    Console.field("expected", signed: expected)
    Console.endLine()
  }
}
#endif
