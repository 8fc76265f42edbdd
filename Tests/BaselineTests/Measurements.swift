import Foundation
import SepKernel

/// One measurement of all paths.
struct Measurements: Sendable {
  private(set) var values: [MeasuredPath: Distribution] = [:]
  private(set) var emulator = ""

  /// Measured once for all tests.
  static let now = Task { try Measurements.robust() }

  /// Measures; a second time if the first looks like QEMU's race on wake-ups from WFI and like nothing
  /// else. Then only the second counts: what the kernel does is the same in every run, so that a real
  /// late wake-up comes again.
  private static func robust() throws -> Measurements {
    let first = try Measurements()
    guard let baseline = try? BaselineFile.load() else { return first }
    let different = MeasuredPath.allCases.filter { path in
      first.values[path].map { $0.description != baseline.paths[path.rawValue]?.measured } ?? true
    }
    let isRace = different.allSatisfy { path in
      guard path == .timerIdle || path == .timerIdleBare, let value = first.values[path],
        let expected = baseline.paths[path.rawValue].flatMap({ Distribution($0.measured) })
      else { return false }
      return value.looksLikeWakeUpRace(expected: expected)
    }
    return !different.isEmpty && isRace ? try Measurements() : first
  }

  init() throws {
    try measureZone()
    try measureBare()
    try measureStart()
    try measureSize()
  }

  /// Where the numbers came from, for the baseline file.
  func provenance() throws -> BaselineFile.Provenance {
    var images: [String: String] = [:]
    for path in [
      "build/images/kernel-aarch64.bin", "build/guests/rt-control.elf",
      "build/guests/boot-probe.elf",
    ] {
      let sum = try Tool.run("/usr/bin/sha256sum", [path])
      images[path] = String(sum.prefix { $0 != " " })
    }
    return BaselineFile.Provenance(
      date: Date.now.formatted(.iso8601), emulator: emulator, images: images)
  }

  private mutating func measureZone() throws {
    let (guest, record) = try runSystem("rt-control", record: true)
    let reports = try JSONDecoder().decode(RecordReport.self, from: record)
    for path in [
      MeasuredPath.timerBusy, .timerIdle, .sgiSelf, .distributorRead, .psciVersion, .controlLoop,
    ] {
      let measured = try reports.distribution(path.rawValue)
      // The guest's own statistics must agree with its stamps.
      guard try guest.distribution(path.rawValue) == measured else {
        throw MeasurementError(
          description: "\(path.rawValue): stamps say \(measured), the guest says otherwise")
      }
      values[path] = measured
    }
    values[.timerBusyExits] = Distribution(try guest.value("timer-busy", "exits"))
    values[.timerIdleExits] = Distribution(try guest.value("timer-idle", "exits"))
    values[.bootWithPayload] = Distribution(try guest.value("boot", "ticks"))
  }

  private mutating func measureBare() throws {
    let guest = GuestResults(try Tool.run("guests/bare", ["rt-control", "100000"]))
    values[.timerBusyBare] = try guest.distribution("timer-busy")
    values[.timerIdleBare] = try guest.distribution("timer-idle")
    values[.sgiSelfBare] = try guest.distribution("sgi-self")
    values[.distributorReadBare] = try guest.distribution("gicd-read")
    values[.controlLoopBare] = try guest.distribution("control-loop")
  }

  private mutating func measureStart() throws {
    let (guest, _) = try runSystem("boot-probe", record: false)
    values[.boot] = Distribution(try guest.value("boot", "ticks"))
    values[.restart] = Distribution(try guest.value("restart", "ticks"))
  }

  private mutating func measureSize() throws {
    let loaded = try KernelImage.loadedBytes(try Tool.data("build/images/kernel-aarch64.elf"))
    values[.loadedBytes] = Distribution(loaded)
    // The image is in memory as the file has it (docs/interfaces.md), the Plan follows.
    let image = try Tool.data("build/images/kernel-aarch64.bin").count
    values[.reservedBytes] = Distribution(UInt64(image + Plan.byteCount(zones: 16)))
  }

  /// Runs measurements/systems/NAME.yaml to its end: what the guest printed, and hvlat's JSON.
  private mutating func runSystem(
    _ name: String, record: Bool
  ) throws -> (guest: GuestResults, record: Data) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hv-baseline-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = "\(folder)/record.hvlat"
    let json = try Tool.run(
      "build/bin/hv",
      [
        "run", "measurements/systems/\(name).yaml", "--icount", "--quiet", "--json", "--timeout",
        "100", "--log-dir", folder,
      ] + (record ? ["--record", file] : []))
    struct Run: Decodable { var qemuVersion: String }
    emulator = "QEMU \(try JSONDecoder().decode(Run.self, from: Data(json.utf8)).qemuVersion)"
    let log = FileManager.default.contents(atPath: "\(folder)/\(name).log") ?? Data()
    let report = record ? try Tool.run("build/bin/hvlat", ["analyze", "--json", file]) : ""
    return (GuestResults(String(decoding: log, as: UTF8.self)), Data(report.utf8))
  }
}

/// What `hvlat analyze --json` says, as far as it is used here.
private struct RecordReport: Decodable {
  struct Report: Decodable { var measurements: [Measurement] }
  struct Measurement: Decodable {
    var measurement: String
    var values: [Values]
  }
  struct Values: Decodable {
    var low: UInt64
    var high: UInt64
    var count: UInt64
  }
  var reports: [Report]

  /// The samples of a measurement, each an exact value.
  func distribution(_ name: String) throws -> Distribution {
    let found = reports.flatMap(\.measurements).filter { $0.measurement == name }
    guard found.count == 1, !found[0].values.isEmpty else {
      throw MeasurementError(description: "the record has \(found.count) measurements of \(name)")
    }
    var counts: [UInt64: UInt64] = [:]
    for value in found[0].values {
      guard value.low == value.high else {
        throw MeasurementError(description: "the record has no exact values of \(name)")
      }
      counts[value.low, default: 0] += value.count
    }
    return Distribution(counts: counts)
  }
}
