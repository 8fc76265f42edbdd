import Testing

@testable import Bringup

/// What registers of AArch64 and RISC-V mean.
@Suite struct ArchitectureTests {
  @Test(arguments: [
    (UInt64(4), CheckStatus.fail), (8, .ok), (12, .fail), (0, .fail), (.max, .fail),
  ])
  func exceptionLevel(register: UInt64, expected: CheckStatus) {
    #expect(said { judgeExceptionLevel(currentEL: register, &$0) }.status == expected)
  }

  /// TGran4_2 in bits 43:40, TGran4 in 31:28.
  @Test(arguments: [
    (UInt64(0), CheckStatus.ok), (0xf << 28, .fail), (1 << 40, .fail), (2 << 40 | 0xf << 28, .ok),
    (3 << 40, .ok),
  ])
  func granules(mmfr0: UInt64, expected: CheckStatus) {
    #expect(said { judgeGranules(mmfr0: mmfr0, &$0) }.status == expected)
  }

  @Test func granulesOfACortexA53() {
    // ID_AA64MMFR0_EL1 of the Cortex-A53 r0p4 (DDI 0500, 4.3.24): no 16 KiB granule.
    #expect(said { judgeGranules(mmfr0: 0x1122, &$0) }.text == " 4k=1 16k=0 64k=1")
    #expect(physicalAddressBits(mmfr0: 0x1122) == 40)
  }

  @Test func addressWidth() {
    func width(_ bits: UInt64, _ end: UInt64) -> CheckStatus {
      said { judgeAddressWidth(bits: bits, end: end, &$0) }.status
    }
    #expect(width(40, 1 << 40) == .ok && width(40, 1 << 40 - 1) == .ok)
    #expect(width(40, 1 << 40 + 1) == .fail && width(32, 1 << 33) == .fail)
    #expect(width(64, .max) == .ok)
  }

  @Test func vmid() {
    #expect(said { judgeVMID(bits: 8, zones: 16, &$0) }.status == .ok)
    #expect(said { judgeVMID(bits: 4, zones: 16, &$0) }.status == .fail)
    #expect(said { judgeVMID(bits: 0, zones: 16, &$0) }.status == .fail)
    #expect(said { judgeVMID(bits: .max, zones: 16, &$0) }.status == .fail)
  }

  @Test func pmu() {
    #expect(said { judgePMU(dfr0: 0, pmcr: 0, &$0) }.status == .skip)
    #expect(said { judgePMU(dfr0: 0xf00, pmcr: 0, &$0) }.status == .skip)
    let present = said { judgePMU(dfr0: 0x100, pmcr: 6 << 11, &$0) }
    #expect(present.status == .ok && present.text == " version=1 counters=6")
  }

  @Test(arguments: [
    (UInt64(0x3b), UInt64(3), CheckStatus.ok), (0x4b, 3, .ok), (0x2b, 3, .fail), (0, 3, .fail),
    (0x2b, 2, .ok), (0x3b, 2, .fail), (.max, 3, .fail),
  ])
  func gic(pidr2: UInt64, wanted: UInt64, expected: CheckStatus) {
    #expect(said { judgeGIC(pidr2: pidr2, iidr: 0, wanted: wanted, &$0) }.status == expected)
  }

  @Test func securityState() {
    func state(
      _ one: Bool, _ groups: Bool, _ priority: UInt8, interface: Bool = false
    ) -> CheckStatus {
      said {
        judge(
          SecurityState(
            oneState: one, group1: groups, group0: groups, priority: priority,
            interfaceHasGroup0: interface), &$0)
      }.status
    }
    #expect(state(true, true, 0xff) == .ok)
    #expect(state(false, false, 0xf8) == .ok)
    #expect(state(true, false, 0xff) == .fail)
    #expect(state(false, false, 0) == .fail && state(true, true, 0xe0) == .fail)
    // Of priorities another scale than of masks.
    #expect(state(false, false, 0xf8, interface: true) == .warn)
    #expect(state(true, true, 0xff, interface: true) == .ok)
  }

