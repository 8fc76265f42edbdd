import Boards
import PlanTestSupport
import SepKernel
import Testing

@testable import ZoneLoader

/// Damaged input to every parser of this library, for a bounded time (see `FuzzRun`): refused or
/// read as something that keeps the parser's promises, never a crash.
@Suite struct FuzzTests {
  /// What `ZoneImage` promises of whatever it accepts.
  private func check(_ file: [UInt8], _ request: ImageRequest, _ fuzz: FuzzRun) {
    guard let image = try? ZoneImage.read(file, request) else { return }
    for segment in image.segments {
      #expect(request.memory.contains { $0.contains(segment.range) }, "\(fuzz)")
      #expect(UInt64(segment.bytes.count) <= segment.memorySize, "\(fuzz)")
    }
    #expect(
      image.segments.contains { $0.isExecutable && $0.range.contains(image.entry) }, "\(fuzz)")
    #expect(PayloadList(image.segments, memory: request.memory) != nil, "\(fuzz)")
  }

  @Test(arguments: [true, false]) func elf(_ is64: Bool) {
    var elf = ElfReaderTests.good()
    elf.is64 = is64
    elf.machine = is64 ? 183 : 40
    let file = elf.build()
    let fuzz = FuzzRun(is64 ? "ELF64" : "ELF32")
    let rounds = fuzz { random in
      check(FuzzRun.damage(file, head: 180, &random), ElfReaderTests.request(), fuzz)
    }
    #expect(rounds > 100)
  }

  @Test(arguments: [false, true]) func linuxImage(_ isCompressed: Bool) throws {
    let plain = ZoneLoaderTests.linuxImage(size: 2000, imageSize: 6000)
    let file = isCompressed ? try run(["gzip", "-c"], input: plain) : plain
    let request = ImageRequest(
      file: "Image", architecture: .aarch64,
      memory: [AddressRange(base: 0x4000_0000, size: 64 << 20)])
    let fuzz = FuzzRun(isCompressed ? "gzip" : "Image")
    let rounds = fuzz { random in check(FuzzRun.damage(file, head: 64, &random), request, fuzz) }
    #expect(rounds > 100)
  }

  /// What is accepted has zones whose CPUs the board has.
  @Test func systemDescription() throws {
    let seeds = [PlannerTests.demo, SystemDescriptionTests.every].map { Array($0.utf8) }
    let fuzz = FuzzRun("system.yaml")
    var good = 0
    let rounds = fuzz { random in
      let seed = seeds[Int(random.next() % 2)]
      let text = String(decoding: FuzzRun.damage(seed, head: seed.count, &random), as: UTF8.self)
      guard let system = try? SystemDescription.parse(text, path: "s") else { return }
      good += 1
      #expect((1...Plan.zoneCapacity).contains(system.zones.count), "\(fuzz)")
      for zone in system.zones {
        #expect(zone.cpus.allSatisfy { system.board.cpus.indices.contains($0) }, "\(fuzz)")
        #expect(!zone.name.isEmpty && zone.name.utf8.count <= 15, "\(fuzz)")
      }
    }
    #expect(rounds > 100 && good > 5)
  }

  /// What is accepted can be planned for, or is refused with a reason.
  @Test(arguments: [Board.qemuVirtAArch64, .qemuVirtRISCV64, .xiangShanKunMingHu])
  func boardFile(_ board: Board) throws {
    let seed = Array(BoardFileWriter(board).text.utf8)
    let fuzz = FuzzRun("board file")
    var good = 0
    let workspace = try Workspace()
    try workspace.write(ZoneLoaderTests.linuxImage(size: 2000, imageSize: 6000), to: "a.elf")
    let rounds = fuzz { random in
      let text = String(decoding: FuzzRun.damage(seed, head: seed.count, &random), as: UTF8.self)
      guard let read = try? BoardFile.parse(text, path: "b") else { return }
      good += 1
      #expect(read.usableRAM.count <= Plan.ramCapacity, "\(fuzz)")
      #expect((try? BoardFile.parse(BoardFileWriter(read).text, path: "b")) == read, "\(fuzz)")
      guard var system = try? workspace.system(SystemDescriptionTests.minimal) else { return }
      system.board = read
      system.zones[0].load = nil
      system.zones[0].deviceTree = .none
      _ = try? Planner.plan(system, kernelImage: kernel, deviceTree: .blob([]))
    }
    #expect(rounds > 10 && good > 0)
  }

  @Test(arguments: [Board.qemuVirtAArch64, .qemuVirtRISCV64, .qemuVirtRISCV64AIA])
  func boardImport(_ board: Board) throws {
    let blob = try boardTree(board.name)
    let fuzz = FuzzRun("dts import")
    var good = 0
    let rounds = fuzz { random in
      let damaged = FuzzRun.damage(blob, head: blob.count, &random)
      guard let imported = try? BoardImport(flattened: damaged) else { return }
      good += 1
      let text = imported.boardFile(source: "s")
      _ = imported.literal(source: "s")
      guard imported.missing.isEmpty else { return }
      do {
        var board = imported.board
        board.sources = ["s"]
        #expect(try BoardFile.parse(text, path: "b") == board, "\(fuzz)")
      } catch {
        Issue.record("\(fuzz): \(error)")
      }
    }
    #expect(rounds > 10 && good > 0)
  }

  @Test(arguments: [Board.qemuVirtAArch64, .qemuVirtRISCV64, .qemuVirtRISCV64AIA])
  func deviceTree(_ board: Board) throws {
    let blob = try boardTree(board.name)
    let fuzz = FuzzRun("device tree")
    let rounds = fuzz { random in
      let damaged = FuzzRun.damage(blob, head: blob.count, &random)
      guard let root = try? DeviceTreeNode(flattened: damaged) else { return }
      let zone = ZoneDeviceTree(
        memory: [], cpus: [0],
        windows: [(host: AddressRange(base: 0, size: 1 << 40), guest: 0x1000)],
        lines: Set(0..<1024), board: board,
        interruptController: (0..<2).map { AddressRange(base: $0 << 20, size: 0x1000) },
        console: (base: 0x0900_0000, line: 33))
      _ = try? zone.tree(board: root).flattened()
    }
    #expect(rounds > 20)
  }

  @Test func theSameSeedGivesTheSameCases() {
    func cases(_ seed: String) -> [UInt64] {
      var numbers: [UInt64] = []
      let fuzz = FuzzRun("itself", environment: ["HV_FUZZ_SEED": seed, "HV_FUZZ_SECONDS": "0.01"])
      let rounds = fuzz { numbers.append($0.next()) }
      #expect(rounds == numbers.count)
      return Array(numbers.prefix(5))
    }
    #expect(cases("7") == cases("7"))
    #expect(cases("7") != cases("8"))
  }
}
