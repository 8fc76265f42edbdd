#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// Offsets of the register frame that the vectors store: x1 to x31, each at 8 times its number, and
enum Frame {
  static let returnAddress: UInt64 = 256
  static let status: UInt64 = 264
  static let syndrome: UInt64 = 272
  static let faultAddress: UInt64 = 280

  /// Prints the frame: one line that is to be ended, then one for each register.
  static func report(_ frame: UInt64, vector: UInt64) {
    Console.field("scause", hex: guest_load64(frame + syndrome))
    Console.field("stval", hex: guest_load64(frame + faultAddress))
    Console.field("pc", hex: guest_load64(frame + returnAddress))
    Console.field("sstatus", hex: guest_load64(frame + status))
    Console.endLine()
    for number: UInt64 in 1..<32 {
      Console.write("guest: x")
      Console.write(number)
      Console.field("value", hex: guest_load64(frame + 8 * number))
      Console.endLine()
    }
  }
}
#endif
