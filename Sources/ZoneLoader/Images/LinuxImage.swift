import Boards
import SepKernel

/// arm64 Linux `Image`, plain or gzip-compressed (Linux Documentation/arch/arm64/booting.rst).
enum LinuxImage {
  static let headerSize = 64
  /// "ARM\x64" at offset 0x38.
  static let magic: UInt32 = 0x644d_5241
  static let textOffsetField = 8
  static let imageSizeField = 16
  /// Reserved by Linux; in our kernel the host-physical address of the early console, a PL011.
  static let earlyConsoleField = 32
  /// The image stands at `textOffset` from a 2 MiB aligned base.
  static let baseAlignment: UInt64 = 2 << 20

  static func recognises(_ bytes: [UInt8]) -> Bool {
    LittleEndian.read(bytes, at: 0x38) == magic
  }

  static func read(_ bytes: [UInt8], _ request: ImageRequest) throws(ImageError) -> ZoneImage {
    func refuse(_ reason: ImageError.Reason) -> ImageError {
      ImageError(file: request.file, reason: reason)
    }
    guard request.architecture == .aarch64 else {
      throw refuse(.badLinuxHeader("an arm64 kernel does not run on this board"))
    }
    let plain =
      Gunzip.recognises(bytes)
      ? try Gunzip.expand(bytes, limit: ZoneImage.sizeLimit, file: request.file) : bytes
    guard plain.count >= headerSize, recognises(plain),
      let textOffset: UInt64 = LittleEndian.read(plain, at: textOffsetField),
      let imageSize: UInt64 = LittleEndian.read(plain, at: imageSizeField)
    else { throw refuse(.badLinuxHeader("no `ARM\\x64` magic at offset 0x38")) }
    guard let flags: UInt64 = LittleEndian.read(plain, at: 24), flags & 1 == 0 else {
      throw refuse(.badLinuxHeader("the kernel is big endian"))
    }
    guard textOffset < baseAlignment else {
      throw refuse(.badLinuxHeader("text offset \(Quantity.hex(textOffset)) is not below 2 MiB"))
    }
    // image_size 0 is what kernels before 3.17 say; their real size is unknown, refuse to guess.
    guard imageSize >= UInt64(plain.count), imageSize <= UInt64(ZoneImage.sizeLimit) else {
      throw refuse(
        .badLinuxHeader(
          "image size \(imageSize) does not fit a file of \(plain.count) bytes"))
    }
    let address = try loadAddress(request, textOffset: textOffset)
    let segment = ImageSegment(
      address: address, bytes: plain, memorySize: imageSize, isExecutable: true, index: nil)
    return ZoneImage(
      format: .linux, segments: [segment], entry: request.entry ?? address, execution: .aarch64)
  }

  private static func loadAddress(
    _ request: ImageRequest, textOffset: UInt64
  ) throws(ImageError) -> UInt64 {
    if let load = request.load {
      guard load & (baseAlignment - 1) == textOffset else {
        throw ImageError(
          file: request.file,
          reason: .badLinuxHeader(
            "load address \(Quantity.hex(load)) is not \(Quantity.hex(textOffset)) above a 2 MiB "
              + "boundary"))
      }
      return load
    }
    guard let first = request.memory.first, first.base <= UInt64.max - 2 * baseAlignment else {
      throw ImageError(file: request.file, reason: .outsideMemory(base: 0, size: 0))
    }
    let base = (first.base + baseAlignment - 1) & ~(baseAlignment - 1)
    return base + textOffset
  }
}
