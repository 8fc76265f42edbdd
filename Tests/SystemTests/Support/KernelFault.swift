import Testing

/// Something that a kernel must not do, as instructions, and what comes of it.
struct KernelFault: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var board: TestBoard
  var instructions: [UInt32]
  /// ESR_EL2.EC, or scause.
  var cause: UInt64
  /// The fault status in ESR_EL2 without the level; nil: not looked at.
  var status: UInt64?
  /// Where the faulting address must point to.
  var address: Place = .anywhere

  enum Place {
    case anywhere, guardPage, text
    /// The RAM of a zone.
    case zone(UInt64)
    /// The copy window of CPU 1.
    case window(UInt64)
  }

  init(
    _ name: String, _ board: TestBoard, _ instructions: [UInt32], _ cause: UInt64,
    status: UInt64? = nil, _ address: Place = .anywhere
  ) {
    testDescription = "\(name), \(board.rawValue)"
    self.board = board
    self.instructions = instructions
    self.cause = cause
    self.status = status
    self.address = address
  }

  static let all: [KernelFault] = [
    // Exception classes and fault statuses: Arm ARM DDI 0487, D24.2.40.
    KernelFault("undefined instruction", .aarch64, [0x0000_0000], 0x00),
    KernelFault(
      "endless recursion", .aarch64,
      // sub sp, sp, #4096; str x0, [sp]; b .-8
      [0xd140_07ff, 0xf900_03e0, 0x17ff_fffe], 0x25, status: 0x04, .guardPage),
    KernelFault(
      "write to code", .aarch64,
      // adr x1, .; str x0, [x1]
      [0x1000_0001, 0xf900_0020], 0x25, status: 0x0c, .text),
    KernelFault(
      "execute the stack", .aarch64,
      // mov x1, sp; br x1
      [0x9100_03e1, 0xd61f_0020], 0x21, status: 0x0c),
    KernelFault(
      "read a zone's memory after it was loaded", .aarch64,
      // movz x1, #0x4140, lsl #16; ldr x0, [x1]
      [0xd2a8_2801, 0xf940_0020], 0x25, status: 0x04, .zone(0x4140_0000)),
    KernelFault(
      "read through the copy window of its CPU", .aarch64,
      // movz x1, #0x7f80, lsl #32; movk x1, #0x20, lsl #16; ldr x0, [x1]
      [0xd2cf_f001, 0xf2a0_0401, 0xf940_0020], 0x25, status: 0x04, .window(0x7f80_0020_0000)),
    // scause: Privileged Architecture, 12.1.8.
    KernelFault("illegal instruction", .riscv64AIA, [0x0000_0000], 2),
    KernelFault(
      "endless recursion", .riscv64AIA,
      // addi sp, sp, -2048; sd a0, 0(sp); j .-8
      [0x8001_0113, 0x00a1_3023, 0xff9f_f06f], 15, .guardPage),
    KernelFault(
      "write to code", .riscv64AIA,
      // auipc a1, 0; sd a0, 0(a1)
      [0x0000_0597, 0x00a5_b023], 15, .text),
    KernelFault(
      "execute the stack", .riscv64AIA,
      // mv a1, sp; jr a1
      [0x0001_0593, 0x0005_8067], 12),
    KernelFault(
      "read a zone's memory after it was loaded", .riscv64AIA,
      // lui a1, 0x40a00; slli a1, a1, 1; ld a0, 0(a1)
      [0x40a0_05b7, 0x0015_9593, 0x0005_b503], 13, .zone(0x8140_0000)),
    KernelFault(
      "read through the copy window of its CPU", .riscv64AIA,
      // lui a1, 0x02000; addi a1, a1, 1; slli a1, a1, 21; ld a0, 0(a1)
      [0x0200_05b7, 0x0015_8593, 0x0155_9593, 0x0005_b503], 13, .window(0x4000_0020_0000)),
  ]
}

/// A crash record, `PANIC field=value ...`.
struct CrashRecord {
  /// The exception, the program counter as offset in the image, where the image is, the faulting address.
  var cause, offset, base, address: UInt64
  /// ESR_EL2; 0 on RISC-V.
  var syndrome: UInt64 = 0
  /// MPIDR_EL1 or the hart.
  var cpu: UInt64

  /// Also requires each general register.
  init(_ line: ResultLine, on board: TestBoard) throws {
    func field(_ name: String) throws -> UInt64 {
      let text = try #require(line.fields[name], "\(name) of \(line)")
      return try #require(UInt64(text.trimmingPrefix("0x").prefix { $0.isHexDigit }, radix: 16))
    }
    for number in board.isRISCV ? 1...31 : 0...30 { _ = try field("x\(number)") }
    if board.isRISCV {
      cause = try field("cause")
      offset = try field("sepc-offset")
      base = try field("sepc") &- offset
      address = try field("stval")
      cpu = try field("hart")
    } else {
      #expect(try field("vector") == 4)
      syndrome = try field("esr")
      cause = syndrome >> 26
      offset = try field("elr-offset")
      base = try field("elr") &- offset
      address = try field("far")
      cpu = try field("mpidr")
    }
  }
}
