import Boards
import SepKernel

/// Linux `Image`, plain or gzip-compressed.
enum LinuxImage {
  /// The image stands at its text offset from a multiple of this.
  static let baseAlignment: UInt64 = 2 << 20
  static func read(_ bytes: [UInt8], _ request: ImageRequest) throws(ImageError) -> ZoneImage {
    func refuse(_ reason: ImageError.Reason) -> ImageError {
      ImageError(file: request.file, reason: reason)
    }
    let plain =
      Gunzip.recognises(bytes)
      ? try Gunzip.expand(bytes, limit: ZoneImage.sizeLimit, file: request.file) : bytes
    guard let header = LinuxHeader(of: plain),
      let textOffset: UInt64 = LittleEndian.read(plain, at: LinuxHeader.textOffsetField),
      let imageSize: UInt64 = LittleEndian.read(plain, at: LinuxHeader.imageSizeField),
      let flags: UInt64 = LittleEndian.read(plain, at: LinuxHeader.flagsField)
    else { throw refuse(.badLinuxHeader("no magic number at offset 0x38")) }
    guard header.architecture == request.architecture else {
      throw refuse(.badLinuxHeader("a kernel for \(header.name) does not run on this board"))
    }
    guard flags & 1 == 0 else { throw refuse(.badLinuxHeader("the kernel is big endian")) }
    guard textOffset < header.textOffsetLimit else {
      throw refuse(
        .badLinuxHeader(
          "text offset \(Quantity.hex(textOffset)) is not below "
            + Quantity.format(size: header.textOffsetLimit)))
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
      format: .linux, segments: [segment], entry: request.entry ?? address,
      execution: .native(of: request.architecture))
  }

  private static func loadAddress(
    _ request: ImageRequest, textOffset: UInt64
  ) throws(ImageError) -> UInt64 {
    if let load = request.load {
      guard load >= textOffset, (load - textOffset) & (baseAlignment - 1) == 0 else {
        throw ImageError(
          file: request.file,
          reason: .badLinuxHeader(
            "load address \(Quantity.hex(load)) is not \(Quantity.hex(textOffset)) above a 2 MiB "
              + "boundary"))
      }
      return load
    }
    guard let first = request.memory.first, first.base <= UInt64.max - baseAlignment - textOffset
    else {
      throw ImageError(file: request.file, reason: .outsideMemory(base: 0, size: 0))
    }
    let base = (first.base + baseAlignment - 1) & ~(baseAlignment - 1)
    return base + textOffset
  }
}
