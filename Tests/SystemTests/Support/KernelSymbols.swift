/// Addresses in a board's kernel's ELF file, which is linked at 0: an address is an offset in the image.
struct KernelSymbols {
  private var addresses: [String: UInt64] = [:]

  init(_ board: TestBoard) async throws {
    try await self.init(file: try Built.kernel(board).replacing(".bin", with: ".elf"))
  }

  /// Those of another image of the project.
  init(file image: String) async throws {
    let folder = try ScratchFolder()
    let command = try await Command.run(
      "/usr/bin/env", ["llvm-nm", image], seconds: 30, folder: folder.path)
    for line in command.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 3 { addresses[String(words[2])] = UInt64(words[0], radix: 16) }
    }
  }

  /// The one symbol whose name contains `part`: of a Swift function its mangled name.
  func address(containing part: String) throws -> UInt64 {
    let found = addresses.filter { $0.key.contains(part) }
    guard let address = found.first?.value, found.count == 1 else {
      throw SystemRun.NoResult(text: "\(found.count) symbols contain \(part)")
    }
    return address
  }

  /// A symbol of the linker script or of assembly.
  func address(of name: String) throws -> UInt64 {
    guard let address = addresses[name] else {
      throw SystemRun.NoResult(text: "the kernel has no symbol \(name)")
    }
    return address
  }
}