  @Test func psci() {
    var facts = FirmwareFacts()
    #expect(said { judge(facts, &$0) }.status == .fail)
    facts.psci = 1
    #expect(said { judge(facts, &$0) }.status == .fail)
    facts.psci = 2
    #expect(said { judge(facts, &$0) }.status == .ok)
    facts.psci = 0x1_0001
    #expect(said { judge(facts, &$0) }.status == .fail)
    facts.cpuOn = 0
    facts.smccc = 0x1_0002
    facts.workaround1 = 1
    let result = said { judge(facts, &$0) }
    #expect(result.status == .ok)
    #expect(result.text.contains("psci=1.1") && result.text.contains("smccc=1.2 workaround-1=1"))
  }

  @Test func caches() throws {
    // A Cortex-A53 with 32 KiB of data in 4 ways and 1 MiB in 16 (DDI 0500, tables 4-52 and 4-54).
    let clidr: UInt64 = 0o43
    #expect(CacheGeometry.levels(clidr: clidr) == 2 && CacheGeometry.levels(clidr: 0) == 0)
    #expect(CacheGeometry.levels(clidr: .max) == 7)
    let first = try #require(
      CacheGeometry(level: 1, clidr: clidr, ccsidr: 127 << 13 | 3 << 3 | 2, wide: false))
    #expect(first.size == 32 << 10 && first.ways == 4 && first.colours == 2)
    let second = try #require(
      CacheGeometry(level: 2, clidr: clidr, ccsidr: 1023 << 32 | 15 << 3 | 2, wide: true))
    #expect(second.size == 1 << 20 && second.content == .unified && second.colours == 16)
    #expect(CacheGeometry(level: 3, clidr: clidr, ccsidr: 0, wide: false) == nil)
    for level in [0, 8, -1] {
      #expect(CacheGeometry(level: level, clidr: .max, ccsidr: 0, wide: false) == nil)
    }
    #expect(said { judge(nil, &$0) }.status == .skip)
    #expect(said { judge(first, &$0) }.text.contains("kib=32 line=64 ways=4 sets=128 colours=2"))
  }

  @Test func largestCacheThatRegistersDescribeDoesNotTrap() throws {
    let cache = try #require(
      CacheGeometry(level: 1, clidr: 4, ccsidr: .max, wide: true))
    #expect(said { judge(cache, &$0) }.status == .ok)
  }

  @Test func sbi() {
    var facts = SBIFacts()
    #expect(said { judge(facts, &$0) }.status == .fail)
    facts.version = 2 << 24
    (facts.timer, facts.ipi, facts.remoteFence, facts.hartState) = (true, true, true, true)
    let result = said { judge(facts, &$0) }
    #expect(result.status == .ok && result.text.hasPrefix(" sbi=2.0 "))
    facts.hartState = false
    #expect(said { judge(facts, &$0) }.status == .fail)
  }

  @Test func riscvControllers() {
    #expect(said { judgePLIC(enableKept: true, thresholdKept: true, &$0) }.status == .ok)
    #expect(said { judgePLIC(enableKept: true, thresholdKept: false, &$0) }.status == .fail)
    #expect(said { judgePLIC(enableKept: false, thresholdKept: true, &$0) }.status == .fail)
    func aia(_ domain: UInt32, _ file: Bool) -> CheckStatus {
      said { judgeAIA(domain: domain, guestFile: file, &$0) }.status
    }
    #expect(aia(0x8000_0004, true) == .ok && aia(0x8000_0104, true) == .ok)
    #expect(aia(0x8000_0004, false) == .fail && aia(0x8000_0000, true) == .fail)
    #expect(aia(0, true) == .fail && aia(.max, true) == .fail)
    #expect(said { judgeSourceAccess(kept: false, &$0) }.status == .fail)
    #expect(said { judgeGuestModes(sv39x4: false, sv48x4: false, &$0) }.status == .fail)
    #expect(said { judgeGuestModes(sv39x4: false, sv48x4: true, &$0) }.status == .ok)
    #expect(said { judgeHypervisorExtension(present: false, &$0) }.status == .fail)
    #expect(said { judgeSBIMonitor(present: false, counters: 0, &$0) }.status == .skip)
  }
}
