import Boards
import PlanTestSupport
import SepKernel
import Testing

@testable import Checklist

/// A board with one fact spoilt.
struct SpoiltBoard: Sendable, CustomTestStringConvertible {
  var name: String
  /// The items that must fail: these and no others.
  var fails: [String]
  var spoil: @Sendable (inout Board) -> Void
  var testDescription: String { name }

  static let page = AddressRange(base: 0x0902_0000, size: 0x1000)

  static let all: [SpoiltBoard] = [
    SpoiltBoard(name: "no CPU", fails: ["facts"]) { $0.cpus = [] },
    SpoiltBoard(name: "no summary", fails: ["facts"]) { $0.summary = "" },
    SpoiltBoard(name: "name with a space", fails: ["facts"]) { $0.name = "my board" },
    SpoiltBoard(name: "controller of Arm", fails: ["facts"]) { $0.architecture = .riscv64 },
    SpoiltBoard(name: "two devices of one name", fails: ["facts"]) {
      $0.devices[1].name = $0.devices[2].name
    },
    SpoiltBoard(name: "a CPU twice", fails: ["cpus"]) { $0.cpus[2] = $0.cpus[1] },
    SpoiltBoard(name: "MPIDR with bit 31", fails: ["cpus"]) {
      $0.cpus[1].hardwareID = 0x8000_0001
    },
    SpoiltBoard(name: "a CPU that waits in RAM", fails: ["cpus"]) { board in
      for index in 0..<4 { board.cpus[index].releaseAddress = 0x4000_00d8 + 8 * UInt32(index) }
    },
    SpoiltBoard(name: "one CPU that waits", fails: ["cpus"]) {
      $0.cpus[1].releaseAddress = 0xe0
    },
    SpoiltBoard(name: "overlapping RAM", fails: ["ram-ranges"]) {
      $0.ram.append(AddressRange(base: 0x8000_0000, size: 1 << 30))
    },
    SpoiltBoard(name: "RAM out of order", fails: ["ram-ranges"]) {
      $0.ram.insert(AddressRange(base: 0x1_0000_0000, size: 1 << 30), at: 0)
    },
    SpoiltBoard(name: "RAM that wraps", fails: ["ram-ranges"]) {
      $0.ram.append(AddressRange(base: .max - 0xfff, size: 0x10_0000))
    },
    SpoiltBoard(name: "reserved outside RAM", fails: ["reserved"]) {
      $0.reserved = [AddressRange(base: 0x2000_0000, size: 0x1000)]
    },
    SpoiltBoard(name: "kernel in firmware", fails: ["kernel-load"]) {
      $0.reserved = [AddressRange(base: 0x4000_0000, size: 0x40_0000)]
    },
    SpoiltBoard(name: "kernel not aligned", fails: ["kernel-load"]) { $0.kernelBase += 0x1000 },
    SpoiltBoard(name: "kernel outside RAM", fails: ["kernel-load", "kernel-fits"]) {
      $0.kernelBase = 0x3000_0000
    },
    SpoiltBoard(name: "firmware behind the kernel", fails: ["kernel-fits"]) {
      $0.reserved = [AddressRange(base: 0x4021_0000, size: 0x1000)]
    },
    SpoiltBoard(name: "half a page", fails: ["windows"]) { $0.devices[1].regions[0].size = 0x200 },
    SpoiltBoard(name: "above 2^39", fails: ["windows"]) {
      $0.devices[1].regions[0].base = 1 << 39
    },
    SpoiltBoard(name: "too few redistributors", fails: ["windows"]) {
      $0.interruptController.regions[1].size = 0x4_0000
    },
    SpoiltBoard(name: "device over the UART", fails: ["window-overlap"]) {
      $0.devices[1].regions = [$0.uart.region]
    },
    SpoiltBoard(name: "device over the controller", fails: ["window-overlap"]) {
      $0.devices[1].regions = [AddressRange(base: 0x080b_0000, size: 0x1000)]
    },
    SpoiltBoard(name: "device in RAM", fails: ["window-overlap"]) {
      $0.devices[1].regions = [AddressRange(base: 0x5000_0000, size: 0x1000)]
    },
    SpoiltBoard(name: "private line", fails: ["lines"]) { $0.devices[1].lines = [27] },
    SpoiltBoard(name: "line beyond the last", fails: ["lines"]) { $0.devices[1].lines = [288] },
    SpoiltBoard(name: "negative line", fails: ["lines"]) { $0.devices[1].lines = [.min] },
    SpoiltBoard(name: "shared line", fails: ["lines"]) { $0.devices[1].lines = [39] },
    SpoiltBoard(name: "the UART's line", fails: ["lines"]) { $0.devices[1].lines = [33] },
    SpoiltBoard(name: "driven doorbell", fails: ["doorbells"]) { $0.devices[1].lines = [250] },
    SpoiltBoard(name: "doorbells beyond the last line", fails: ["doorbells"]) {
      $0.doorbells = 208..<400
    },
    SpoiltBoard(name: "UART among doorbells", fails: ["doorbells"]) { $0.uart.line = 208 },
  ]
}

