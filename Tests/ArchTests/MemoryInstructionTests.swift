import PlanTestSupport
import Testing

@testable import ArchRISCV64

/// RISC-V unprivileged manual (20240411): 2.6 and the opcode map of 35, 28.3 and 28.8 for compressed ones,
/// 29.12 for those of Zcb; transformed ones: Privileged Architecture 20240411, 18.6.3.
@Suite struct MemoryInstructionTests {
  /// What an instruction does, as the manual's tables say it.
  struct Access: Equatable, CustomStringConvertible {
    var register: Int
    var bytes: Int
    var stores = false
    var signed = false
    var description: String {
      "\(stores ? "store" : "load") \(bytes) x\(register)\(signed ? " signed" : "")"
    }
  }

  private func access(_ instruction: MemoryInstruction?) -> Access? {
    instruction.map {
      Access(
        register: $0.register, bytes: 1 << Int($0.sizeLog2), stores: $0.isStore, signed: $0.isSigned
      )
    }
  }

  /// By opcode and function; nil where no load or store of a general register is.
  private static func standard(_ bits: UInt32) -> Access? {
    let register = (Int(bits >> 7) & 31, Int(bits >> 20) & 31)
    return switch (bits & 0x7f, bits >> 12 & 7) {
    case (0b000_0011, 0): Access(register: register.0, bytes: 1, signed: true)  // LB
    case (0b000_0011, 1): Access(register: register.0, bytes: 2, signed: true)  // LH
    case (0b000_0011, 2): Access(register: register.0, bytes: 4, signed: true)  // LW
    case (0b000_0011, 3): Access(register: register.0, bytes: 8, signed: true)  // LD
    case (0b000_0011, 4): Access(register: register.0, bytes: 1)  // LBU
    case (0b000_0011, 5): Access(register: register.0, bytes: 2)  // LHU
    case (0b000_0011, 6): Access(register: register.0, bytes: 4)  // LWU
    case (0b010_0011, 0): Access(register: register.1, bytes: 1, stores: true)  // SB
    case (0b010_0011, 1): Access(register: register.1, bytes: 2, stores: true)  // SH
    case (0b010_0011, 2): Access(register: register.1, bytes: 4, stores: true)  // SW
    case (0b010_0011, 3): Access(register: register.1, bytes: 8, stores: true)  // SD
    default: nil
    }
  }

  /// Patterns of the manual's tables, bit 15 first: a digit is that bit, `r` the register that is moved
  /// (three digits: x8 to x15), others anything.
  private static let patterns: [(name: String, pattern: String, access: Access)] = [
    ("c.lw", "010iiisssiirrr00", Access(register: 0, bytes: 4, signed: true)),
    ("c.ld", "011iiisssiirrr00", Access(register: 0, bytes: 8, signed: true)),
    ("c.sw", "110iiisssiirrr00", Access(register: 0, bytes: 4, stores: true)),
    ("c.sd", "111iiisssiirrr00", Access(register: 0, bytes: 8, stores: true)),
    ("c.lbu", "100000sssiirrr00", Access(register: 0, bytes: 1)),
    ("c.lhu", "100001sss0irrr00", Access(register: 0, bytes: 2)),
    ("c.lh", "100001sss1irrr00", Access(register: 0, bytes: 2, signed: true)),
    ("c.sb", "100010sssiirrr00", Access(register: 0, bytes: 1, stores: true)),
    ("c.sh", "100011sss0irrr00", Access(register: 0, bytes: 2, stores: true)),
    ("c.lwsp", "010irrrrriiiii10", Access(register: 0, bytes: 4, signed: true)),
    ("c.ldsp", "011irrrrriiiii10", Access(register: 0, bytes: 8, signed: true)),
    ("c.swsp", "110iiiiiirrrrr10", Access(register: 0, bytes: 4, stores: true)),
    ("c.sdsp", "111iiiiiirrrrr10", Access(register: 0, bytes: 8, stores: true)),
  ]

