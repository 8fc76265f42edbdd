@testable import ArchCommon

/// An interrupt controller that is plain bytes and remembers every access; outside it there is nothing.
final class RecordingBus: SizedBus {
  struct Access: Equatable {
    var offset: UInt64
    var size: UInt64
    /// Nil for a load.
    var value: UInt64?
  }

  static let base: UInt64 = 0x0800_0000
  private var bytes: [UInt8]
  var log: [Access] = []
  /// Where stores change nothing, and how many more.
  private var refusals: [UInt64: Int] = [:]

  /// `size` bytes, each of which holds `fill`.
  init(fill: UInt8 = 0, size: Int = 0x1_0000) { bytes = Array(repeating: fill, count: size) }

  var stores: [Access] { log.filter { $0.value != nil } }

  /// Bytes as they are, without a trace in the log.
  func peek(_ offset: UInt64, _ size: UInt64 = 4) -> UInt64 {
    (0..<size).reduce(0) { $0 | UInt64(bytes[Int(offset + $1)]) << (8 * $1) }
  }

  /// Sets bytes without a trace in the log.
  func poke(_ offset: UInt64, _ value: UInt64, _ size: UInt64 = 4) {
    for byte in 0..<size { bytes[Int(offset + byte)] = UInt8(value >> (8 * byte) & 0xff) }
  }

  /// The next `times` stores there change nothing.
  func refuse(_ offset: UInt64, times: Int) { refusals[offset] = times }

  func load(_ address: UInt64, _ size: UInt64) -> UInt64 {
    let offset = address - Self.base
    precondition(offset % size == 0, "unaligned load")
    log.append(Access(offset: offset, size: size, value: nil))
    return peek(offset, size)
  }

  func store(_ address: UInt64, _ size: UInt64, _ value: UInt64) {
    let offset = address - Self.base
    precondition(offset % size == 0, "unaligned store")
    log.append(Access(offset: offset, size: size, value: value))
    if let left = refusals[offset], left > 0 {
      refusals[offset] = left - 1
    } else {
      poke(offset, value, size)
    }
  }
}