@Suite struct StaticChecksTests {
  private func items(
    _ board: Board, kernelBytes: UInt64? = 1 << 20, system: ChecklistSystem? = nil
  ) -> [ChecklistItem] {
    StaticChecks(board: board, kernelBytes: kernelBytes, system: system).items()
  }

  @Test(arguments: Board.all) func noBoardOfOursFails(board: Board) {
    let failed = items(board).filter { $0.verdict == .fail }
    #expect(failed.isEmpty, "\(failed.map { "\($0.id): \($0.found)" })")
  }

  @Test(arguments: Board.all) func everyEntryHasItsItem(board: Board) {
    #expect(items(board).map(\.entry) == Catalogue.Facts.all)
  }

  @Test(arguments: SpoiltBoard.all) func aWrongFactFails(spoilt: SpoiltBoard) {
    var board = Board.qemuVirtAArch64
    spoilt.spoil(&board)
    let failed = items(board).filter { $0.verdict == .fail }
    #expect(failed.map(\.id) == spoilt.fails, "\(failed.map { "\($0.id): \($0.found)" })")
    #expect(failed.allSatisfy { !$0.found.isEmpty && !$0.action.isEmpty })
  }

  /// Of AArch64 a register tells the counter's frequency; a board may have no UART.
  @Test func factsThatMayBeMissing() {
    for (board, verdict) in [(Board.qemuVirtAArch64, Verdict.warn), (.qemuVirtRISCV64, .fail)] {
      var board = board
      board.counterFrequency = 0
      #expect(items(board).first?.verdict == verdict)
    }
    var board = Board.qemuVirtAArch64
    board.uart = BoardUART(kind: .none, region: AddressRange(base: 0, size: 0), line: 0)
    let facts = items(board)
    #expect(facts.first?.verdict == .warn)
    #expect(!facts.contains { $0.verdict == .fail }, "\(facts.filter { $0.verdict == .fail })")
  }

  @Test func riscvContextsAndFiles() {
    var plic = Board.qemuVirtRISCV64
    plic.cpus[1].controllerIndex = plic.cpus[0].controllerIndex
    #expect(items(plic).filter { $0.verdict == .fail }.map(\.id) == ["cpus"])
    var aia = Board.qemuVirtRISCV64AIA
    aia.cpus[3].controllerIndex = 8
    #expect(items(aia).filter { $0.verdict == .fail }.map(\.id) == ["windows"])
    aia = .qemuVirtRISCV64AIA
    aia.interruptController.parameter = .max
    #expect(items(aia).filter { $0.verdict == .fail }.map(\.id) == ["windows"])
    plic = .qemuVirtRISCV64
    plic.devices[0].lines = [96]
    #expect(items(plic).filter { $0.verdict == .fail }.map(\.id) == ["lines", "doorbells"])
    plic = .qemuVirtRISCV64
    plic.counterFrequency = 0
    #expect(items(plic).filter { $0.verdict == .fail }.map(\.id) == ["facts"])
    plic = .qemuVirtRISCV64
    plic.reserved = []
    #expect(items(plic).first { $0.id == "reserved" }?.verdict == .warn)
  }

  @Test func sizeOfTheImage() {
    let board = Board.qemuVirtAArch64
    #expect(items(board, kernelBytes: nil)[5].verdict == .notChecked)
    #expect(items(board, kernelBytes: 4 << 30)[5].verdict == .fail)
    let large = planned([("rt", true)], size: 3 << 30)
    #expect(items(board, kernelBytes: 1 << 20, system: large)[5].verdict == .fail)
    #expect(items(board, kernelBytes: nil, system: planned([("rt", true)]))[5].verdict == .ok)
  }