  private static let decoders:
    [(mask: UInt32, value: UInt32, shift: UInt32, wide: Bool, access: Access)] =
      patterns.map { row in
        var (mask, value, shift): (UInt32, UInt32, UInt32) = (0, 0, 0)
        for (index, character) in row.pattern.enumerated() {
          let bit = UInt32(15 - index)
          if "01".contains(character) { mask |= 1 << bit }
          if character == "1" { value |= 1 << bit }
          if character == "r" { shift = bit }
        }
        return (mask, value, shift, row.pattern.filter { $0 == "r" }.count == 5, row.access)
      }

  private static func compressed(_ bits: UInt32) -> Access? {
    for row in decoders where bits & row.mask == row.value {
      var access = row.access
      let number = Int(bits >> row.shift)
      access.register = row.wide ? number & 31 : 8 + number & 7
      if row.wide, !access.stores, access.register == 0 { return nil }
      return access
    }
    return nil
  }

  @Test func everyCompressedEncoding() {
    var wrong: [String] = []
    var decoded = 0
    for bits in UInt32(0)..<0x1_0000 where bits & 3 != 3 {
      // What follows in memory does not matter.
      for upper in [0, 0xffff_0000] as [UInt32] {
        let found = MemoryInstruction(fetched: upper | bits)
        if access(found) != Self.compressed(bits) || found.map({ $0.length != 2 }) ?? false {
          wrong.append("\(String(bits, radix: 2)): \(String(describing: found))")
        }
        if found != nil { decoded += 1 }
      }
    }
    #expect(wrong.prefix(5) == [])
    // 4 of 2,048, 5 of Zcb, and stack relative ones less the 64 each whose register is x0.
    #expect(decoded == 2 * (4 * 2048 + 2 * 256 + 3 * 128 + 2 * (2048 - 64) + 2 * 2048))
  }

