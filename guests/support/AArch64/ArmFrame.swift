#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry

/// Offsets of the register frame that the exception vectors store: x0 to x30, and
enum Frame {
  static let stackPointer: UInt64 = 248
  static let returnAddress: UInt64 = 256
  static let processorState: UInt64 = 264
  static let syndrome: UInt64 = 272
  static let faultAddress: UInt64 = 280

  /// Prints the frame: one line that is to be ended, then one for each register.
  static func report(_ frame: UInt64, vector: UInt64) {
    Console.field("vector", vector)
    Console.field("esr", hex: guest_load64(frame + syndrome))
    Console.field("far", hex: guest_load64(frame + faultAddress))
    Console.field("pc", hex: guest_load64(frame + returnAddress))
    Console.field("pstate", hex: guest_load64(frame + processorState))
    Console.field("sp", hex: guest_load64(frame + stackPointer))
    Console.endLine()
    for number: UInt64 in 0..<31 {
      Console.write("guest: x")
      Console.write(number)
      Console.field("value", hex: guest_load64(frame + 8 * number))
      Console.endLine()
    }
  }
}
#endif
