import CZlib

/// gzip decompression through zlib, bounded by a limit that is known before.
enum Gunzip {
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x1f, 0x8b])
  }

  /// The decompressed content of the first gzip member. `file` is for messages.
  static func expand(_ bytes: [UInt8], limit: Int, file: String) throws(ImageError) -> [UInt8] {
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var input = bytes
    var stream = unsafe z_stream()
    // SAFETY: `stream` is zeroed as zlib wants it and stays at one address inside the closures;
    // next_in and next_out point into buffers that outlive the call, with their exact sizes.
    let status: Int32 = unsafe withUnsafeMutablePointer(to: &stream) { stream in
      guard unsafe cz_inflate_init_gzip(stream) == Z_OK else { return Z_MEM_ERROR }
      defer { _ = unsafe inflateEnd(stream) }
      return unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe stream.pointee.next_in = input.baseAddress
        unsafe stream.pointee.avail_in = UInt32(clamping: input.count)
        var status = Z_OK
        while status == Z_OK {
          let produced = unsafe chunk.withUnsafeMutableBufferPointer { chunk -> Int in
            unsafe stream.pointee.next_out = chunk.baseAddress
            unsafe stream.pointee.avail_out = UInt32(clamping: chunk.count)
            status = unsafe inflate(stream, Z_NO_FLUSH)
            return chunk.count - Int(unsafe stream.pointee.avail_out)
          }
          output.append(contentsOf: chunk[..<produced])
          if output.count > limit { return Z_BUF_ERROR }
          // Without progress the input ended early.
          if status == Z_OK, produced == 0, unsafe stream.pointee.avail_in == 0 {
            return Z_DATA_ERROR
          }
        }
        return status
      }
    }
    guard output.count <= limit else {
      throw ImageError(file: file, reason: .tooLarge(limit: limit))
    }
    guard status == Z_STREAM_END else {
      let what = status == Z_BUF_ERROR ? "it ends early" : "it is damaged (zlib error \(status))"
      throw ImageError(file: file, reason: .notCompressed(what))
    }
    return output
  }
}
