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

  /// What was read so far, by CPU.
  private struct State {
    var collectors: [SampleCollector] = []
    /// Index in `collectors` and latest time, by CPU number; -1: no sample yet.
    var slots = [Int](repeating: -1, count: Int(cpuLimit))
    var latest = [UInt64](repeating: 0, count: Int(cpuLimit))
    var count = 0
    /// Samples of each CPU kept in order.
    let limit: Int
  }

  static func read(_ stream: ByteStream, _ options: ReadOptions) throws(FormatError) -> Draft {
    let unit = options.unit ?? .microseconds
    // The samples kept in order are shared evenly by as many CPUs as usual machines have.
    var state = State(limit: max(1, options.orderedLimit / 16))
    while true {
      try stream.fill(recordByteCount)
      let whole = stream.available / recordByteCount
      guard whole > 0 else { break }
      try take(whole, of: stream, into: &state)
      stream.consume(whole * recordByteCount)
    }
    guard stream.available == 0 else {
      throw error(
        stream, 0, state.count, "\(stream.available) bytes of a sample that has 28",
        "the file is cut off; get the whole file")
    }
    var draft = Draft(.jitterdebuggerSamples, ticksPerSecond: unit.perSecond)
    draft.note(
      "unit", "\(unit.rawValue)\(options.unit == nil ? ", jitterdebugger's default" : ", as told")")
    for (cpu, slot) in state.slots.enumerated() where slot >= 0 {
      draft.series.append(state.collectors[slot].series("jitterdebugger", "cpu \(cpu)"))
    }
    return draft
  }

  private static func take(
    _ whole: Int, of stream: ByteStream, into state: inout State
  ) throws(FormatError) {
    let buffer = stream.buffer
    // SAFETY: bytes have no invalid values as integers.
    let bytes = unsafe buffer.span.bytes
    for index in 0..<whole {
      let at = stream.start + index * recordByteCount
      // SAFETY (all four): `whole` records of 28 bytes lie between `start` and the buffer's end.
      let cpu = UInt32(
        littleEndian: unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: at, as: UInt32.self))
      let seconds = UInt64(
        littleEndian: unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: at + 4, as: UInt64.self))
      let nanoseconds = UInt64(
        littleEndian: unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: at + 12, as: UInt64.self))
      let value = UInt64(
        littleEndian: unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: at + 20, as: UInt64.self))
      guard cpu < cpuLimit, nanoseconds < 1_000_000_000, seconds < 1 << 33 else {
        throw error(
          stream, index, state.count, "no sample: cpu \(cpu), \(seconds) s, \(nanoseconds) ns",
          "the file is damaged or mixed; get it again")
      }
      let time = seconds * 1_000_000_000 + nanoseconds
      guard time >= state.latest[Int(cpu)] else {
        throw error(
          stream, index, state.count, "the time of cpu \(cpu) goes back",
          "give one run in each file")
      }
      state.latest[Int(cpu)] = time
      var slot = state.slots[Int(cpu)]
      if slot < 0 {
        slot = state.collectors.count
        state.slots[Int(cpu)] = slot
        state.collectors.append(SampleCollector(limit: state.limit))
      }
      state.collectors[slot].add(value, time: time)
      state.count &+= 1
    }
  }

  private static func error(
    _ stream: ByteStream, _ index: Int, _ count: Int, _ problem: String, _ advice: String
  ) -> FormatError {
    FormatError(
      .offset(stream.offset + index * recordByteCount), problem, read: counted(count, "sample"),
      advice)
  }

  @inline(__always)
  private static func integer(_ bytes: ArraySlice<UInt8>, _ at: Int, _ size: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<size { value |= UInt64(bytes[at + index]) << UInt64(index * 8) }
    return value
  }
}
