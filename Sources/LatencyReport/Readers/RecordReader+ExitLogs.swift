import LatencyProbe

// The exit logs: written by the kernel, but a copy may be damaged or made while a CPU was writing.

extension RecordReader {
  /// The log of one CPU; nil when the record has none.
  mutating func readExitLog(cpu: Int) throws(RecordError) -> ExitHistory? {
    guard let section = sections[.exitLogs] else { return nil }
    let at = section.element(cpu)
    let field = "exitLogs[\(cpu)]"
    let magic: UInt64 = try reader.integer(at: at, "\(field).magic")
    guard magic == ExitLog.magicValue else { return nil }
    let logged: UInt64 = try reader.integer(at: at + 16, "\(field).logged")
    let capacity = UInt64(ExitLog.entryCount)
    // One less than fits: the oldest may have been half overwritten when the copy was made.
    let kept = min(logged, capacity - 1)
    var exits: [LoggedExit] = []
    for number in logged - kept..<logged {
      let entry = at + 64 + Int(number % capacity) * MemoryLayout<ExitLogEntry>.stride
      let name = "\(field).entries[\(number % capacity)]"
      let end: UInt64 = try reader.integer(at: entry, "\(name).end")
      let ticks: UInt64 = try reader.integer(at: entry + 8, "\(name).ticks")
      let reason: UInt64 = try reader.integer(at: entry + 16, "\(name).reason")
      guard ticks <= end, end >= exits.last?.end ?? 0 else {
        warn("cpu \(cpu): its exit log is damaged and was left out")
        return nil
      }
      exits.append(
        LoggedExit(
          end: end,
          exit: ExitEvent(
            reason: Self.reasonName(reason), ticks: ticks,
            pc: try reader.integer(at: entry + 24, "\(name).pc"))))
    }
    return ExitHistory(logged: logged, exits: exits)
  }
}
