public import Foundation
internal import GRDB
public import LatencyReport

/// Runs of many builds in one SQLite file.
///
/// The file is recognised by its `application_id` (sqlite.org/fileformat2.html, 1.3.18) and the schema's
/// version by `user_version`; a database of anything else is refused and never changed.
public struct HistoryStore: Sendable {
  /// `hvlh`.
  static let applicationID: Int64 = 0x6876_6c68
  static let version = 1

  private let queue: DatabaseQueue
  private let path: String

  /// Opens a history that exists.
  public init(reading path: String) throws(HistoryError) {
    try self.init(path, isReadOnly: true, patience: 3)
  }

  /// Opens a history, or makes one.
  public init(writing path: String) throws(HistoryError) {
    try self.init(path, isReadOnly: false, patience: 3)
  }

  /// `patience`: seconds to wait for another program that writes.
  init(_ path: String, isReadOnly: Bool, patience: Double) throws(HistoryError) {
    self.path = path
    guard !isReadOnly || FileManager.default.fileExists(atPath: path) else {
      throw .missing(path: path)
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard attributes?[.type] as? FileAttributeType != .typeDirectory else {
      throw .isFolder(path: path)
    }
    var configuration = Configuration()
    configuration.readonly = isReadOnly
    configuration.busyMode = .timeout(patience)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      if !isReadOnly { try queue.write { try Self.create($0) } }
      try queue.read { try Self.check($0, path) }
    } catch {
      throw HistoryError(error, path: path)
    }
  }

  /// Makes the tables in a database that has none.
  private static func create(_ database: Database) throws {
    guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else { return }
    try database.execute(
      sql: """
        CREATE TABLE run (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          date TEXT NOT NULL,
          source TEXT NOT NULL,
          board TEXT NOT NULL,
          image_hash TEXT NOT NULL,
          measurement TEXT NOT NULL,
          place TEXT NOT NULL,
          load TEXT NOT NULL,
          timebase TEXT NOT NULL,
          counter_frequency TEXT NOT NULL,
          icount_shift INTEGER,
          label TEXT NOT NULL,
          is_baseline INTEGER NOT NULL,
          distribution BLOB NOT NULL
        );
        CREATE INDEX run_key ON run (board, measurement, place, load);
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """)
  }

  private static func check(_ database: Database, _ path: String) throws {
    let id = try Int64.fetchOne(database, sql: "PRAGMA application_id")
    guard id == applicationID else { throw HistoryError.notHistory(path: path) }
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version <= Self.version else {
      throw HistoryError.newer(path: path, version: version)
    }
    let columns = try database.tableExists("run") ? database.columns(in: "run").map(\.name) : []
    let needed = [
      "id", "date", "source", "board", "image_hash", "measurement", "place", "load", "timebase",
      "counter_frequency", "icount_shift", "label", "is_baseline", "distribution",
    ]
    guard Set(needed).isSubset(of: columns) else { throw HistoryError.notHistory(path: path) }
  }

  /// Adds each series of a dataset; all of them or, on an error, none. Returns their numbers.
  @discardableResult
  public func add(
    _ dataset: Dataset, label: String = "", asBaseline: Bool = false, date: Date = .now
  ) throws(HistoryError) -> [Int64] {
    let day =
      dataset.provenance.first { $0.key == "date" }?.value ?? date.formatted(.iso8601)
    do {
      return try queue.write { database in
        try dataset.series.filter { $0.distribution.count > 0 }.map { series in
          let key = HistoryKey(dataset, series)
          try database.execute(
            sql: """
              INSERT INTO run (date, source, board, image_hash, measurement, place, load, timebase,
                counter_frequency, icount_shift, label, is_baseline, distribution)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
            arguments: [
              day, dataset.source, key.board, dataset.machine.imageHash, key.measurement, key.place,
              key.load, key.timebase, "\(key.counterFrequency)", key.icountShift.map { Int64($0) },
              label, asBaseline, try StoredDistribution.data(series.distribution),
            ])
          return database.lastInsertedRowID
        }
      }
    } catch {
      throw HistoryError(error, path: path)
    }
  }

  /// Runs in the order they were added.
  public func runs(_ filter: HistoryFilter = HistoryFilter()) throws(HistoryError) -> [HistoryRun] {
    do {
      return try queue.read { database in
        try Row.fetchAll(database, sql: "SELECT * FROM run ORDER BY id").compactMap { row in
          let key = Self.key(row)
          return filter.matches(key) ? try run(row, key) : nil
        }
      }
    } catch {
      throw HistoryError(error, path: path)
    }
  }

  /// Columns of a type nobody wrote read as empty: SQLite does not enforce types.
  private static func key(_ row: Row) -> HistoryKey {
    HistoryKey(
      board: text(row, "board"), measurement: text(row, "measurement"), place: text(row, "place"),
      load: text(row, "load"), timebase: text(row, "timebase"),
      counterFrequency: UInt64(text(row, "counter_frequency")) ?? 0,
      icountShift: Int64.fromDatabaseValue(row["icount_shift"]).flatMap { UInt32(exactly: $0) })
  }

  private func run(_ row: Row, _ key: HistoryKey) throws(HistoryError) -> HistoryRun {
    let id = Int64.fromDatabaseValue(row["id"]) ?? 0
    guard let data = Data.fromDatabaseValue(row["distribution"]),
      let distribution = StoredDistribution.read(data)
    else { throw .damagedRun(path: path, id: id) }
    return HistoryRun(
      id: id, date: Self.text(row, "date"), source: Self.text(row, "source"), key: key,
      imageHash: Self.text(row, "image_hash"), label: Self.text(row, "label"),
      isBaseline: Bool.fromDatabaseValue(row["is_baseline"]) ?? false, distribution: distribution)
  }

  /// Controls become U+FFFD: what somebody wrote into a file must not steer a terminal or a CI log.
  private static func text(_ row: Row, _ column: String) -> String {
    let text = String.fromDatabaseValue(row[column]) ?? ""
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }))
  }
}
