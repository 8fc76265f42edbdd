import CZlib

/// zlib streams (RFC 1950), as HdrHistogram logs carry them.
enum Zlib {
  /// Most bytes a stream may expand to.
  static let limit = 1 << 26

  /// The content of a whole stream; nil when it is damaged, cut off, followed by other bytes, or
  /// larger than `limit`.
  static func inflated(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var size = min(limit, max(4096, bytes.count * 16))
    while true {
      var output = [UInt8](repeating: 0, count: size)
      var length = uLongf(size)
      var used = uLong(bytes.count)
      // SAFETY: both pointers are valid for the lengths given with them.
      let status = unsafe bytes.withUnsafeBufferPointer { input in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe uncompress2(output.baseAddress, &length, input.baseAddress, &used)
        }
      }
      if status == Z_OK, Int(used) == bytes.count { return Array(output.prefix(Int(length))) }
      guard status == Z_BUF_ERROR, size < limit, Int(length) == size else { return nil }
      size = min(limit, size * 8)
    }
  }

  /// The bytes as a zlib stream.
  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(uLong(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(length))
    // SAFETY: both pointers are valid for the lengths given with them; the output has the size zlib
    // asks for.
    let status = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe compress(output.baseAddress, &length, input.baseAddress, uLong(input.count))
      }
    }
    return status == Z_OK ? Array(output.prefix(Int(length))) : []
  }
}
