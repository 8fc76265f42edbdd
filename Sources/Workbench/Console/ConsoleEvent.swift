/// Who wrote a piece of the console stream.
package enum ConsoleSource: Hashable, Sendable {
  case kernel
  /// Zone with this index in the Plan.
  case zone(Int)
  /// A line without a known prefix: firmware, the emulator, a damaged line.
  case unattributed
}

/// One step of the console stream, in stream order.
package enum ConsoleEvent: Equatable, Sendable {
  /// A line begins. `continued`: it is the rest of the source's last line, which the kernel had cut.
  case begin(ConsoleSource, continued: Bool)
  /// Bytes of the line that has begun; never empty, never with a line feed.
  case text(ConsoleSource, [UInt8])
  /// The line ended with these bytes: LF or CR LF.
  case end(ConsoleSource, [UInt8])
}
