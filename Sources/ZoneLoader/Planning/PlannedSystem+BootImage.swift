import Boards
import SepKernel
import Workbench

extension PlannedSystem {
  /// Checksum field of the Plan, 16 hexadecimal digits: the system's name wherever one is needed.
  public var checksumText: String {
    let value: UInt64 = LittleEndian.read(planBytes, at: PlanChecksum.checksumOffset) ?? 0
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Bytes of the boot image: kernel padded to `__image_end`, Plan, payloads, each at its place
  /// relative to the kernel base (docs/interfaces.md). `kernel` is the content of the kernel image.
  func bootImage(kernel: [UInt8]) -> [UInt8] {
    var image = kernel
    func pad(to host: UInt64) {
      let offset = Int(host - kernelRegion.base)
      if image.count < offset {
        image.append(contentsOf: [UInt8](repeating: 0, count: offset - image.count))
      }
    }
    let page: UInt64 = 4096
    pad(to: (kernelRegion.base + kernelImage.byteCount + page - 1) / page * page)
    image += planBytes
    for payload in payloads {
      pad(to: payload.host)
      image += payload.bytes
    }
    // A loader keeps everything up to here free for the kernel: the table pool is the end.
    LittleEndian.write(kernelRegion.size, to: &image, at: LinuxHeader.imageSizeField)
    // Where a kernel that refuses the Plan says so: the Plan itself is not to be believed then.
    if let header = LinuxHeader(of: kernel) {
      LittleEndian.write(board.uart.earlyConsole, to: &image, at: header.earlyConsoleField)
    }
    return image
  }

  /// Writes the one file that a boot loader starts, in the container `format`. `kernel` must be the image the system was
  /// planned for.
  public func writeBootImage(
    kernel: String, to path: String, format: BootFormat = .image
  ) throws(PlanningError) {
    let bytes = try KernelImageInfo.read(kernel)
    let info = try KernelImageInfo(path: kernel)
    guard LinuxHeader(of: bytes)?.architecture == board.architecture else {
      throw .file(path: kernel, problem: "is a kernel for another instruction set than the board's")
    }
    guard info.byteCount == kernelImage.byteCount, info.hash == kernelImage.hash else {
      throw .file(
        path: kernel, problem: "is not the kernel this system was planned for; plan it again")
    }
    let content = BootFormat.Content(
      bytes: bootImage(kernel: bytes), base: kernelRegion.base, architecture: board.architecture,
      name: "kernel, plan \(checksumText)")
    let header: [UInt8]
    do {
      header = try format.header(for: content)
    } catch {
      throw .file(path: path, problem: error.description)
    }
    do {
      try OutputFile.write(header + content.bytes, to: path)
    } catch {
      throw .file(path: path, problem: "cannot be written: \(error.reason)")
    }
  }
}
