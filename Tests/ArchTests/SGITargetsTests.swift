import PlanTestSupport
import Testing

@testable import ArchAArch64

/// Requests and results are ICC_SGI1R_EL1 values: IHI 0069, 12.2. Aff3 55:48, RS 47:44, IRM 40,
/// Aff2 39:32, INTID 27:24, Aff1 23:16, target list 15:0.
@Suite struct SGITargetsTests {
  private func targets(_ affinities: [UInt64]) -> SGITargets {
    SGITargets(count: affinities.count) { affinities[$0] }
  }

  @Test(
    arguments: [
      ([0], true), ([0, 1, 2, 3], true), ([2, 3], true), ([0x100, 0x101], true),
      ([0x1_0200_0304 & 0xff_00ff_ffff, 0x1_0200_0305 & 0xff_00ff_ffff], true), ([15], true),
      ([0, 2], false), ([1, 0], false), ([0, 0x100], false), ([15, 16], false),
      ([0x10, 0x11], true),
      ([14, 15, 16], false), (Array(0..<16), true), (Array(1..<17), false),
      ([0x0, 0x10000], false),
    ] as [([UInt64], Bool)])
  func knowsNeighbours(_ affinities: [UInt64], _ contiguous: Bool) {
    #expect(targets(affinities).isContiguous == contiguous)
  }

  @Test func packsAffinities() {
    // MPIDR Aff3 39:32, Aff2 23:16, Aff1 15:8, Aff0 7:0 with its upper half as the range selector.
    #expect(SGITargets.group(0x12_0034_5678) == 0x0012_7034_0056_0000)
    #expect(SGITargets.group(0x0f) == 0)
    #expect(SGITargets.group(0xff) == 0x0000_f000_0000_0000)
  }

  @Test func translatesByShift() {
    let targets = targets([0x0102, 0x0103, 0x0104])
    // INTID 7 to vCPUs 0 and 2.
    #expect(targets.physical(0x0700_0005, own: 0) == 0x0701_0014)
    // Targets that do not exist are dropped.
    #expect(targets.physical(0x0700_fff8, own: 0) == 0x0701_0000)
    #expect(targets.physical(0x0f00_ffff, own: 0) == 0x0f01_001c)
    // All but itself: IRM does not reach the hardware.
    #expect(targets.physical(0x0100_0300_0000, own: 1) == 0x0301_0014)
  }

  @Test(arguments: [UInt64(1) << 16, 1 << 23, 1 << 32, 1 << 39, 1 << 44, 1 << 47, 1 << 48, 1 << 55])
  func otherGroupsReachNobody(_ field: UInt64) {
    let targets = targets([0, 1])
    #expect(targets.vcpus(field | 0xffff, own: 0) == 0)
    #expect(targets.physical(field | 0x0200_ffff, own: 0) == 0x0200_0000)
  }

  @Test func allButSelfIgnoresTheRest() {
    let targets = targets([4, 9, 2])
    #expect(targets.vcpus(0x00ff_f1ff_0fff_ffff, own: 1) == 0b101)
    #expect(targets.vcpus(0x0000_0100_0000_0000, own: 0) == 0b110)
  }

  /// Whatever a zone writes: only its own CPUs, and no bit but INTID beyond its group and list.
  @Test(arguments: 0..<20) func anyRequestStaysInside(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...16, using: &random)
    let first = UInt64.random(in: 0...(16 - UInt64(count)), using: &random)
    let group =
      UInt64.random(in: 0...0xff, using: &random) << 32
      | .random(in: 0...0xffff, using: &random) << 8
      | .random(in: 0...0xf, using: &random) << 4
    let affinities = (0..<UInt64(count)).map { group + first + $0 }
    let targets = targets(affinities)
    #expect(targets.isContiguous)
    for _ in 0..<300 {
      let request = random.next()
      let own = UInt64.random(in: 0..<UInt64(count), using: &random)
      let sent = targets.physical(request, own: own)
      #expect(sent & ~0x0f00_ffff == SGITargets.group(affinities[0]))
      #expect(sent >> 24 & 0xf == request >> 24 & 0xf)
      let allowed = (UInt64(1) << UInt64(count)) - 1
      #expect(sent & 0xffff & ~(allowed << first) == 0)
      #expect(sent & 0xffff == targets.vcpus(request, own: own) << first)
    }
  }
}
