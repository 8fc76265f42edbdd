/// Little-endian integers out of bytes, never beyond their end.
enum LittleEndian {
  /// The integer at `offset`, or nil where the bytes end before it does.
  static func read<T: FixedWidthInteger & UnsignedInteger>(
    _ bytes: [UInt8], at offset: Int, as type: T.Type = T.self
  ) -> T? {
    let width = T.bitWidth / 8
    guard offset >= 0, offset <= bytes.count - width else { return nil }
    var value: T = 0
    for index in 0..<width {
      value |= T(truncatingIfNeeded: bytes[offset + index]) << T(8 * index)
    }
    return value
  }

  /// Replaces the integer at `offset`; the caller has checked that it is inside.
  static func write<T: FixedWidthInteger & UnsignedInteger>(
    _ value: T, to bytes: inout [UInt8], at offset: Int
  ) {
    for index in 0..<(T.bitWidth / 8) {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> T(8 * index))
    }
  }
}
