import Boards

extension PlannedSystem {
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

  /// Writes the one file that a boot loader starts. `kernel` must be the image the system was
  /// planned for.
  public func writeBootImage(kernel: String, to path: String) throws(PlanningError) {
    let bytes = try KernelImageInfo.read(kernel)
    let info = try KernelImageInfo(path: kernel)
    guard LinuxHeader(of: bytes)?.architecture == board.architecture else {
      throw .file(path: kernel, problem: "is a kernel for another instruction set than the board's")
    }
    guard info.byteCount == kernelImage.byteCount, info.hash == kernelImage.hash else {
      throw .file(
        path: kernel, problem: "is not the kernel this system was planned for; plan it again")
    }
    do {
      try HostFile.write(bootImage(kernel: bytes), to: path)
    } catch {
      throw .file(path: path, problem: error.problem)
    }
  }
}
