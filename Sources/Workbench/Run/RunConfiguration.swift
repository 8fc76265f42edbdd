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
