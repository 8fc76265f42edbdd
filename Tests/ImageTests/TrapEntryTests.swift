import Testing

/// What happens between a trap from a zone and the first Swift instruction, and back.
@Suite struct TrapEntryTests {
  private let image: KernelImage
  private let vectors: UInt64

  init() throws {
    image = try KernelImage()
    vectors = try image.address(of: "kernel_vectors")
  }

  /// Registers stored to (or loaded from) the frame, with the offset of each from the stack pointer.
  private func transfers(
    _ instructions: [KernelImage.Instruction], _ mnemonics: [String]
  ) -> [Int: Int] {
    var offsets: [Int: Int] = [:]
    for instruction in instructions where mnemonics.contains(instruction.mnemonic) {
      let parts = instruction.operands.split { " ,[]#".contains($0) }.map(String.init)
      guard let base = parts.firstIndex(of: "sp") else { continue }
      let offset = base + 1 < parts.count ? Int(parts[base + 1]) ?? -1 : 0
      for (index, name) in parts[..<base].enumerated() {
        if let number = Int(name.dropFirst()) { offsets[number] = offset + 8 * index }
      }
    }
    return offsets
  }

  /// The vector's instructions up to its `eret`.
  private func vector(_ offset: UInt64) throws -> [KernelImage.Instruction] {
    let all = try image.instructions(vectors + offset..<vectors + offset + 0x80)
    let end = try #require(all.firstIndex { $0.mnemonic == "eret" })
    return Array(all[...end])
  }

  private let callerSaved = Array(0...18) + [30]

  @Test func vectorsAreAligned() { #expect(vectors % 2048 == 0) }

  /// Synchronous exceptions from a zone: AArch64 at 0x400, AArch32 at 0x600 (DDI 0487, D1.3.1.5).
  @Test(arguments: [0x400, 0x600] as [UInt64])
  func savesExactlyWhatSwiftMayChange(_ offset: UInt64) throws {
    let instructions = try vector(offset)
    let saved = transfers(instructions, ["stp", "str"])
    let restored = transfers(instructions, ["ldp", "ldr"])
    #expect(saved.keys.sorted() == callerSaved)
    #expect(restored == saved)
    for (register, place) in saved { #expect(place == 8 * register) }
  }

  @Test(arguments: [0x400, 0x600] as [UInt64])
  func callsNothingButTheHandler(_ offset: UInt64) throws {
    let instructions = try vector(offset)
    let calls = instructions.filter { ["bl", "blr"].contains($0.mnemonic) }
    #expect(calls.map(\.target) == ["kernel_trap"])
    let branches = instructions.filter { $0.mnemonic.hasPrefix("cb") || $0.mnemonic.hasPrefix("b") }
    #expect(branches.map(\.mnemonic) == ["bl", "cbnz"])
    #expect(branches.last?.target == "full_trap")
    // One system register is read before the handler: the syndrome.
    let system = instructions.filter { ["mrs", "msr"].contains($0.mnemonic) }
    #expect(system.map(\.operands) == ["x1, ESR_EL2"])
  }

  /// The rest, for handlers that need all of the zone's registers.
  @Test func theFullPathSavesTheOthers() throws {
    let start = try image.address(of: "full_trap")
    let all = try image.instructions(start..<start + 0x100)
    let end = try #require(all.firstIndex { $0.mnemonic == "eret" })
    let instructions = Array(all[...end])
    let saved = transfers(instructions, ["stp", "str"])
    #expect(saved.keys.sorted() == Array(19...29))
    for (register, place) in saved { #expect(place == 8 * register) }
    let restored = transfers(instructions, ["ldp", "ldr"])
    #expect(restored.keys.sorted() == Array(0...30))
    for (register, place) in restored { #expect(place == 8 * register) }
    #expect(
      instructions.filter { ["bl", "blr"].contains($0.mnemonic) }.map(\.target)
        == ["kernel_trap_full"])
  }

  /// A CPU enters its zone without a trace of the kernel in its registers.
  @Test func entersAZoneWithCleanRegisters() throws {
    let start = try image.address(of: "kernel_enter_guest")
    let all = try image.instructions(start..<start + 0x100)
    let end = try #require(all.firstIndex { $0.mnemonic == "eret" })
    let cleared = all[..<end].filter { $0.mnemonic == "mov" && $0.operands.hasSuffix("xzr") }
      .compactMap { Int($0.operands.split(separator: ",")[0].dropFirst()) }
    #expect(cleared == Array(4...30))
  }
}
