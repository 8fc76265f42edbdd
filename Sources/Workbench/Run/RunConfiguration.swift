/// Latency records to take from the machine's memory when the run ends.
package struct RecordRequest: Equatable, Sendable {
  /// Host-physical.
  package var base: UInt64
  /// Bytes.
  package var size: UInt64

  package init(base: UInt64, size: UInt64) {
    self.base = base
    self.size = size
  }
}

/// Everything one run of a machine is told.
package struct RunConfiguration {
  package var command: QEMUCommand
  /// By index in the Plan.
  package var zones: [RunZone]
  package var policy: RunPolicy
  /// Seconds of wall time after which the run ends; nil: no limit.
  package var timeout: Double?
  package var logFolder: String
  /// The zone the keyboard types at, by index; nil: no zone has a console.
  package var keyboardZone: Int?
  /// Where console lines are printed; nil: nowhere.
  package var output: Int32?
  package var style = ConsolePrinter.Style(colour: false, aligned: false)
  package var record: RecordRequest?
  /// Folder for the machine protocol's socket and the dump; absolute and short.
  package var scratchFolder: String

  package init(
    command: QEMUCommand, zones: [RunZone], policy: RunPolicy, logFolder: String,
    scratchFolder: String
  ) {
    self.command = command
    self.zones = zones
    self.policy = policy
    self.logFolder = logFolder
    self.scratchFolder = scratchFolder
  }
}

/// What came of a run.
package struct RunResult: Sendable {
  package var end: RunEnd
  /// State of each zone at the end, by index.
  package var states: [RunPolicy.ZoneState]
  /// Seconds of wall time from QEMU's start.
  package var seconds: Double
  /// The last lines of the source the end is about, or of all; oldest first, with their prefix.
  package var lastLines: [String]
  /// What QEMU wrote to its standard error, the last lines.
  package var emulatorMessages: [String]
  /// Things a person should know that did not end the run.
  package var warnings: [String]
  /// The raw latency records, if asked for.
  package var record: [UInt8]?
}
