import Foundation
import LatencyReport

/// A file read in pieces: memory holds what the reader has not consumed, never the whole file.
public final class ByteStream {
  /// Unconsumed bytes are `buffer[start..<end]`.
  private(set) var buffer: [UInt8]
  private(set) var start = 0
  private(set) var end = 0
  /// Bytes consumed before `start`.
  private(set) var offset = 0
  private(set) var isAtEnd = false
  /// Called after each piece with the bytes read so far.
  public var onRead: ((Int) -> Void)?
  private let descriptor: Int32?
  private let ownsDescriptor: Bool

  /// Bytes asked of the system at once.
  static let chunk = 1 << 20

  /// A file by name; `-` is standard input. Nil when it cannot be opened.
  public init?(path: String) {
    buffer = [UInt8](repeating: 0, count: Self.chunk)
    ownsDescriptor = path != "-"
    if path == "-" {
      descriptor = STDIN_FILENO
    } else {
      // SAFETY: the string is passed as a C string that outlives the call.
      let opened = unsafe open(path, O_RDONLY)
      guard opened >= 0 else { return nil }
      descriptor = opened
    }
  }

  /// Bytes in memory.
  public init(_ bytes: [UInt8]) {
    buffer = bytes
    end = bytes.count
    descriptor = nil
    ownsDescriptor = false
  }

  deinit {
    if let descriptor, ownsDescriptor { close(descriptor) }
  }

  /// Unconsumed bytes in memory.
  var available: Int { end - start }

  /// Tries to have `count` unconsumed bytes in memory; fewer are there at the end of the file only.
  func fill(_ count: Int) throws(FormatError) {
    while available < count, !isAtEnd { try readMore() }
  }

  /// Reads one more piece; sets `isAtEnd` when there is none.
  func readMore() throws(FormatError) {
    guard let descriptor else {
      isAtEnd = true
      return
    }
    if start > 0 {
      // Not as a slice: that would be a second user of the buffer, of which Swift then makes a copy.
      for index in 0..<available { buffer[index] = buffer[start + index] }
      end -= start
      start = 0
    }
    if buffer.count - end < Self.chunk {
      buffer.append(contentsOf: repeatElement(0, count: max(Self.chunk, buffer.count)))
    }
    let room = buffer.count - end
    let position = end
    // SAFETY: `position + room` is the buffer's size, and read writes at most `room` bytes.
    let count = unsafe buffer.withUnsafeMutableBytes { memory in
      unsafe read(descriptor, memory.baseAddress.map { unsafe $0 + position }, room)
    }
    guard count >= 0 else {
      // SAFETY: the system's own text, copied at once.
      let reason = unsafe String(cString: strerror(errno))
      throw FormatError(
        .offset(offset + available), "the system cannot read on: \(reason)",
        read: offset + available == 0 ? "nothing" : counted(offset + available, "byte"),
        "check that it is a file and the disk is sound")
    }
    if count == 0 { isAtEnd = true }
    end += count
    onRead?(offset + available)
  }

  /// Bytes of the whole file; nil when it is none, such as a pipe.
  public var byteCount: Int? {
    guard let descriptor else { return end }
    var status = stat()
    // SAFETY: `status` outlives the call, which fills in exactly one.
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// Passes over the mark some editors put before UTF-8 (RFC 3629, section 6).
  func skipByteOrderMark() throws(FormatError) {
    try fill(3)
    if buffer[start..<end].starts(with: [0xef, 0xbb, 0xbf]) { consume(3) }
  }

  /// Marks bytes as done with.
  func consume(_ count: Int) {
    let used = min(count, available)
    start += used
    offset += used
  }

  /// All of the file, which must not be longer than `limit`.
  func readAll(limit: Int, _ what: String) throws(FormatError) -> [UInt8] {
    try fill(limit + 1)
    guard available <= limit else {
      throw FormatError(
        .offset(limit), "longer than \(limit) bytes, which no \(what) is",
        "check that this is the right file")
    }
    let bytes = start == 0 && end == buffer.count ? buffer : Array(buffer[start..<end])
    consume(available)
    return bytes
  }
}
