#if hasFeature(Embedded)
internal import AArch32Entry

/// Polled PL011, as the other guests' `Console`, in 32 bits.
enum Console {
  static func write(_ byte: UInt8) {
    while aarch32_load32(0x0900_0018) & 1 << 5 != 0 {}
    aarch32_store32(0x0900_0000, UInt32(byte))
  }

  static func write(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount {
      // SAFETY: inside the literal, which is constant data.
      unsafe write(text.utf8Start[index])
    }
  }

  /// Writes ` name=0x...`.
  static func field(_ name: StaticString, _ value: UInt32) {
    write(UInt8(ascii: " "))
    write(name)
    write("=0x")
    var shift: UInt32 = 28
    while shift > 0 && value >> shift == 0 { shift -= 4 }
    while true {
      let digit = UInt8(truncatingIfNeeded: value >> shift & 0xf)
      write(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      if shift == 0 { return }
      shift -= 4
    }
  }

  static func endLine() { write("\r\n") }
}

/// A variable shared with exception handlers. 0 boot stamp, 2 to 4 undefined, prefetch and data
/// aborts taken (guest-aarch32.S), 5 and up as named below.
struct Cell {
  private let address: UInt32
  private init(_ number: UInt32) { address = aarch32_cells_address() + 4 * number }

  static var bootStamp: Cell { Cell(0) }
  static var undefined: Cell { Cell(2) }
  static var dataAborts: Cell { Cell(4) }
  static var timerInterrupts: Cell { Cell(5) }
  static var softwareInterrupts: Cell { Cell(6) }
  static var otherInterrupts: Cell { Cell(7) }
  static var failures: Cell { Cell(8) }

  var value: UInt32 {
    get { aarch32_load32(address) }
    nonmutating set { aarch32_store32(address, newValue) }
  }
}
#endif
