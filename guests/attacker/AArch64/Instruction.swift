#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// A64 instructions made at run time, for those whose encoding is the attack. Encodings: Arm ARM
/// (DDI 0487) C4.1 and C5. Operand and result are x0, a second operand is x1.
struct Instruction {
  let word: UInt32

  static let nop = Instruction(word: 0xd503_201f)
  static let moveToStackPointer = Instruction(word: 0x9100_001f)  // mov sp, x0
  static let loadFromStack = Instruction(word: 0xf940_03e0)  // ldr x0, [sp]
  static let setReturnAddress = Instruction(word: 0xd518_4020)  // msr elr_el1, x0
  static let setReturnState = Instruction(word: 0xd518_4001)  // msr spsr_el1, x1
  static let exceptionReturn = Instruction(word: 0xd69f_03e0)
  static let branch = Instruction(word: 0xd61f_0000)  // br x0
  static let loadExclusive = Instruction(word: 0xc85f_7c00)  // ldxr x0, [x0]
  static let loadPair = Instruction(word: 0xa940_0c02)  // ldp x2, x3, [x0]

  /// Load of `1 << sizeLog2` bytes at x0.
  static func load(sizeLog2: UInt64) -> Instruction {
    Instruction(word: 0x3940_0000 | UInt32(sizeLog2) << 30)
  }

  /// Store of the low `1 << sizeLog2` bytes of x1 at x0.
  static func store(sizeLog2: UInt64) -> Instruction {
    Instruction(word: 0x3900_0001 | UInt32(sizeLog2) << 30)
  }

  static func hvc(_ immediate: UInt64) -> Instruction {
    Instruction(word: 0xd400_0002 | UInt32(immediate & 0xffff) << 5)
  }

  static func smc(_ immediate: UInt64) -> Instruction {
    Instruction(word: 0xd400_0003 | UInt32(immediate & 0xffff) << 5)
  }

  static func read(_ register: SystemRegister) -> Instruction {
    Instruction(word: 0xd520_0000 | register.encoding)
  }

  static func write(_ register: SystemRegister) -> Instruction {
    Instruction(word: 0xd500_0000 | register.encoding)
  }

  /// A cache, translation or TLB instruction: SYS with x0.
  static func system(_ op1: UInt32, _ n: UInt32, _ m: UInt32, _ op2: UInt32) -> Instruction {
    write(SystemRegister(1, op1, n, m, op2))
  }

  /// Executes this instruction and `second` and `third` after it, and survives their exceptions.
  func run(
    _ x0: UInt64 = 0, _ x1: UInt64 = 0, then second: Instruction = nop,
    then third: Instruction = nop
  ) -> Attempt {
    attempt(prepare(second, third), x0, x1)
  }

  /// Writes the code, with a return at its end, into the one block that is writable and executable.
  /// Its address.
  func prepare(_ second: Instruction = nop, _ third: Instruction = nop) -> UInt64 {
    let code: UInt64 = 0x4040_0000
    let first = UInt64(word) | UInt64(second.word) << 32
    let last = UInt64(third.word) | 0xd65f_03c0 << 32
    if guest_load64(code) != first || guest_load64(code + 8) != last {
      guest_store64(code, first)
      guest_store64(code + 8, last)
      guest_sync_code(code)
    }
    return code
  }
}

/// A system register by its encoding.
struct SystemRegister {
  /// As in bits 20-5 of MRS and MSR.
  let encoding: UInt32

  init(_ op0: UInt32, _ op1: UInt32, _ n: UInt32, _ m: UInt32, _ op2: UInt32) {
    encoding = op0 << 19 | op1 << 16 | n << 12 | m << 8 | op2 << 5
  }

  var op1: UInt32 { encoding >> 16 & 7 }
  var crn: UInt32 { encoding >> 12 & 15 }

  /// Implementation-defined space, which a zone has no business in (HCR_EL2.TIDCP).
  var isImplementationDefined: Bool { encoding >> 19 & 3 == 3 && (crn == 11 || crn == 15) }
}

extension Attempt {
  /// Exception class (ESR_EL1.EC), nil when nothing was raised.
  var exceptionClass: UInt64? {
    switch self {
    case .returned: nil
    case .faulted(let syndrome, _, _, _): syndrome >> 26 & 0x3f
    }
  }
}

/// Exception classes of ESR_EL1 (Arm ARM D24.2.40).
enum ExceptionClass {
  static let unknown: UInt64 = 0x00
  static let illegalState: UInt64 = 0x0e
  static let svc32: UInt64 = 0x11
  static let svc64: UInt64 = 0x15
}
#endif
