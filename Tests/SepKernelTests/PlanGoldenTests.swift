import Foundation
import PlanTestSupport
import SepKernel
import Testing

/// `Fixtures/plan-small*.hex` are the stored forms of `PlanBuilder.small()`, as text: offset, 16
/// bytes; `*` stands for rows equal to the one above. It changes only when the format changes, and then the
/// version must change too. To write it again: `UPDATE_FIXTURES=1 swift test --filter PlanGolden`.
@Suite struct PlanGoldenTests {
  private static func file(_ kind: PlanInterruptControllerKind = .gicV3) -> URL {
    let suffix =
      switch kind {
      case .gicV2: "-gicv2"
      case .gicV3: ""
      case .plic: "-plic"
      case .aia: "-aia"
      }
    return URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/plan-small\(suffix).hex")
  }

  @Test(arguments: PlanInterruptControllerKind.allCases)
  func smallPlanHasTheGoldenBytes(_ kind: PlanInterruptControllerKind) throws {
    let builder = PlanBuilder.small(kind)
    builder.seal()
    let text = Self.dump(builder.bytes)
    if ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] != nil {
      try text.write(to: Self.file(kind), atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.file(kind), encoding: .utf8) == text)
  }

  @Test func goldenRISCVBytesReadBack() throws {
    let builder = PlanBuilder.small(.aia)
    builder.bytes = try Self.parse(String(contentsOf: Self.file(.aia), encoding: .utf8))
    let plan = try builder.admit()
    #expect(plan.interruptController.knownKind == .aia)
    #expect(plan.interruptController.parameter == 1)
    #expect(plan.interruptController.regions[1].base == 0x2800_0000)
    #expect(plan.firstSharedLine == 1)
    #expect(plan.cycleFrequency == 1_000_000_000)
    #expect(plan.uart.registerWidth == 1)
    #expect(plan.cpu(3).controllerIndex == 3)
    #expect(plan.cpu(3).owner == PlanOwner.nobody)
  }

  @Test func goldenBytesAreAdmittedAndReadBack() throws {
    let builder = PlanBuilder.small()
    builder.bytes = try Self.parse(String(contentsOf: Self.file(), encoding: .utf8))
    let plan = try builder.admit()
    #expect(plan.zoneCount == 2)
    #expect(plan.cpuCount == 4)
    #expect(plan.lineCount == 288)
    #expect(plan.ramCount == 2)
    #expect(plan.ram(0).base == 0x4000_0000)
    #expect(plan.device(1).size == 0x4000)
    #expect(plan.interruptController.regions[1].base == 0x080a_0000)
    #expect(plan.uart.line == 33)
    #expect(plan.kernel.base == 0x4020_0000)
    #expect(plan.tables.size == 0x4_0000)
    #expect(plan.records.base == 0x4050_0000)
    #expect(plan.counterFrequency == 62_500_000)
    #expect(plan.cpu(2).owner == 1)
    #expect(plan.line(34).owner == 0)
    #expect(plan.line(210).kind == PlanLine.doorbell)
    #expect(plan.boardName(0) == UInt8(ascii: "s"))
    #expect(plan.pointer.pointee.header.imageHash[1] == 0x99aa_bbcc_ddee_ff00)
  }

  @Test func goldenZoneReadsBack() throws {
    let builder = PlanBuilder.small()
    builder.bytes = try Self.parse(String(contentsOf: Self.file(), encoding: .utf8))
    let zone = try builder.admit().zone(1)
    #expect((0..<8).map { zone.name($0) } == Array("control\0".utf8))
    #expect(zone.kind == .zoneR)
    #expect(zone.flags == .console)
    #expect(zone.cpuCount == 1)
    #expect(zone.entry == 0x4000_1000)
    #expect(zone.argument(0) == 0)
    #expect(zone.consoleGuest == 0x0900_0000)
    #expect(zone.consoleLine == 209)
    #expect(zone.stimulusLine == 210)
    #expect(zone.interruptControllerGuest(0) == 0x0800_0000)
    #expect(zone.interruptControllerGuest(1) == 0x080a_0000)
    #expect(zone.rangeCount == 3)
    #expect(zone.payloadCount == 2)
    #expect(zone.range(1).host == 0x4188_0000)
    #expect(zone.range(2).kind == PlanRangeKind.stamps.rawValue)
    #expect(zone.payload(1).source == 0x4025_6000)
    #expect(zone.payload(1).memorySize == 0x3000)
    #expect(try builder.admit().zone(0).argument(0) == 0x4000_0000)
  }

  private static func dump(_ bytes: [UInt8]) -> String {
    var text = ""
    var previous = ""
    var starred = false
    for start in stride(from: 0, to: bytes.count, by: 16) {
      let row = bytes[start..<min(start + 16, bytes.count)]
        .map { String(format: "%02x", $0) }.joined(separator: " ")
      if row == previous, start + 16 < bytes.count {
        if !starred { text += "*\n" }
        starred = true
      } else {
        text += String(format: "%06x  ", start) + row + "\n"
        starred = false
      }
      previous = row
    }
    return text
  }

  private static func parse(_ text: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for line in text.split(separator: "\n") where line != "*" {
      let fields = line.split(separator: " ")
      let offset = try #require(Int(fields[0], radix: 16))
      while bytes.count < offset { bytes.append(bytes[bytes.count - 16]) }
      for field in fields.dropFirst() { bytes.append(try #require(UInt8(field, radix: 16))) }
    }
    return bytes
  }
}
