/// What came of a run.
package struct RunResult: Sendable {
  /// Why it is over.
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
