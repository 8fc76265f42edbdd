import Foundation
import Testing

/// RISC-V harts that lack something, as real ones do: the kernel finds out by trying
/// (docs/riscv64.md).
@Suite struct HartTests {
  private func run(
    _ cpu: String, on board: TestBoard = .riscv64AIA, record: Bool = false, kernel: Data? = nil
  ) async throws -> SystemRun {
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 2, zones: [board.rtControl(cpu: 0, samples: 200)]),
      .init(icount: true, timeout: 60, record: record, cpu: cpu, kernel: kernel))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(cpu): \(run)")
    return run
  }

  /// Without Sstc each timer interrupt is an exit, and each setting of the timer a call; both are counted.
  @Test(arguments: TestBoard.riscv)
  func withoutSstcTheTimerIsMediated(board: TestBoard) async throws {
    try await expectMediatedTimer(run("rv64,sstc=off", on: board, record: true), on: board)
  }

  /// The P550 traps writes of `henvcfg`. No hart of QEMU's with the H extension does, so the instruction in
  /// the kernel is made one that traps like it.
  @Test(arguments: TestBoard.riscv)
  func whereHenvcfgTrapsTheTimerIsMediated(board: TestBoard) async throws {
    var kernel = try Data(contentsOf: URL(fileURLWithPath: Built.kernel(board)))
    let write = Data([0x73, 0x10, 0xa5, 0x60])  // csrw henvcfg, a0
    let place = try #require(kernel.range(of: write))
    kernel.replaceSubrange(place, with: Data(count: 4))
    #expect(kernel.range(of: write) == nil)
    // Sstc stays on: without `henvcfg` a zone could not have it all the same.
    try await expectMediatedTimer(
      run("rv64", on: board, record: true, kernel: kernel), on: board)
  }

  /// Every hart of QEMU's has Sv39x4: in the kernel its trial is made one of no translation, which says that it is not there.
  @Test(arguments: TestBoard.riscv)
  func whereSv39x4IsNotThereSv48x4Is(board: TestBoard) async throws {
    func withoutSv39x4(_ image: Data) throws -> Data {
      // csrw hgatp, a0; csrr a0, hgatp
      let trial = Data([0x73, 0x10, 0x05, 0x68, 0x73, 0x25, 0x00, 0x68])
      var image = image
      let place = try #require(image.range(of: trial))
      image[place.lowerBound + 1] = 0x10
      image[place.lowerBound + 2] = 0x00  // csrw hgatp, zero
      #expect(image.range(of: trial) == nil)
      return image
    }
    let system = SystemText(
      board: board, cpus: 2, zones: [try board.rtControl(cpu: 0, samples: 200, forEver: true)])
    let image = try await DirectBoot.image(system)
    // The first tables of the pool are those of the only zone.
    let root = try PlannedImage(image, of: Built.kernel(board), zones: 1).plan().board.tables.base
    let text = try await DirectBoot.uart(
      withoutSv39x4(image), on: board, until: "RESULT timer-idle",
      machine: DirectBoot.Machine(atEnd: "xp /4gx \(root)"))
    // The root of four levels has a table for the first 512 GiB, and nothing for its third.
    let entries = text.matches(of: /: 0x([0-9a-f]{16}) 0x([0-9a-f]{16})/).flatMap {
      [UInt64($0.1, radix: 16), UInt64($0.2, radix: 16)]
    }
    #expect(entries.count == 4 && entries[0].map { $0 & 0xf } == 1, "\(text)")
    #expect(entries.dropFirst().allSatisfy { $0 == 0 }, "\(text)")
    let kernel = try Data(contentsOf: URL(fileURLWithPath: Built.kernel(board)))
    try await expectTimerAsEver(run("rv64", on: board, kernel: withoutSv39x4(kernel)), on: board)
  }

  /// More guest files than a zone gets lie between those of two harts: the zone has its own, and the others are not there.
  @Test(arguments: [3, 7])
  func moreGuestFilesThanOne(guests: Int) async throws {
    let board = TestBoard.riscv64AIA
    let system = SystemText(
      board: board, cpus: 2, zones: [try board.rtControl(cpu: 1, samples: 50)])
    let image = try PlannedImage(
      await DirectBoot.image(system), of: Built.kernel(board), zones: 1
    ).forged {
      $0.board.interruptController.parameter = UInt32((guests + 1).trailingZeroBitCount)
      // A page of the hart's own and one for each guest, of eight harts.
      $0.board.interruptController.regions[1].size = UInt64(guests + 1) * 0x1000 * 8
    }
    let text = try await DirectBoot.uart(
      image.bytes, on: board, until: "rt-control: DONE",
      machine: DirectBoot.Machine(name: "virt,aia=aplic-imsic,aia-guests=\(guests)"))
    let interrupts = try #require(text.results("rt-control: INTERRUPTS").first, "\(text)")
    #expect(interrupts["ipi"] == 50 && interrupts["unexpected"] == 0, "\(text)")
    let timers = text.replacing("\r\n", with: "\n").results("rt-control: RESULT timer-")
    #expect(timers.count == 2 && timers.allSatisfy { $0["exits"] == 0 }, "\(text)")
  }

  private func expectTimerAsEver(_ run: SystemRun, on board: TestBoard) throws {
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["exits"] == 0 && line["max"] == board.timerPath, "\(line)")
    }
  }

  private func expectMediatedTimer(_ run: SystemRun, on board: TestBoard) async throws {
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["samples"] == 200 && line["overruns"] == 0, "\(line)")
      #expect((line["exits"] ?? 0) >= 400 && (line["exits"] ?? 0) <= 410, "\(line)")
      #expect((line["min"] ?? 0) > board.timerPath, "\(line)")
    }
    let exits = try await RecordReport.of(run).exits(ofCPU: 0)
    #expect((exits["interrupt"] ?? 0) >= 1400, "\(exits)")
    #expect((exits["firmware-call"] ?? 0) >= 1400, "\(exits)")
  }

  /// What a kernel could lean on and this one does not need: the path of a timer interrupt is as ever.
  @Test(arguments: [
    "sv48=off", "svadu=off", "svinval=off", "zicbom=off,zicboz=off", "smstateen=on",
  ])
  func timerInterruptsAreAsEver(property: String) async throws {
    try expectTimerAsEver(await run("rv64,\(property)"), on: .riscv64AIA)
  }
}
