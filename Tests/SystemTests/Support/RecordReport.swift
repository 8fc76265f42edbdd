import Foundation

/// What `hvlat analyze --json` says about the record of a run, as far as tests use it.
struct RecordReport: Decodable {
  var measurements: [Series]
  var exits: [CPU]

  /// The samples of one measurement from one origin.
  struct Series: Decodable {
    var measurement, origin: String
    var statistics: Statistics
    var worst: [Worst]
  }

  /// One of the longest samples.
  struct Worst: Decodable {
    struct Cause: Decodable {
      var kind, text: String
      var exits: [GapExit]?
    }
    struct GapExit: Decodable {
      var cpu: Int
      var exit: Exit
      var inside: Int
    }
    var ticks: Int
    var cause: Cause
  }

  /// One exit.
  struct Exit: Decodable {
    var reason: String
    var ticks: Int
    var pc: UInt64
  }

  struct Statistics: Decodable, Equatable {
    var samples: Int
    /// Absent without samples.
    var minimum, maximum: Int?
  }

  /// The exits of one CPU.
  struct CPU: Decodable {
    struct Reason: Decodable {
      struct Count: Decodable { var samples: Int }
      var reason: String
      var statistics: Count
    }
    var cpu: Int
    var reasons: [Reason]
  }

  /// The record of `run`, read by hvlat.
  static func of(_ run: SystemRun) async throws -> RecordReport {
    guard let record = run.record else { throw SystemRun.NoResult(text: "no record\n\(run)") }
    let folder = try ScratchFolder()
    let file = "\(folder.path)/run.hvlat"
    try record.write(to: URL(fileURLWithPath: file))
    let command = try await Command.run(
      Built.hvlat(), ["analyze", "--json", file], seconds: 60, folder: folder.path)
    struct File: Decodable { var reports: [RecordReport] }
    let reports = try JSONDecoder().decode(File.self, from: Data(command.output.utf8)).reports
    guard let report = reports.first, reports.count == 1 else {
      throw SystemRun.NoResult(text: "hvlat reports \(reports.count) records\n\(command.errors)")
    }
    return report
  }

  /// Exits of `cpu` by reason.
  func exits(ofCPU cpu: Int) -> [String: Int] {
    var counts: [String: Int] = [:]
    for reason in exits.first(where: { $0.cpu == cpu })?.reasons ?? [] {
      counts[reason.reason] = reason.statistics.samples
    }
    return counts
  }
}
