/// Everything one run of a machine is told.
package struct RunConfiguration {
  /// How QEMU is started.
  package var command: QEMUCommand
  /// By index in the Plan.
  package var zones: [RunZone]
  /// When the run is over, and what is typed until then.
  package var policy: RunPolicy
  /// Seconds of wall time after which the run ends; nil: no limit.
  package var timeout: Double?
  /// Folder of the logs; made if needed.
  package var logFolder: String
  /// The zone the keyboard types at, by index; nil: no zone has a console.
  package var keyboardZone: Int?
  /// Where console lines are printed; nil: nowhere.
  package var output: Int32?
  /// How console lines look.
  package var style = ConsolePrinter.Style(colour: false, aligned: false)
  /// Records to take at the end; needs the command's machine protocol. nil: none.
  package var record: RecordRequest?
  /// Folder for the machine protocol's socket and the dump; absolute and short.
  package var scratchFolder: String

  /// A run without timeout, keyboard, screen and records.
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
