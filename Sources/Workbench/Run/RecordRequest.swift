/// Latency records to take from the machine's memory when the run ends.
package struct RecordRequest: Equatable, Sendable {
  /// Host-physical.
  package var base: UInt64
  /// Bytes.
  package var size: UInt64

  /// A range inside the machine's RAM.
  package init(base: UInt64, size: UInt64) {
    self.base = base
    self.size = size
  }
}
