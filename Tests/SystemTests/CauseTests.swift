import Foundation
import Testing

/// The exit log from the kernel to the report: what ran inside the longest samples of a zone.
@Suite struct CauseTests {
  /// Some timer interrupts while the zone calls the kernel all the time: each that is late waited for such
  /// a call, which takes the full trap path. No more than the exit log can hold the calls of.
  private static func caller(_ board: TestBoard, samples: UInt64 = 20) throws -> SystemText.Zone {
    try board.rtControl(cpu: 0, samples: samples)
      .with("arguments", "[\(samples | 1 << 34), 0x2000_0000, 0x100_0000, 0]")
  }

  private static func busy(_ run: SystemRun) async throws -> [RecordReport.Worst] {
    #expect(run.exitCode == 0, "\(run)")
    let report = try await RecordReport.of(run)
    let series = report.measurements.first {
      $0.measurement == "timer-busy" && $0.origin == "zone rt-control"
    }
    return try #require(series, "\(run)").worst
  }

  @Test(arguments: TestBoard.allCases)
  func theCallThatDelayedAnInterruptIsNamed(board: TestBoard) async throws {
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 1, zones: [try Self.caller(board)]),
      .init(icount: true, timeout: 60, record: true))
    let worst = try await Self.busy(run)
    #expect(worst.count == 5 && worst.allSatisfy { $0.ticks > 20 }, "\(worst)")
    for sample in worst {
      #expect(sample.cause.kind == "inside", "\(sample)")
      let exits = try #require(sample.cause.exits, "\(sample)")
      // The exit that the deadline fell into, and no other: the handler comes right after it.
      #expect(exits.count == 1, "\(sample)")
      let exit = try #require(exits.first)
      #expect(exit.cpu == 0 && exit.exit.reason == "firmware-call", "\(sample)")
      // What is not the exit's is entry and return in assembly, counting and logging the exit (more for one of
      // 256 instructions, docs/measuring.md), and the handler's own way.
      let assembly = board.isRISCV ? 140 : 80
      #expect((sample.ticks - assembly...sample.ticks).contains(exit.inside), "\(sample)")
      #expect(exit.inside <= exit.exit.ticks, "\(sample)")
      let call: UInt32 = board.isRISCV ? 0x0000_0073 : 0xd400_0002
      #expect(
        try Self.instruction(left: exit.exit.pc, on: board) == call, "not a call: \(sample)")
      #expect(sample.cause.text.contains("went to an exit of cpu 0: firmware-call, "), "\(sample)")
    }
  }

  /// A neighbour's exits are no cause, however many there are.
  @Test(arguments: TestBoard.architectures)
  func exitsOfAnotherCPUAreNotNamed(board: TestBoard) async throws {
    let flood = try board.attacker("flood", kind: "zoneU", cpu: 1, attack: 120)
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 2, zones: [try Self.caller(board, samples: 1000), flood]),
      .init(icount: true, timeout: 60, until: ["rt-control:DONE"], record: true))
    let report = try await RecordReport.of(run)
    #expect(report.exits(ofCPU: 1).values.reduce(0, +) > 100, "\(run)")
    for sample in try await Self.busy(run) {
      #expect(!sample.cause.text.contains("cpu 1"), "\(sample)")
      #expect(sample.cause.exits?.allSatisfy { $0.cpu == 0 } ?? true, "\(sample)")
    }
  }

  /// The call with which rt-control left, by the address in its exit: AArch64 notes the one it returns to,
  /// RISC-V that of the call. From its image (ELF-64, little endian).
  private static func instruction(left pc: UInt64, on board: TestBoard) throws -> UInt32 {
    let address = board.isRISCV ? pc : pc - 4
    let path = try Built.guest("rt-control", for: board)
    let file = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      guard offset >= 0, offset + count <= file.count else { return 0 }
      return (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(file[offset + $1]) }
    }
    for index in 0..<Int(number(56, 2)) {
      let entry = Int(number(32, 8)) + index * Int(number(54, 2))
      let start = number(entry + 16, 8)
      guard number(entry, 4) == 1, address >= start, address - start < number(entry + 32, 8)
      else { continue }
      return UInt32(number(Int(number(entry + 8, 8) + address - start), 4))
    }
    throw SystemRun.NoResult(text: "rt-control has nothing at 0x\(String(address, radix: 16))")
  }
}
