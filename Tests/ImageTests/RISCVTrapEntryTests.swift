import Testing

/// What happens between a trap from a zone and the first Swift instruction, and back; RISC-V.
@Suite struct RISCVTrapEntryTests {
  private let image: KernelImage
  /// ABI names by number: RISC-V ELF psABI, chapter 1.
  private static let names =
    ["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"] + (0..<8).map { "a\($0)" }
    + (2..<12).map { "s\($0)" } + (3..<7).map { "t\($0)" }
  /// What a Swift function may change: ra, t0-t6, a0-a7.
  private let callerSaved = [1, 5, 6, 7] + Array(10...17) + Array(28...31)

  init() throws { image = try KernelImage(architecture: "riscv64") }

  /// The instructions from `symbol` up to the first `last`.
  private func routine(
    _ symbol: String, to last: String
  ) throws -> [KernelImage.Instruction] {
    let start = try image.address(of: symbol)
    let all = try image.instructions(start..<start + 0x100)
    let end = try #require(all.firstIndex { $0.mnemonic == last })
    return Array(all[...end])
  }

  /// Registers that `mnemonic` moves, with their offsets from the stack pointer.
  private func transfers(
    _ instructions: [KernelImage.Instruction], _ mnemonic: String
  ) -> [Int: Int] {
    var offsets: [Int: Int] = [:]
    for instruction in instructions where instruction.mnemonic == mnemonic {
      let parts = instruction.operands.split { " ,()".contains($0) }.map(String.init)
      guard parts.count >= 3, parts[2] == "sp", let register = Self.names.firstIndex(of: parts[0])
      else { continue }
      let hexadecimal = parts[1].hasPrefix("0x")
      offsets[register] =
        hexadecimal ? Int(parts[1].dropFirst(2), radix: 16) : Int(parts[1])
    }
    return offsets
  }

  private func number(_ text: some StringProtocol) -> Int64? {
    text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
  }

  /// Where calls go: AUIPC of ra, and JALR relative to that. Nil is a call of another form.
  private func calls(_ instructions: [KernelImage.Instruction]) -> [UInt64?] {
    var base: UInt64?
    return instructions.compactMap { instruction -> UInt64?? in
      let parts = instruction.operands.split { " ,()".contains($0) }
      switch instruction.mnemonic {
      case "auipc":
        base = parts.last.flatMap(number).map {
          instruction.address &+ UInt64(bitPattern: $0 << 12)
        }
        return nil
      case "jalr":
        guard parts.count >= 2, parts[1] == "ra", let base, let offset = number(parts[0])
        else { return .some(nil) }
        return base &+ UInt64(bitPattern: offset)
      case "jal": return .some(nil)
      default: return nil
      }
    }
  }

  /// stvec: bits 1:0 are the mode (Privileged Architecture, 12.1.2).
  @Test func vectorsAreAligned() throws {
    for name in ["kernel_vectors", "kernel_baseline_vector", "kernel_baseline_time_vector"] {
      #expect(try image.address(of: name) % 4 == 0)
    }
  }

  /// t0 is stored twice: itself, and the stack pointer of the zone at the place of x2.
  @Test func savesExactlyWhatSwiftMayChange() throws {
    let instructions = try routine("kernel_vectors", to: "bnez")
    let saved = transfers(instructions, "sd")
    #expect(saved.keys.sorted() == callerSaved)
    for (register, place) in saved where register != 5 { #expect(place == 8 * register) }
    let stores = instructions.filter { $0.mnemonic == "sd" && $0.operands.hasPrefix("t0,") }
    #expect(stores.count == 2)
    #expect(saved[5] == 16)
    let restored = transfers(try routine("return_short", to: "sret"), "ld")
    #expect(restored.keys.sorted() == ([2] + callerSaved).sorted())
    for (register, place) in restored { #expect(place == 8 * register) }
  }

  /// One call, and the CSRs that the entry needs: sscratch, hstatus and scause.
  @Test func callsNothingButTheHandler() throws {
    let instructions = try routine("kernel_vectors", to: "bnez")
    #expect(calls(instructions) == [try image.address(of: "kernel_trap")])
    let branches = instructions.filter { $0.mnemonic.hasPrefix("b") }
    #expect(branches.map(\.target) == ["kernel_fault", "full_trap"])
    let registers = instructions.filter { $0.mnemonic.hasPrefix("csr") }
    #expect(registers.map(\.mnemonic) == ["csrrw", "csrr", "csrw", "csrr", "csrr"])
    #expect(
      registers.compactMap { $0.operands.split(separator: ", ").dropFirst().first } == [
        "sscratch", "sscratch", "t1", "hstatus", "scause",
      ])
  }

  /// The rest, for handlers that need all of the zone's registers.
  @Test func theFullPathSavesTheOthers() throws {
    let others = (3...31).filter { !callerSaved.contains($0) }
    let start = try image.address(of: "full_trap")
    let instructions = try image.instructions(start..<(try image.address(of: "kernel_fault")))
    for moved in [transfers(instructions, "sd"), transfers(instructions, "ld")] {
      #expect(moved.keys.sorted() == others)
      for (register, place) in moved { #expect(place == 8 * register) }
    }
    #expect(calls(instructions) == [try image.address(of: "kernel_trap_full")])
  }

  /// A CPU enters its zone without a trace of the kernel in its registers: all but the arguments a0-a4.
  @Test func entersAZoneWithCleanRegisters() throws {
    let cleared = try routine("kernel_enter_guest", to: "sret")
      .filter {
        $0.mnemonic == "li" && $0.operands.hasSuffix(" 0x0") || $0.operands.hasSuffix(" 0")
      }
      .compactMap { instruction in
        Self.names.firstIndex { instruction.operands.hasPrefix("\($0),") }
      }
    #expect(cleared.sorted() == (1...31).filter { !(10...14).contains($0) })
  }
}