  /// Who reaches all memory is named, with the zone that has it.
  @Test func busMasters() throws {
    let fwcfg = AddressRange(base: 0x0902_0000, size: 0x1000)
    let with = items(.qemuVirtAArch64, system: planned([("net", false)], windows: [fwcfg]))
    let item = try #require(with.first { $0.id == "dma" })
    #expect(item.verdict == .warn && item.found == "zone net reaches all memory with fw-cfg")
    let without = items(.qemuVirtAArch64, system: planned([("net", false)]))
    #expect(without.first { $0.id == "dma" }?.verdict == .ok)
    var board = Board.qemuVirtAArch64
    board.devices = [
      BoardDevice(name: "ethernet0", regions: [fwcfg], summary: "a master nobody marked")
    ]
    #expect(items(board).first { $0.id == "dma" }?.verdict == .warn)
  }

  /// An IOMMU that the board has and the kernel does not drive is named: it is not said that there is none.
  @Test func busMastersBehindAnIOMMU() throws {
    for (board, device, front) in [
      (Board.phytiumPi, "pcie", "iommu@30000000 (arm,smmu-v3)"),
      (.xilinxZCU102, "gdma7", "iommu@fd800000 (arm,mmu-500)"),
    ] {
      let found = try #require(items(board).first { $0.id == "dma" }).found
      #expect(found.hasPrefix("no IOMMU that the kernel drives is in front of: "), "\(found)")
      #expect(found.contains("left as it is: \(front), in front of "), "\(found)")
      #expect(found.hasSuffix(", \(device)") || found.hasSuffix(" \(device)"), "\(found)")
      let window = try #require(board.device(named: device)).regions[0]
      let with = items(board, system: planned([("net", false)], windows: [window]))
      #expect(
        with.first { $0.id == "dma" }?.found
          == "zone net reaches all memory with \(device) (\(front) is left as it is)")
    }
    let plain = try #require(items(.qemuVirtAArch64).first { $0.id == "dma" }).found
    #expect(!plain.contains("left as it is"), "\(plain)")
  }

  /// The kernel refuses a Plan with more CPUs than it has stacks for, so the list does.
  @Test func moreCPUsThanStacks() throws {
    var board = Board.qemuVirtAArch64
    board.cpus = (0..<17).map { BoardCPU(UInt64($0 / 16) << 8 | UInt64($0 % 16)) }
    let item = try #require(items(board).first { $0.id == "cpus" })
    #expect(item.verdict == .fail && item.found.contains("stacks for 16 CPUs"), "\(item)")
    board.cpus.removeLast()
    #expect(items(board).first { $0.id == "cpus" }?.verdict == .ok)
  }

  @Test func refusedSystem() {
    let refused = items(.qemuVirtAArch64, system: .refused("s.yaml:3: zones: empty"))
    #expect(refused.last?.verdict == .fail && refused.last?.found == "s.yaml:3: zones: empty")
    #expect(items(.qemuVirtAArch64).last?.verdict == .notChecked)
  }

  /// Numbers as nobody would write them: an answer, whatever it is.
  @Test func extremes() {
    var generator = SeededGenerator(seed: 5)
    let edges: [UInt64] = [0, 1, 0xfff, 0x1000, 1 << 39, 1 << 63, .max - 0xfff, .max]
    func range() -> AddressRange {
      AddressRange(
        base: edges.randomElement(using: &generator) ?? 0,
        size: edges.randomElement(using: &generator) ?? 0)
    }
    let lines: [Int] = [.min, -1, 0, 31, 32, 1019, 1020, 1024, .max]
    for _ in 0..<2000 {
      for start in Board.all {
        var board = start
        board.ram = (0..<Int.random(in: 0...3, using: &generator)).map { _ in range() }
        board.reserved = (0..<Int.random(in: 0...2, using: &generator)).map { _ in range() }
        board.kernelBase = edges.randomElement(using: &generator) ?? 0
        board.lineCount = lines.randomElement(using: &generator) ?? 0
        board.uart.region = range()
        board.uart.line = lines.randomElement(using: &generator) ?? 0
        board.interruptController.regions = (0..<Int.random(in: 0...3, using: &generator)).map {
          _ in range()
        }
        board.interruptController.parameter = UInt32.random(in: 0...40, using: &generator)
        let (one, two) = (
          lines.randomElement(using: &generator) ?? 0, lines.randomElement(using: &generator) ?? 0
        )
        board.doorbells = min(one, two)..<max(one, two)
        board.devices = [
          BoardDevice(name: "d", regions: [range(), range()], lines: [one, two], summary: "")
        ]
        #expect(items(board).count == Catalogue.Facts.all.count)
      }
    }
  }
}
