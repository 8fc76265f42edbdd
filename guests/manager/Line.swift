#if hasFeature(Embedded)
/// A typed line of at most 80 bytes: words separated by spaces.
struct Line: ~Copyable {
  private var bytes = InlineArray<80, UInt8>(repeating: 0)
  private(set) var count = 0

  /// Adds a byte; false when the line is full.
  mutating func append(_ byte: UInt8) -> Bool {
    guard count < bytes.count else { return false }
    bytes[count] = byte
    count += 1
    return true
  }

  /// Takes the last byte away; false when there is none.
  mutating func removeLast() -> Bool {
    guard count > 0 else { return false }
    count -= 1
    return true
  }

  /// Whether word `number`, from 0, is `text`.
  func word(_ number: Int, is text: StaticString) -> Bool {
    let range = word(number)
    guard range.count == text.utf8CodeUnitCount else { return false }
    for index in 0..<range.count {
      // SAFETY: inside the literal.
      if unsafe bytes[range.lowerBound + index] != text.utf8Start[index] { return false }
    }
    return true
  }

  /// Word `number` as a decimal number below 10^9, with or without an `x` before it.
  func number(_ number: Int) -> UInt64? {
    var range = word(number)
    if range.count > 1, bytes[range.lowerBound] == UInt8(ascii: "x") {
      range = range.lowerBound + 1..<range.upperBound
    }
    guard range.count > 0, range.count < 10 else { return nil }
    var value: UInt64 = 0
    for index in range {
      let byte = bytes[index]
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
    }
    return value
  }

  /// Where word `number` is; empty when there are not so many.
  private func word(_ number: Int) -> Range<Int> {
    var index = 0
    var found = 0
    while true {
      while index < count, bytes[index] == UInt8(ascii: " ") { index += 1 }
      let start = index
      while index < count, bytes[index] != UInt8(ascii: " ") { index += 1 }
      if found == number || start == count { return start..<index }
      found += 1
    }
  }
}
#endif
