#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// RISC-V instructions made at run time, for those whose encoding is the attack: RISC-V unprivileged
/// architecture, chapter 34, privileged architecture, chapters 4 and 18. Operand and result are a0, further
/// operands a1 and a2.
struct Instruction {
  let word: UInt32

  static let nop = Instruction(word: 0x0000_0013)
  static let ecall = Instruction(word: 0x0000_0073)
  static let ebreak = Instruction(word: 0x0010_0073)
  static let jump = Instruction(word: 0x0005_0067)  // jr a0
  static let moveToStackPointer = Instruction(word: 0x0005_0113)  // mv sp, a0
  static let loadFromStack = Instruction(word: 0x0001_3503)  // ld a0, 0(sp)
  static let supervisorReturn = Instruction(word: 0x1020_0073)
  static let machineReturn = Instruction(word: 0x3020_0073)
  static let waitForInterrupt = Instruction(word: 0x1050_0073)
  static let fenceInstructions = Instruction(word: 0x0000_100f)

  /// Sign-extended load of `1 << sizeLog2` bytes at a0.
  static func load(sizeLog2: UInt64) -> Instruction {
    Instruction(word: 0x0005_0503 | UInt32(sizeLog2) << 12)
  }

  /// Store of the low `1 << sizeLog2` bytes of a1 at a0.
  static func store(sizeLog2: UInt64) -> Instruction {
    Instruction(word: 0x00b5_0023 | UInt32(sizeLog2) << 12)
  }

  /// Atomic instruction by its funct5, of 4 (2) or 8 (3) bytes at a0, with a1: LR is 2, SC 3.
  static func atomic(_ operation: UInt32, sizeLog2: UInt64) -> Instruction {
    let source: UInt32 = operation == 2 ? 0 : 0x00b0_0000
    return Instruction(word: 0x0005_052f | source | UInt32(sizeLog2) << 12 | operation << 27)
  }

  static func read(_ register: UInt32) -> Instruction {
    Instruction(word: 0x0000_2573 | register << 20)  // csrr a0, register
  }

  static func write(_ register: UInt32) -> Instruction {
    Instruction(word: 0x0005_1073 | register << 20)  // csrw register, a0
  }

  static func clear(_ register: UInt32) -> Instruction {
    Instruction(word: 0x0005_b073 | register << 20)  // csrc register, a1
  }

  /// An instruction of opcode SYSTEM with operands a0 and a1: fences of translation.
  static func fence(_ function: UInt32) -> Instruction {
    Instruction(word: 0x00b5_0073 | function << 25)
  }

  /// A load through the hypervisor's eyes (HLV, HLVX): `function` odd is a store of a1 (HSV).
  static func virtualAccess(_ function: UInt32, _ form: UInt32) -> Instruction {
    function & 1 == 0
      ? Instruction(word: 0x0005_4573 | function << 25 | form << 20)
      : Instruction(word: 0x00b5_4073 | function << 25)
  }

  /// A cache-block operation at a0: 0 invalidate, 1 clean, 2 flush, 4 zero.
  static func cacheBlock(_ operation: UInt32) -> Instruction {
    Instruction(word: 0x0005_200f | operation << 20)
  }

  /// Executes this instruction and `second` and `third` after it, and survives their exceptions.
  func run(
    _ a0: UInt64 = 0, _ a1: UInt64 = 0, _ a2: UInt64 = 0, then second: Instruction = nop,
    then third: Instruction = nop
  ) -> Attempt {
    attempt(prepare(second, third), a0, a1, a2)
  }

  /// Writes the code, with a return at its end, into the one block that is writable and executable.
  /// Its address.
  func prepare(_ second: Instruction = nop, _ third: Instruction = nop) -> UInt64 {
    prepare(at: Memory.patch, second, third)
  }

  /// The same at `code`, which may be in the middle of a word.
  func prepare(at code: UInt64, _ second: Instruction = nop, _ third: Instruction = nop) -> UInt64 {
    func put(_ word: UInt32, _ offset: UInt64) {
      for byte: UInt64 in 0..<4 {
        guest_store8(code + offset + byte, UInt8(truncatingIfNeeded: word >> UInt32(8 * byte)))
      }
    }
    put(word, 0)
    put(second.word, 4)
    put(third.word, 8)
    put(0x0000_8067, 12)  // ret
    guest_fence_i()
    return code
  }
}

extension Attempt {
  /// Exception code (scause), nil when nothing was raised.
  var exceptionClass: UInt64? {
    switch self {
    case .returned: nil
    case .faulted(let syndrome, _, _, _): syndrome
    }
  }

  /// Whether the instruction is none for this mode: an illegal or a virtual instruction.
  var isRefused: Bool { exceptionClass == ExceptionClass.illegal || exceptionClass == 22 }

  /// Whether the guest's own translation refused it.
  var isPageFault: Bool { exceptionClass == 12 || exceptionClass == 13 || exceptionClass == 15 }
}

/// Exception codes (privileged architecture, 12.1.8).
enum ExceptionClass {
  static let illegal: UInt64 = 2
  static let userCall: UInt64 = 8
}

/// Control and status registers by their numbers.
enum CSR {
  static let status: UInt32 = 0x100
  static let enabled: UInt32 = 0x104
  static let vector: UInt32 = 0x105
  static let scratch: UInt32 = 0x140
  static let returnAddress: UInt32 = 0x141
  static let translation: UInt32 = 0x180
  static let select: UInt32 = 0x150
  static let indirect: UInt32 = 0x151
}
#endif
