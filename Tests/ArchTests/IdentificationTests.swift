import Testing

@testable import ArchAArch64

/// Four-bit fields that must be gone, by register; DDI 0487, D23.2.
struct HiddenFields: Sendable, CustomTestStringConvertible {
  var name: String
  var crm: UInt32
  var op2: UInt32
  var shifts: [UInt64]
  var testDescription: String { name }
}

@Suite struct IdentificationMaskTests {
  @Test(arguments: [
    HiddenFields(name: "ID_AA64PFR0_EL1", crm: 4, op2: 0, shifts: [8, 12, 32, 40, 44]),
    HiddenFields(
      name: "ID_AA64PFR1_EL1", crm: 4, op2: 1,
      shifts: [8, 16, 24, 36, 40, 44, 48, 52, 56, 60]),
    HiddenFields(
      name: "ID_AA64ZFR0_EL1", crm: 4, op2: 4, shifts: Array(stride(from: 0, to: 64, by: 4))),
    HiddenFields(
      name: "ID_AA64SMFR0_EL1", crm: 4, op2: 5, shifts: Array(stride(from: 0, to: 64, by: 4))),
    HiddenFields(name: "ID_AA64DFR0_EL1", crm: 5, op2: 0, shifts: [4, 32, 40, 44, 52]),
    HiddenFields(name: "ID_AA64MMFR0_EL1", crm: 7, op2: 0, shifts: [56]),
    HiddenFields(name: "ID_AA64MMFR1_EL1", crm: 7, op2: 1, shifts: [8, 40]),
    HiddenFields(name: "ID_AA64MMFR2_EL1", crm: 7, op2: 2, shifts: [24]),
    HiddenFields(name: "ID_PFR1_EL1", crm: 1, op2: 1, shifts: [4, 12]),
  ])
  func hides(_ fields: HiddenFields) {
    let expected = fields.shifts.reduce(UInt64(0)) { $0 | 0xf << $1 }
    let hidden = IdentificationMask.hidden(crm: fields.crm, op2: fields.op2)
    #expect(hidden & expected == expected)
    #expect(hidden == ~IdentificationMask.visible(crm: fields.crm, op2: fields.op2))
  }

  /// What a zone must be able to find out: FP and AdvSIMD, EL0 and EL1 in both states, the GIC, the
  /// address size, granules, counters and breakpoints.
  @Test(arguments: [
    HiddenFields(name: "ID_AA64PFR0_EL1", crm: 4, op2: 0, shifts: [0, 4, 16, 20, 24]),
    HiddenFields(name: "ID_AA64DFR0_EL1", crm: 5, op2: 0, shifts: [0, 8, 12, 20, 28]),
    HiddenFields(name: "ID_AA64ISAR0_EL1", crm: 6, op2: 0, shifts: [4, 8, 12, 16, 20]),
    HiddenFields(name: "ID_AA64MMFR0_EL1", crm: 7, op2: 0, shifts: [0, 4, 8, 20, 24, 28]),
  ])
  func shows(_ fields: HiddenFields) {
    let expected = fields.shifts.reduce(UInt64(0)) { $0 | 0xf << $1 }
    #expect(IdentificationMask.visible(crm: fields.crm, op2: fields.op2) & expected == expected)
  }

  /// Registers nobody knew when this was written promise nothing.
  @Test(arguments: [(1, 3), (3, 7), (4, 2), (4, 7), (5, 2), (6, 3), (6, 7), (7, 5), (7, 7)])
  func hidesUnknownRegisters(_ crm: UInt32, _ op2: UInt32) {
    #expect(IdentificationMask.visible(crm: crm, op2: op2) == 0)
  }

  /// ID_DFR0_EL1 (CRm 1, op2 2): the AArch32 view of trace, which AArch64 zones do not see either.
  @Test func hidesTraceFromAArch32() {
    let fields: UInt64 = 0xf << 12 | 0xf << 16 | 0xf << 28
    #expect(IdentificationMask.hidden(crm: 1, op2: 2) & fields == fields)
  }
}

@Suite struct IgnoredRegisterTests {
  /// Registers of all encodings for which `contains` holds.
  private func encodings(_ contains: (UInt64) -> Bool) -> Set<UInt64> {
    var found: Set<UInt64> = []
    for op0 in UInt64(0)..<4 {
      for op1 in UInt64(0)..<8 {
        for number in UInt64(0)..<2048 {
          let register = Syndrome.register(op0, op1, number >> 7, number >> 3 & 0xf, number & 7)
          if contains(register) { found.insert(register) }
        }
      }
    }
    return found
  }

