/// ESR_EL2, taken apart: DDI 0487, D23.2.37.
public struct Syndrome: Equatable {
  /// The register's value.
  public let bits: UInt64

  /// A value of ESR_EL2.
  public init(_ bits: UInt64) { self.bits = bits }

  /// Exception class.
  @inline(__always)
  public var exceptionClass: UInt32 { UInt32(truncatingIfNeeded: bits >> 26) & 0x3f }
  /// 32-bit instruction; for AArch32 traps the return address depends on it.
  @inline(__always)
  public var instructionLength: UInt64 { bits & (1 << 25) != 0 ? 4 : 2 }

  // Exception classes the kernel tells apart.
  /// WFI, WFE and their timed forms.
  public static let wait: UInt32 = 0x01
  /// MCR and MRC of coprocessor 15 (AArch32).
  public static let cp15Register: UInt32 = 0x03
  /// MCRR and MRRC of coprocessor 15 (AArch32).
  public static let cp15Pair: UInt32 = 0x04
  /// MCR and MRC of coprocessor 14 (AArch32).
  public static let cp14Register: UInt32 = 0x05
  /// LDC and STC of coprocessor 14 (AArch32).
  public static let cp14Load: UInt32 = 0x06
  /// Floating point, SIMD and SVE, trapped by CPTR_EL2.
  public static let simd: UInt32 = 0x07
  /// VMRS of an identification register (AArch32).
  public static let idGroup: UInt32 = 0x08
  /// Pointer authentication instructions.
  public static let pointerAuthentication: UInt32 = 0x09
  /// MRRC of coprocessor 14 (AArch32).
  public static let cp14Pair: UInt32 = 0x0c
  /// HVC in AArch32 state.
  public static let hvc32: UInt32 = 0x12
  /// SMC in AArch32 state.
  public static let smc32: UInt32 = 0x13
  /// HVC in AArch64 state.
  public static let hvc64: UInt32 = 0x16
  /// SMC in AArch64 state.
  public static let smc64: UInt32 = 0x17
  /// MSR, MRS and system instructions in AArch64 state.
  public static let systemRegister: UInt32 = 0x18
  /// Instruction abort from a lower exception level.
  public static let instructionAbort: UInt32 = 0x20
  /// Data abort from a lower exception level.
  public static let dataAbort: UInt32 = 0x24

  // Data abort (ISS for EC 0x24).
  /// ISV: the fields below describe the access. Clear for pairs, exclusives and writeback.
  public var isDecoded: Bool { bits & (1 << 24) != 0 }
  /// log2 of the access size.
  public var accessSize: UInt32 { UInt32(truncatingIfNeeded: bits >> 22) & 3 }
  /// SSE: a load extends the sign.
  public var signExtends: Bool { bits & (1 << 21) != 0 }
  /// SRT: number of the register that is loaded or stored, 31 for XZR.
  public var register: Int { Int(bits >> 16 & 0x1f) }
  /// SF: that register is 64 bits wide.
  public var is64Bit: Bool { bits & (1 << 15) != 0 }
  /// WnR: a store.
  public var isWrite: Bool { bits & (1 << 6) != 0 }
  /// The abort came from a cache maintenance instruction.
  public var isCacheMaintenance: Bool { bits & (1 << 8) != 0 }
  /// Stage-2 fault during a stage-1 table walk.
  public var isTableWalk: Bool { bits & (1 << 7) != 0 }
  /// FAR_EL2 does not hold the address.
  public var hasNoAddress: Bool { bits & (1 << 10) != 0 }
  /// `faultKind` of an address that has no translation.
  public static let translationFault: UInt64 = 0b0001
  /// Fault status code without its level: 0b0001 translation, 0b0011 permission.
  public var faultKind: UInt64 { bits >> 2 & 0xf }

  // System register access (ISS for EC 0x18): op0, op2, op1, CRn, Rt, CRm, direction.
  /// The ISS bits that name the register: all but Rt and the direction.
  public static let registerMask: UInt64 = 0x3f_fc1e
  /// A read, for EC 0x03, 0x04, 0x08 and 0x18.
  public var isRead: Bool { bits & 1 != 0 }
  /// Rt, for EC 0x03, 0x04, 0x08 and 0x18.
  public var transferRegister: Int { Int(bits >> 5 & 0x1f) }

  /// The ISS bits that name system register S<op0>_<op1>_C<n>_C<m>_<op2>.
  public static func register(
    _ op0: UInt64, _ op1: UInt64, _ n: UInt64, _ m: UInt64, _ op2: UInt64
  ) -> UInt64 {
    op0 << 20 | op2 << 17 | op1 << 14 | n << 10 | m << 1
  }

  // MCR/MRC (ISS for EC 0x03): CV, COND, opc2, opc1, CRn, Rt, CRm, direction.
  /// The ISS bits that name the coprocessor's register.
  public static let coprocessorMask: UInt64 = 0x0f_fc1e
  /// The ISS bits that name register `opc1`, c`n`, c`m`, `opc2` of a coprocessor.
  public static func coprocessor(
    _ opc1: UInt64, _ n: UInt64, _ m: UInt64, _ opc2: UInt64
  ) -> UInt64 {
    opc2 << 17 | opc1 << 14 | n << 10 | m << 1
  }
  /// MCRR/MRRC (ISS for EC 0x04): opc1 in 19:16, Rt2 in 14:10, Rt in 9:5, CRm in 4:1.
  public var pairOpcode: UInt64 { bits >> 16 & 0xf }
  /// Rt2, the upper word's register.
  public var pairRegister: Int { Int(bits >> 10 & 0x1f) }
  /// CRm, which with `pairOpcode` names the 64-bit register.
  public var pairMemory: UInt64 { bits >> 1 & 0xf }
}

extension Syndrome {
  /// What the destination register of a decoded load holds when memory held `value`.
  @inline(__always)
  public func loaded(_ value: UInt64) -> UInt64 {
    guard accessSize < 3 else { return value }
    let bits = UInt64(8) << UInt64(accessSize)
    var result = value & ((1 << bits) - 1)
    if signExtends, result >> (bits - 1) & 1 != 0 { result |= ~0 << bits }
    return is64Bit ? result : result & 0xffff_ffff
  }
}
