/// Little-endian bytes of the dataset section.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func add<T: FixedWidthInteger>(_ value: T) {
    for index in 0..<T.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: value >> T(index * 8)))
    }
  }

  /// Length, UTF-8, and zeros to the next multiple of 8 counted from the length.
  mutating func add(_ text: String) {
    let utf8 = Array(text.utf8)
    add(UInt32(clamping: utf8.count))
    bytes += utf8
    align()
  }

  /// The number and 1, or 0 and 0.
  mutating func add(_ value: UInt64?) {
    add(value == nil ? UInt64(0) : 1)
    add(value ?? UInt64(0))
  }

  mutating func align() {
    while bytes.count % 8 != 0 { bytes.append(0) }
  }
}
