import LatencyReport

/// `samples.raw` of jitterdebugger: 28-byte records, little endian, without padding: u32 cpu, u64
/// seconds, u64 nanoseconds (CLOCK_MONOTONIC), u64 value.
///
/// Facts from jitterdebugger.h (`struct latency_sample`, packed) and jitterdebugger.c (`store_file`).
/// The file does not say whether values are microseconds, the default, or nanoseconds.
enum JitterdebuggerSamplesReader {
  static let recordByteCount = 28
  /// CPUs a file may name.
  private static let cpuLimit: UInt32 = 4096

  /// Whether bytes at the start of a file are such records: CPU numbers small, nanoseconds below a
  /// second, at least one record.
  static func recognises(_ head: ArraySlice<UInt8>) -> Bool {
    let count = min(64, head.count / recordByteCount)
    guard count > 0 else { return false }
    return (0..<count).allSatisfy { index in
      let at = head.startIndex + index * recordByteCount
      let (seconds, nanoseconds) = (integer(head, at + 4, 8), integer(head, at + 12, 8))
      return integer(head, at, 4) < UInt64(cpuLimit) && nanoseconds < 1_000_000_000
        && seconds < 1 << 33 && seconds | nanoseconds != 0
    }
  }

  static func read(_ stream: ByteStream, _ options: ReadOptions) throws(FormatError) -> Draft {
    let unit = options.unit ?? .microseconds
    var collectors: [UInt32: SampleCollector] = [:]
    var latest: [UInt32: UInt64] = [:]
    var count = 0
    // The limit of samples in order is shared evenly by as many CPUs as usual machines have.
    let limit = max(1, options.orderedLimit / 16)
    while true {
      try stream.fill(recordByteCount)
      let whole = stream.available / recordByteCount
      guard whole > 0 else { break }
      for index in 0..<whole {
        let at = stream.start + index * recordByteCount
        let cpu = UInt32(truncatingIfNeeded: integer(stream.buffer[...], at, 4))
        let (seconds, nanoseconds) = (
          integer(stream.buffer[...], at + 4, 8), integer(stream.buffer[...], at + 12, 8)
        )
        guard cpu < cpuLimit, nanoseconds < 1_000_000_000, seconds < 1 << 33 else {
          throw error(
            stream, index, count, "no sample: cpu \(cpu), \(seconds) s, \(nanoseconds) ns",
            "the file is damaged or mixed; get it again")
        }
        let time = seconds * 1_000_000_000 + nanoseconds
        if let before = latest[cpu], time < before {
          throw error(
            stream, index, count, "the time of cpu \(cpu) goes back", "give one run in each file")
        }
        latest[cpu] = time
        collectors[cpu, default: SampleCollector(limit: limit)].add(
          integer(stream.buffer[...], at + 20, 8), time: time)
        count += 1
      }
      stream.consume(whole * recordByteCount)
    }
    guard stream.available == 0 else {
      throw error(
        stream, 0, count, "\(stream.available) bytes of a sample that has 28",
        "the file is cut off; get the whole file")
    }
    var draft = Draft(.jitterdebuggerSamples, ticksPerSecond: unit.perSecond)
    draft.note(
      "unit", "\(unit.rawValue)\(options.unit == nil ? ", jitterdebugger's default" : ", as told")")
    for (cpu, collector) in collectors.sorted(by: { $0.key < $1.key }) {
      draft.series.append(collector.series("jitterdebugger", "cpu \(cpu)"))
    }
    return draft
  }

  private static func error(
    _ stream: ByteStream, _ index: Int, _ count: Int, _ problem: String, _ advice: String
  ) -> FormatError {
    FormatError(
      .offset(stream.offset + index * recordByteCount), problem, read: "\(count) samples", advice)
  }

  @inline(__always)
  private static func integer(_ bytes: ArraySlice<UInt8>, _ at: Int, _ size: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<size { value |= UInt64(bytes[at + index]) << UInt64(index * 8) }
    return value
  }
}
