#if hasFeature(Embedded)
internal import GuestSupport

/// Judges answers and counts those that are wrong.
enum Check {
  static var failures: Cell { Cell(0) }
  private static var attack: Cell { Cell(1) }
  private static var zone: Cell { Cell(2) }
  private static var printed: Cell { Cell(3) }

  /// Whether the kernel is there; without it only what the architecture itself promises is checked.
  static var isInZone: Bool { zone.value != 0 }

  static func start() { zone.value = Kernel.isPresent ? 1 : 0 }

  static func begin(_ number: UInt64) {
    attack.value = number
    printed.value = 0
  }

  /// Reports `what` with up to two values unless `holds`; at most ten times for each attack.
  static func that(_ holds: Bool, _ what: StaticString, _ a: UInt64 = 0, _ b: UInt64 = 0) {
    if holds { return }
    failures.value += 1
    printed.value += 1
    if printed.value > 10 { return }
    Console.write("attacker: FAIL")
    Console.field("attack", attack.value)
    Console.write(UInt8(ascii: " "))
    Console.write(what)
    Console.field("a", hex: a)
    Console.field("b", hex: b)
    Console.endLine()
  }

  /// The same, but only in a zone: what the kernel promises.
  static func zone(_ holds: Bool, _ what: StaticString, _ a: UInt64 = 0, _ b: UInt64 = 0) {
    that(holds || !isInZone, what, a, b)
  }
}

extension Attempt {
  /// The returned value, 0 when an exception was raised.
  var value: UInt64 {
    switch self {
    case .returned(let value): value
    case .faulted: 0
    }
  }
}
#endif