  private func coprocessorEncodings(_ contains: (UInt64) -> Bool) -> Set<UInt64> {
    var found: Set<UInt64> = []
    for opc1 in UInt64(0)..<8 {
      for number in UInt64(0)..<2048 {
        let register = Syndrome.coprocessor(opc1, number >> 7, number >> 3 & 0xf, number & 7)
        if contains(register) { found.insert(register) }
      }
    }
    return found
  }

  @Test func actlrOnly() {
    #expect(encodings(IgnoredRegister.contains) == [3 << 20 | 1 << 17 | 1 << 10])
    #expect(coprocessorEncodings(IgnoredRegister.containsAArch32) == [1 << 17 | 1 << 10])
  }

  /// DC ISW, CSW, CISW; DCISW, DCCSW, DCCISW.
  @Test func setAndWay() {
    let names: Set<UInt64> = [
      2 << 17 | 7 << 10 | 6 << 1, 2 << 17 | 7 << 10 | 10 << 1, 2 << 17 | 7 << 10 | 14 << 1,
    ]
    #expect(encodings(SetWayMaintenance.contains) == Set(names.map { 1 << 20 | $0 }))
    #expect(coprocessorEncodings(SetWayMaintenance.containsAArch32) == names)
  }

  /// One instruction of a loop over all sets, ways and levels stands for the loop, and only one.
  @Test func oneOperandOfALoop() {
    var last = 0
    for level: UInt64 in 0..<7 {
      for way: UInt64 in 0..<16 {
        for set: UInt64 in 0..<256
        where SetWayMaintenance.isLast(way << 28 | set << 6 | level << 1) { last += 1 }
      }
    }
    #expect(last == 1)
    // Bits that an AArch32 register does not have.
    #expect(SetWayMaintenance.isLast(0xffff_ffff_0000_0000))
  }
}

/// GICR RD frame: IHI 0069, 12.11.
@Suite struct RedistributorTests {
  /// GICR_TYPER.Affinity_Value against MPIDR_EL1: each level by itself, and one that differs in each.
  @Test(
    arguments: [
      (0x0000_0000, 0x00_0000_0000), (0x0000_0003, 0x00_0000_0003), (0x0000_0100, 0x00_0000_0100),
      (0x0001_0000, 0x00_0001_0000), (0x1200_0000, 0x12_0000_0000), (0x1234_5678, 0x12_0034_5678),
      (0xffff_ffff, 0xff_00ff_ffff),
    ] as [(UInt64, UInt64)])
  func belongsToOneCPU(_ value: UInt64, _ affinity: UInt64) {
    // The lower half says other things.
    let typer = value << 32 | 0xffff_ffff
    #expect(Redistributor.belongs(typer, to: affinity))
    for level in [0, 8, 16, 32] as [UInt64] {
      #expect(!Redistributor.belongs(typer, to: affinity ^ 1 << level))
    }
  }

  private func read(_ offset: UInt64, _ size: UInt32, vcpu: UInt64 = 1, count: UInt64 = 3) -> UInt64
  {
    Redistributor.read(offset, sizeLog2: size, vcpu: vcpu, count: count, implementer: 0x43b)
  }

  @Test(arguments: 0..<3 as Range<UInt64>) func typeNamesTheVCPU(_ vcpu: UInt64) {
    let last: UInt64 = vcpu == 2 ? 1 << 4 : 0
    // Affinity 63:32, Processor_Number 23:8, Last 4; PLPIS 0, DirectLPI 3 are clear.
    #expect(read(0x08, 3, vcpu: vcpu) == vcpu << 32 | vcpu << 8 | last)
    #expect(read(0x08, 2, vcpu: vcpu) == vcpu << 8 | last)
    #expect(read(0x0c, 2, vcpu: vcpu) == vcpu)
  }

  @Test func identifiesItself() {
    #expect(read(0x04, 2) == 0x43b)
    #expect(read(0xffe8, 2) & 0xf0 == 0x30)
  }

  /// GICR_CTLR, GICR_WAKER (awake), GICR_PROPBASER, GICR_PENDBASER and all others: zero, at any size.
  @Test func nothingElseIsThere() {
    let known: Set<UInt64> = [0x04, 0x08, 0x0c, 0xffe8]
    var others = 0
    for offset in UInt64(0)..<0x1_0000 {
      for size in UInt32(0)..<4 where !known.contains(offset) && read(offset, size) != 0 {
        others += 1
      }
    }
    #expect(others == 0)
    #expect(read(0x08, 0) == 0)
    #expect(read(0x04, 3) == 0)
  }
}
