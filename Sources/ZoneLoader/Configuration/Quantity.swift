/// Integers and sizes as people write them: `4096`, `0x4000_0000`, `128MiB`.
public enum Quantity {
  private static let units: [(suffix: String, shift: Int)] = [
    ("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0),
  ]

  /// The value of `text`, or nil when it is not a number or does not fit in 64 bits. Decimal or
  /// `0x` hexadecimal, underscores between digits, and for decimals one of KiB, MiB, GiB, TiB, B.
  public static func parse(_ text: String) -> UInt64? {
    var digits = Substring(text)
    var shift = 0
    var radix = 10
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      radix = 16
      digits = digits.dropFirst(2)
    } else if let unit = units.first(where: { digits.hasSuffix($0.suffix) }) {
      shift = unit.shift
      digits = digits.dropLast(unit.suffix.count)
      while digits.last == " " { digits = digits.dropLast() }
    }
    let plain = digits.filter { $0 != "_" }
    guard let first = digits.first, first != "_", first != "+", first != "-", digits.last != "_",
      let value = UInt64(plain, radix: radix)
    else { return nil }
    let scaled = value << UInt64(shift)
    return scaled >> UInt64(shift) == value ? scaled : nil
  }

  /// `size` as people write it: the largest unit that divides it.
  public static func format(size: UInt64) -> String {
    guard size > 0 else { return "0" }
    for (suffix, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)]
    where size & ((1 << UInt64(shift)) - 1) == 0 {
      return "\(size >> UInt64(shift)) \(suffix)"
    }
    return "\(size) bytes"
  }

  /// `value` as `0x...`.
  public static func hex(_ value: UInt64) -> String {
    "0x" + String(value, radix: 16)
  }

  /// `value` as `0x...`, with an underscore before each four digits from the end: `0x4000_0000`.
  public static func grouped(_ value: UInt64) -> String {
    let digits = Array(String(value, radix: 16))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 4 == 0 { text += "_" }
      text.append(digit)
    }
    return "0x" + text
  }
}
