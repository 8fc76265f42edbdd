internal import Foundation

/// A client of QEMU's machine protocol, just enough to stop a machine and read its memory.
///
/// Every command waits at most `patience` for its answer; events in between are skipped.
package final class QMPClient {
  /// A line longer than this is no QMP message of ours.
  package static let lineCapacity = 1 << 20

  private let socket: UnixSocket
  private let patience: Duration
  private var received: [UInt8] = []
  /// QEMU's version from its greeting.
  package private(set) var version = ""

  /// Connects to the socket file `path`, reads the greeting and leaves negotiation mode.
  package init(path: String, patience: Duration = .seconds(20)) throws(QMPError) {
    do {
      socket = try UnixSocket(path: path)
    } catch {
      throw .notConnected("\(error)")
    }
    self.patience = patience
    let deadline = ContinuousClock.now + patience
    guard case .greeting(let version) = try next(of: "greeting", until: deadline) else {
      throw .malformed("no greeting")
    }
    self.version = version
    try execute("qmp_capabilities")
  }

  /// Stops all CPUs; the machine's memory does not change afterwards.
  package func stop() throws(QMPError) { try execute("stop") }

  /// Lets stopped CPUs run on.
  package func resume() throws(QMPError) { try execute("cont") }

  /// Writes `size` bytes of host-physical memory from `base` to the file `path`.
  package func savePhysicalMemory(base: UInt64, size: UInt64, path: String) throws(QMPError) {
    try execute("pmemsave", PhysicalRange(val: base, size: size, filename: path))
  }

  /// Ends QEMU.
  package func quit() throws(QMPError) { try execute("quit") }

  private struct PhysicalRange: Encodable {
    var val: UInt64
    var size: UInt64
    var filename: String
  }

  private struct Command: Encodable {
    var execute: String
    var arguments: PhysicalRange?
  }

  private func execute(_ name: String, _ arguments: PhysicalRange? = nil) throws(QMPError) {
    let deadline = ContinuousClock.now + patience
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let encoded = try? encoder.encode(Command(execute: name, arguments: arguments))
    guard let encoded,
      DescriptorIO.writeAll(socket.descriptor, Array(encoded) + [Byte.lineFeed]) == nil
    else { throw .closed(command: name) }
    while true {
      switch try next(of: name, until: deadline) {
      case .success: return
      case .failure(_, let description): throw .refused(command: name, description: description)
      case .greeting, .event: continue
      }
    }
  }

  private func next(
    of command: String, until deadline: ContinuousClock.Instant
  ) throws(QMPError) -> QMPMessage {
    while true {
      if let end = received.firstIndex(of: Byte.lineFeed) {
        let line = Array(received[..<end])
        received.removeSubrange(...end)
        return try QMPMessage(line: line)
      }
      guard received.count <= QMPClient.lineCapacity else { throw .malformed("endless line") }
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { throw .timeout(command: command) }
      _ = DescriptorIO.poll(
        [DescriptorIO.Interest(socket.descriptor)], milliseconds: left.wholeMilliseconds)
      switch DescriptorIO.read(socket.descriptor) {
      case .bytes(let bytes): received += bytes
      case .wouldBlock: continue
      case .end, .failed: throw .closed(command: command)
      }
    }
  }
}
