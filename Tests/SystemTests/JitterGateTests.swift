import Foundation
import Testing

/// `scripts/jitter-check` on a kernel with one instruction more in the path that delivers an SGI which a
/// zone sends to itself, and on the kernel as it is.
@Suite(.serialized) struct JitterGateTests {
  private func check(_ kernel: String, _ folder: ScratchFolder) async throws -> Command {
    try await BootSlots.shared.run {
      try await Command.run(
        "\(Built.root)/scripts/jitter-check",
        ["--board", "aarch64", "--kernel", kernel, "--out", "\(folder.path)/out"],
        seconds: 300, folder: Built.root)
    }
  }

  /// The image with `bl kernel_trap` of the first vector for zones led through a `b kernel_trap`, which
  /// takes the place of a function that no measured path calls.
  private func longerByOne() async throws -> Data {
    var image = try Data(contentsOf: URL(fileURLWithPath: Built.kernel(.aarch64)))
    let symbols = try await KernelSymbols(.aarch64)
    let vectors = try symbols.address(of: "kernel_vectors")
    let handler = try symbols.address(of: "kernel_trap")
    let spare = try symbols.address(containing: "injectUndefined")
    // Synchronous, lower EL with AArch64: 0x400 (Arm ARM DDI 0487, D1.3.1.5). B and BL: C6.2.26, C6.2.33.
    let slot = vectors + 0x400..<vectors + 0x480
    let calls = stride(from: slot.lowerBound, to: slot.upperBound, by: 4).filter {
      word(image, $0) == branch(0x9400_0000, from: $0, to: handler)
    }
    try #require(calls.count == 1, "the vector calls kernel_trap \(calls.count) times")
    put(branch(0x9400_0000, from: calls[0], to: spare), &image, calls[0])
    put(branch(0x1400_0000, from: spare, to: handler), &image, spare)
    return image
  }

  private func branch(_ operation: UInt32, from place: UInt64, to target: UInt64) -> UInt32 {
    operation | UInt32(truncatingIfNeeded: Int64(target) - Int64(place)) >> 2 & 0x3ff_ffff
  }

  private func word(_ image: Data, _ place: UInt64) -> UInt32 {
    image[Int(place)..<Int(place) + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func put(_ word: UInt32, _ image: inout Data, _ place: UInt64) {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    image.replaceSubrange(Int(place)..<Int(place) + 4, with: bytes)
  }

  @Test func oneInstructionMoreIsCaught() async throws {
    let folder = try ScratchFolder()
    let kernel = "\(folder.path)/kernel-aarch64.bin"
    try await longerByOne().write(to: URL(fileURLWithPath: kernel))
    let command = try await check(kernel, folder)
    #expect(command.status == 2, "\(command.output)\(command.errors)")
    // The trap that sends the SGI is on its path: read and write of the others are traps as well.
    for path in ["ipi-self", "controller-read", "firmware-call"] {
      let line = try #require(
        command.output.firstMatch(
          of: try Regex("failed: \(path): was (\\d+) x 100000 instructions, is (\\d+) x 100000\n")),
        "\(command.output)")
      let was = line.output[1].substring.flatMap { UInt64($0) } ?? 0
      #expect(line.output[2].substring.flatMap { UInt64($0) } == was + 1)
    }
    #expect(command.output.contains("every sample: 1 instruction more"))
    // Timer interrupts do not pass through the kernel, and bare runs have none.
    for path in ["timer-busy", "timer-busy-exits", "ipi-self-bare"] {
      #expect(!command.output.contains("failed: \(path):"), "\(command.output)")
    }
    let junit = Command.text("\(folder.path)/out/junit.xml")
    #expect(
      junit.contains("<testcase classname=") && junit.contains("name=\"ipi-self\">\n      <failure")
    )
    #expect(Command.text("\(folder.path)/out/index.html").contains("<strong>FAIL: "))
  }

  @Test func theKernelAsItIsPasses() async throws {
    let folder = try ScratchFolder()
    let command = try await check(try Built.kernel(.aarch64), folder)
    #expect(command.status == 0, "\(command.output)\(command.errors)")
    #expect(Command.text("\(folder.path)/out/index.html").contains("<strong>PASS: "))
  }
}
