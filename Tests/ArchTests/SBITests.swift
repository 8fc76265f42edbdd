import PlanTestSupport
import Testing

@testable import ArchRISCV64

/// RISC-V Supervisor Binary Interface 2.0.
@Suite struct HartMaskTests {
  private func vcpus(_ mask: UInt64, _ base: UInt64, _ cpus: UInt32 = 4) -> UInt32? {
    HartMask(mask: mask, base: base, cpuCount: cpus)?.vcpus
  }

  @Test(
    arguments: [
      (0b1, 0, 4, 0b1), (0b1111, 0, 4, 0b1111), (0b11, 2, 4, 0b1100), (0b1, 3, 4, 0b1000),
      (0b1_0000, 0, 4, nil), (0b11, 3, 4, nil), (0b1, 4, 4, nil), (0b1, 64, 4, nil),
      (1, 15, 16, 0x8000), (0xffff, 0, 16, 0xffff), (0x1_0000, 0, 16, nil), (1, 16, 16, nil),
      (1, 0, 1, 1), (2, 0, 1, nil), (1, 1, 1, nil),
      // Bits that a shift would lose.
      (1 << 63, 1, 16, nil), (1 << 63 | 1, 1, 16, nil), (0xffff_0000_0000_0001, 15, 16, nil),
      (1 << 48, 15, 16, nil), (.max, 0, 16, nil), (.max, 1, 16, nil),
      // A base of ones: all, whatever the mask.
      (0, .max, 4, 0b1111), (.max, .max, 4, 0b1111), (1 << 40, .max, 16, 0xffff),
      (1, .max - 1, 4, nil),
      // Nobody.
      (0, 0, 4, 0), (0, 3, 4, 0),
    ] as [(UInt64, UInt64, UInt32, UInt32?)])
  func harts(_ mask: UInt64, _ base: UInt64, _ cpus: UInt32, _ expected: UInt32?) {
    #expect(vcpus(mask, base, cpus) == expected)
  }

  /// Hart by hart, in arithmetic that cannot overflow.
  @Test(arguments: 0..<8) func agreesWithAList(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let cpus = UInt32.random(in: 1...16, using: &random)
      let base = Bool.random(using: &random) ? .random(in: 0...80, using: &random) : random.next()
      var mask = random.next()
      for _ in 0..<Int.random(in: 0..<7, using: &random) { mask &= random.next() }
      mask >>= UInt64.random(in: 0..<64, using: &random)
      let named = (UInt64(0)..<64).filter { mask >> $0 & 1 != 0 }.map {
        base.addingReportingOverflow($0)
      }
      let isValid = named.allSatisfy { !$0.overflow && $0.partialValue < UInt64(cpus) }
      let expected: UInt32? =
        base == .max
        ? UInt32((UInt64(1) << UInt64(cpus)) - 1)
        : isValid ? named.reduce(0) { $0 | 1 << UInt32($1.partialValue) } : nil
      #expect(vcpus(mask, base, cpus) == expected, "\(mask) \(base) \(cpus)")
    }
  }
}

@Suite struct SBIFunctionTests {
  /// Names as chapters 4 to 12 have them; the legacy extensions of 5 that take no mask from memory.
  private let implemented: Set<UInt64> = [
    0x00, 0x01, 0x02, 0x03, 0x08, 0x10, 0x5449_4d45, 0x73_5049, 0x5246_4e43, 0x48_534d, 0x5352_5354,
    0x4442_434e, 0x0848_5653,
  ]

  @Test func probe() {
    // PMU, SUSP, CPPC, NACL, STA, and what does not exist.
    for number in [0x50_4d55, 0x5355_5350, 0x4350_5043, 0x4e41_434c, 0x53_5441, .max, 1 << 32]
      as [UInt64]
    { #expect(!SBIExtension.isImplemented(number)) }
    for number in UInt64(0)..<0x400 {
      #expect(SBIExtension.isImplemented(number) == implemented.contains(number))
    }
    for number in implemented {
      #expect(SBIExtension.isImplemented(number))
      // Another register's upper half is another number.
      #expect(!SBIExtension.isImplemented(number | 1 << 32))
    }
  }

  /// Their names are their numbers.
  @Test(
    arguments: [
      (SBIExtension.timer, "TIME"), (SBIExtension.ipi, "sPI"), (SBIExtension.remoteFence, "RFNC"),
      (SBIExtension.hartState, "HSM"), (SBIExtension.systemReset, "SRST"),
      (SBIExtension.debugConsole, "DBCN"), (SBIExtension.kernel & 0xff_ffff, "HVS"),
      (SBIIdentity.implementation, "HVS"),
    ])
  func numbersAreNames(_ number: UInt64, _ name: String) {
    #expect(number == name.utf8.reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// 17: experimental extensions are 0x08000000 to 0x08ffffff. 4.1: 7 bits of major, 24 of minor version.
  @Test func identity() {
    #expect((0x0800_0000...0x08ff_ffff).contains(SBIExtension.kernel))
    #expect(SBIIdentity.version >> 24 & 0x7f == 2)
    #expect(SBIIdentity.version & 0xff_ffff == 0)
    #expect(SBIIdentity.version >> 31 == 0)
    // 0 to 11 are taken.
    #expect(SBIIdentity.implementation > 0xff)
  }

  @Test func statuses() {
    let statuses = [
      SBIStatus.success, SBIStatus.failed, SBIStatus.notSupported, SBIStatus.invalidParameter,
      SBIStatus.denied, SBIStatus.invalidAddress, SBIStatus.alreadyAvailable,
      SBIStatus.alreadyStarted, SBIStatus.alreadyStopped,
    ]
    #expect(statuses == Array(0...8).map { -Int64($0) })
  }
}
