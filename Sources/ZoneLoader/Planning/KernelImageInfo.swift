/// What the planner has to know of the kernel image file.
public struct KernelImageInfo: Equatable, Sendable {
  /// The file, `build/images/kernel-ARCHITECTURE.bin`.
  public var path: String
  /// Bytes the image occupies in memory: `__image_end`, zeroed data included.
  public var byteCount: UInt64
  /// First 16 bytes of the SHA-256 of the file.
  public var hash: [UInt8]

  /// For tests and for planning without a kernel at hand.
  public init(path: String, byteCount: UInt64, hash: [UInt8]) {
    self.path = path
    self.byteCount = byteCount
    self.hash = hash
  }

  /// Reads the header of a kernel image: a Linux `Image` whose `image_size` is `__image_end`.
  public init(path: String) throws(PlanningError) {
    try self.init(path: path, bytes: KernelImageInfo.read(path))
  }

  /// The same of the content of the file.
  public init(path: String, bytes: [UInt8]) throws(PlanningError) {
    try KernelImageInfo.check(bytes, path)
    self.path = path
    byteCount = LittleEndian.read(bytes, at: LinuxHeader.imageSizeField) ?? 0
    hash = Array(SHA256.digest(of: bytes).prefix(16))
  }

  /// Largest kernel image, in bytes; the budget is far below.
  static let sizeLimit = 64 << 20

  /// The file, if it is a kernel image.
  static func read(_ path: String) throws(PlanningError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try HostFile.read(path, limit: sizeLimit)
    } catch {
      throw .file(path: path, problem: "\(error.problem); build the kernel with `make build`")
    }
    try check(bytes, path)
    return bytes
  }

  private static func check(_ bytes: [UInt8], _ path: String) throws(PlanningError) {
    guard LinuxHeader(of: bytes) != nil,
      let size: UInt64 = LittleEndian.read(bytes, at: LinuxHeader.imageSizeField)
    else { throw .file(path: path, problem: "is no kernel image: no header of a Linux `Image`") }
    guard size >= UInt64(bytes.count), size <= UInt64(sizeLimit) else {
      throw .file(
        path: path,
        problem: "its header says \(size) bytes of memory, the file has \(bytes.count)")
    }
  }
}