  /// All opcodes with all functions, and random rest.
  @Test(arguments: 0..<4) func everyStandardEncoding(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for low in UInt32(0)..<0x80 where low & 3 == 3 {
      for function in UInt32(0)..<8 {
        for _ in 0..<16 {
          let rest = UInt32.random(in: 0...(.max), using: &random) & ~0x707f
          let bits = rest | function << 12 | low
          let found = MemoryInstruction(fetched: bits)
          #expect(access(found) == Self.standard(bits), "\(String(bits, radix: 16))")
          if let found { #expect(found.length == 4) }
        }
      }
    }
  }

  @Test(
    arguments: [
      // As an assembler writes them.
      (0x0005_0583, "lb a1, 0(a0)", Access(register: 11, bytes: 1, signed: true)),
      (0xfff5_5f83, "lhu t6, -1(a0)", Access(register: 31, bytes: 2)),
      (0x0005_6003, "lwu zero, 0(a0)", Access(register: 0, bytes: 4)),
      (0x00b5_3423, "sd a1, 8(a0)", Access(register: 11, bytes: 8, stores: true)),
      (0x0005_2023, "sw zero, 0(a0)", Access(register: 0, bytes: 4, stores: true)),
      (0x0000_410c, "c.lw a1, 0(a0)", Access(register: 11, bytes: 4, signed: true)),
      (0x0000_c10c, "c.sw a1, 0(a0)", Access(register: 11, bytes: 4, stores: true)),
      (0x0000_60a2, "c.ldsp ra, 8(sp)", Access(register: 1, bytes: 8, signed: true)),
      (0x0000_e406, "c.sdsp ra, 8(sp)", Access(register: 1, bytes: 8, stores: true)),
    ] as [(UInt32, String, Access)])
  func examples(_ bits: UInt32, _ name: String, _ expected: Access) {
    #expect(access(MemoryInstruction(fetched: bits)) == expected)
  }

  @Test(
    arguments: [
      (0x1005_252f, "lr.w a0, (a0)"), (0x18b5_252f, "sc.w a0, a1, (a0)"),
      (0x00b5_252f, "amoadd.w a0, a1, (a0)"), (0x00b5_352f, "amoadd.d a0, a1, (a0)"),
      (0x0005_2507, "flw fa0, 0(a0)"), (0x0005_3507, "fld fa0, 0(a0)"),
      (0x00a5_2027, "fsw fa0, 0(a0)"), (0x00a5_3027, "fsd fa0, 0(a0)"),
      (0x0205_0007, "vle8.v v0, (a0)"), (0x0000_2108, "c.fld fa0, 0(a0)"),
      (0x0000_a108, "c.fsd fa0, 0(a0)"), (0x0000_2502, "c.fldsp fa0, 0(sp)"),
      (0x0000_a02a, "c.fsdsp fa0, 0(sp)"), (0x0000_0000, "c.unimp"), (0x0000_4002, "c.lwsp zero"),
      (0x0005_7003, "reserved load"), (0x0005_4023, "reserved store"), (0x0005_200f, "cbo.zero"),
      (0x6605_4573, "hlv.w"), (0x0000_0073, "ecall"), (0x0000_0013, "nop"), (0xffff_ffff, "ones"),
    ] as [(UInt32, String)])
  func othersAreRefused(_ bits: UInt32, _ name: String) {
    #expect(MemoryInstruction(fetched: bits) == nil)
    if bits & 3 == 3 {
      #expect(MemoryInstruction(transformed: UInt64(bits)) == nil)
      #expect(MemoryInstruction(transformed: UInt64(bits & ~2)) == nil)
    }
  }

  /// 18.6.3: immediates are zero, rs1 is the address offset; bit 1 is clear when it was compressed.
  @Test func transformed() {
    for function in UInt64(0)..<8 {
      for register in UInt64(0)..<32 {
        for addressOffset in [0, 3, 7] as [UInt64] {
          let load = addressOffset << 15 | function << 12 | register << 7 | 0x03
          let store = register << 20 | addressOffset << 15 | function << 12 | 0x23
          for bits in [load, store] {
            let long = MemoryInstruction(transformed: bits)
            #expect(access(long) == Self.standard(UInt32(bits)))
            #expect(long?.length ?? 4 == 4)
            let short = MemoryInstruction(transformed: bits & ~2)
            #expect(access(short) == Self.standard(UInt32(bits)))
            #expect(short?.length ?? 2 == 2)
          }
        }
      }
    }
  }

  /// Accesses to page tables, tables 18.9 and 18.10; and no information.
  @Test(arguments: [0, 0x2000, 0x2020, 0x3000, 0x3020] as [UInt64])
  func pseudoinstructions(_ bits: UInt64) {
    #expect(MemoryInstruction(transformed: bits) == nil)
  }

  @Test(
    arguments: [
      (0, 0x80, 0xffff_ffff_ffff_ff80), (0, 0x17f, 0x7f), (1, 0x8000, 0xffff_ffff_ffff_8000),
      (1, 0x1_7fff, 0x7fff), (2, 0x8000_0000, 0xffff_ffff_8000_0000),
      (2, 0x1_7fff_ffff, 0x7fff_ffff),
      (3, 0x8123_4567_89ab_cdef, 0x8123_4567_89ab_cdef),
      (4, 0xffff_ff80, 0x80), (5, 0xffff_8001, 0x8001), (6, 0x1_8000_0001, 0x8000_0001),
    ] as [(UInt32, UInt64, UInt64)])
  func loads(_ function: UInt32, _ memory: UInt64, _ register: UInt64) throws {
    let instruction = try #require(MemoryInstruction(fetched: function << 12 | 10 << 7 | 0x03))
    #expect(instruction.loaded(memory) == register)
    if function == 2 {
      #expect(MemoryInstruction.signedWord(UInt32(truncatingIfNeeded: memory)) == register)
    }
  }

  @Test func stores() throws {
    let value: UInt64 = 0x8877_6655_4433_2211
    for (function, stored) in [0x11, 0x2211, 0x4433_2211, value].enumerated() {
      let bits = UInt32(function) << 12 | 10 << 20 | 0x23
      let instruction = try #require(MemoryInstruction(fetched: bits))
      #expect(instruction.stored(value) == stored)
    }
  }
}
