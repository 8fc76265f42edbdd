import Foundation
import SepKernel

/// One measurement of all paths.
struct Measurements: Sendable {
  private let board: MeasuredBoard
  private(set) var values: [MeasuredPath: Distribution] = [:]
  private(set) var emulator = ""

  /// Measured once for all tests, one board after the other: they want the same host CPU.
  static func now(_ board: MeasuredBoard) async throws -> Measurements {
    try await MeasuredOnce.shared.measurements(board)
  }

  /// Measures; a second time if the first looks like QEMU's race on wake-ups from WFI and like nothing
  /// else. Then only the second counts: what the kernel does is the same in every run, so that a real
  /// late wake-up comes again.
  fileprivate static func robust(_ board: MeasuredBoard) throws -> Measurements {
    let first = try Measurements(board)
    guard let baseline = try? BaselineFile.load(board) else { return first }
    let different = MeasuredPath.allCases.filter { path in
      first.values[path].map { $0.description != baseline.paths[path.rawValue]?.measured } ?? true
    }
    let isRace = different.allSatisfy { path in
      guard path == .timerIdle || path == .timerIdleBare, let value = first.values[path],
        let expected = baseline.paths[path.rawValue].flatMap({ Distribution($0.measured) })
      else { return false }
      return value.looksLikeWakeUpRace(expected: expected)
    }
    return !different.isEmpty && isRace ? try Measurements(board) : first
  }

  init(_ board: MeasuredBoard) throws {
    self.board = board
    try measureZone()
    try measureBare()
    try measureStart()
    try measureSize()
  }

  /// Where the numbers came from, for the baseline file.
  func provenance() throws -> BaselineFile.Provenance {
    var images: [String: String] = [:]
    for path in [
      board.kernel, board.guest("rt-control"), board.guest("boot-probe"),
    ] {
      let sum = try Tool.run("/usr/bin/sha256sum", [path])
      images[path] = String(sum.prefix { $0 != " " })
    }
    return BaselineFile.Provenance(
      date: Date.now.formatted(.iso8601), emulator: emulator, images: images)
  }

  private mutating func measureZone() throws {
    let (guest, record) = try runSystem("rt-control")
    let reports = try JSONDecoder().decode(RecordReport.self, from: hvlat(record))
    for path in [
      MeasuredPath.timerBusy, .timerIdle, .ipiSelf, .controllerRead, .firmwareCall, .controlLoop,
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
    values[.bootWithPayload] = Distribution(try start(guest, record))
  }

  private mutating func measureBare() throws {
    let guest = GuestResults(
      try Tool.run("guests/bare", board.bareMachine + ["rt-control", "100000"]))
    values[.timerBusyBare] = try guest.distribution("timer-busy")
    values[.timerIdleBare] = try guest.distribution("timer-idle")
    values[.ipiSelfBare] = try guest.distribution(MeasuredPath.ipiSelf.rawValue)
    values[.controllerReadBare] = try guest.distribution(
      MeasuredPath.controllerRead.rawValue)
    values[.controlLoopBare] = try guest.distribution("control-loop")
  }

  private mutating func measureStart() throws {
    let (guest, record) = try runSystem("boot-probe")
    values[.boot] = Distribution(try start(guest, record))
    values[.restart] = Distribution(try guest.value("restart", "ticks"))
  }

  /// From the beginning to the guest's first instruction.
  private func start(_ guest: GuestResults, _ record: Data) throws -> UInt64 {
    let tick = try guest.value("boot", "ticks")
    guard board.hasFirmware else { return tick }
    // bootTick (docs/record-format.md).
    let entry = record.dropFirst(128).prefix(8).reversed().reduce(0 as UInt64) {
      $0 << 8 | UInt64($1)
    }
    guard entry > 0, entry < tick else {
      throw MeasurementError(
        description: "the kernel was entered at \(entry), the guest at \(tick)")
    }
    return tick - entry
  }

  private mutating func measureSize() throws {
    let loaded = try KernelImage.loadedBytes(try Tool.data(board.kernelFile))
    values[.loadedBytes] = Distribution(loaded)
    // The image is in memory as the file has it (docs/interfaces.md), the Plan follows.
    let image = try Tool.data(board.kernel).count
    values[.reservedBytes] = Distribution(UInt64(image + Plan.byteCount(zones: 16)))
  }

  /// Runs a system of measurements/systems to its end: what its zone `name` printed, and the record.
  private mutating func runSystem(
    _ name: String
  ) throws -> (guest: GuestResults, record: Data) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hv-baseline-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = "\(folder)/record.hvlat"
    let json = try Tool.run(
      "build/bin/hv",
      [
        "run", "measurements/systems/\(board.system(name)).yaml", "--icount", "--quiet", "--json",
        "--timeout",
        "100", "--log-dir", folder, "--record", file,
      ])
    struct Run: Decodable { var qemuVersion: String }
    emulator = "QEMU \(try JSONDecoder().decode(Run.self, from: Data(json.utf8)).qemuVersion)"
    let log = FileManager.default.contents(atPath: "\(folder)/\(name).log") ?? Data()
    return (
      GuestResults(String(decoding: log, as: UTF8.self)),
      try Data(contentsOf: URL(fileURLWithPath: file))
    )
  }

  /// What hvlat says of a record, as JSON.
  private func hvlat(_ record: Data) throws -> Data {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("hv-baseline-\(UUID().uuidString.prefix(8)).hvlat")
    try record.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return Data(try Tool.run("build/bin/hvlat", ["analyze", "--json", file.path]).utf8)
  }
}

/// The measurements of each board, made when first asked for.
private actor MeasuredOnce {
  static let shared = MeasuredOnce()
  private var results: [MeasuredBoard: Result<Measurements, any Error>] = [:]

  /// Without a point where it waits, so that two boards are never measured at the same time.
  func measurements(_ board: MeasuredBoard) throws -> Measurements {
    if let result = results[board] { return try result.get() }
    let result = Result { try Measurements.robust(board) }
    results[board] = result
    return try result.get()
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
