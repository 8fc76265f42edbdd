#if hasFeature(Embedded)
/// The console, polled. Not for use in interrupt handlers: the output is not locked.
public enum Console {
  /// Writes the text.
  public static func write(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount {
      // SAFETY: inside the literal, which is constant data.
      unsafe write(text.utf8Start[index])
    }
  }

  /// Writes `value` in decimal.
  public static func write(_ value: UInt64) {
    var divisor: UInt64 = 1
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      write(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }

  /// Writes `value` as a signed decimal.
  public static func write(signed value: Int64) {
    if value < 0 { write(UInt8(ascii: "-")) }
    write(value.magnitude)
  }

  /// Writes `value` in hexadecimal with `0x`, without leading zeros.
  public static func write(hex value: UInt64) {
    write("0x")
    var shift: UInt64 = 60
    while shift > 0 && value >> shift == 0 { shift -= 4 }
    while true {
      let digit = UInt8(truncatingIfNeeded: value >> shift & 0xf)
      write(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      if shift == 0 { return }
      shift -= 4
    }
  }

  /// Writes ` name=value`, the form of every machine-readable field.
  public static func field(_ name: StaticString, _ value: UInt64) {
    write(UInt8(ascii: " "))
    write(name)
    write(UInt8(ascii: "="))
    write(value)
  }

  /// Writes ` name=0x...`.
  public static func field(_ name: StaticString, hex value: UInt64) {
    write(UInt8(ascii: " "))
    write(name)
    write(UInt8(ascii: "="))
    write(hex: value)
  }

  /// Writes ` name=-1`.
  public static func field(_ name: StaticString, signed value: Int64) {
    write(UInt8(ascii: " "))
    write(name)
    write(UInt8(ascii: "="))
    write(signed: value)
  }

  /// Ends the line.
  public static func endLine() { write("\r\n") }

  /// Writes a whole line.
  public static func line(_ text: StaticString) {
    write(text)
    endLine()
  }
}
#endif
