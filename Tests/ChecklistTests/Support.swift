import Boards
import Foundation
import LatencyProbe

@testable import Checklist
@testable import LatencyReport

/// Files beside the tests, and lists made of them.
enum Fixture {
  static func path(_ name: String) -> String {
    Bundle.module.resourceURL?.appendingPathComponent("Fixtures/\(name)").path ?? name
  }

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
}

extension Checklist {
  /// A list of a board's log.
  static func of(
    _ text: String, board: Board = .qemuVirtAArch64, records: [Dataset] = [],
    system: ChecklistSystem? = nil
  ) -> Checklist {
    of(Array(text.utf8), board: board, records: records, system: system)
  }

  static func of(
    _ bytes: [UInt8], board: Board = .qemuVirtAArch64, records: [Dataset] = [],
    system: ChecklistSystem? = nil
  ) -> Checklist {
    var input = Input(board: board)
    if !bytes.isEmpty { input.logs = [("boot.log", bytes)] }
    input.records = records
    input.system = system
    input.provenance = [Origin("tool", "hv test"), Origin("log", "boot.log")]
    return Checklist(input)
  }

  subscript(id: String) -> ChecklistItem? { items.first { $0.id == id } }
}

/// The facts and one log of a system with these zones.
func planned(
  _ zones: [(name: String, isRealTime: Bool)], windows: [AddressRange] = [], size: UInt64 = 4 << 20
) -> ChecklistSystem {
  .planned(
    ChecklistSystem.PlannedFacts(
      path: "system.yaml", checksum: sixteenDigits(0x1234),
      kernelRegion: AddressRange(base: 0x4020_0000, size: size),
      zones: zones.enumerated().map {
        ChecklistSystem.PlannedFacts.Zone(
          name: $1.name, isRealTime: $1.isRealTime, cpus: [$0], windows: windows)
      }))
}

/// A sealed record of a run on hardware, or of one under icount.
func record(
  _ source: String = "run.hvlat", board: Board = .qemuVirtAArch64, zones: [(String, String)],
  load: String? = nil, isHardware: Bool = true, starts: UInt64 = 1, interruptExits: UInt64 = 0,
  series: [Series]
) -> Dataset {
  var machine = Machine(name: board.name, ticksPerSecond: 1_000_000_000)
  machine.planChecksum = 0x1234
  if !isHardware { machine.timebase = .icount }
  var dataset = Dataset(
    source: source, machine: machine,
    provenance: load.map { [ProvenanceItem("load", $0)] } ?? [], series: series, warnings: [])
  dataset.isSealed = true
  dataset.zones = zones.enumerated().map {
    ZoneSummary(name: $1.0, kind: $1.1, cpus: [$0], starts: starts)
  }
  var residency = Histogram()
  for _ in 0..<interruptExits { residency.record(100) }
  dataset.cpus = zones.enumerated().map {
    CPUResidency(
      index: $0, hardwareID: UInt64($0), zone: $1.0, probeCost: 0, longest: nil, last: nil,
      reasons: [ReasonResidency(reason: "interrupt", residency: residency)], log: nil)
  }
  return dataset
}

/// Samples of a zone's measurement.
func samples(
  _ zone: String, _ values: [UInt64], measurement: String = "timer-busy", misses: UInt64? = nil
) -> Series {
  Series(
    measurement: measurement, origin: .zone(zone), distribution: Distribution(values),
    misses: misses)
}
