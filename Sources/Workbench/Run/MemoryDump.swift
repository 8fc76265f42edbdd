internal import Dispatch
internal import Foundation
internal import Synchronization

/// Reads a range of a running machine's memory through QEMU's machine protocol.
package enum MemoryDump {
  /// Connects to `socket`, stops the machine for good and returns the bytes of `request`.
  ///
  /// QEMU writes them to a file in `scratchFolder`, which is removed again.
  package static func take(
    _ request: RecordRequest, socket: String, scratchFolder: String,
    patience: Duration = .seconds(5)
  ) throws(QMPError) -> [UInt8] {
    let client = try QMPClient(path: socket, patience: patience)
    try client.stop()
    let path = "\(scratchFolder)/records.bin"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try client.savePhysicalMemory(base: request.base, size: request.size, path: path)
    guard let data = FileManager.default.contents(atPath: path), data.count == request.size else {
      throw .refused(
        command: "pmemsave", description: "it did not write \(request.size) bytes to \(path)")
    }
    return Array(data)
  }
}

extension MemoryDump {
  /// The same on a thread of its own, for a caller that has the UART to read meanwhile.
  package final class Task: Sendable {
    private let outcome = Mutex<Result<[UInt8], QMPError>?>(nil)

    /// Begins at once; `wake` is called on the other thread when there is a result.
    package init(
      _ request: RecordRequest, socket: String, scratchFolder: String,
      wake: @escaping @Sendable () -> Void
    ) {
      DispatchQueue.global().async {
        let result = Result { () throws(QMPError) in
          try MemoryDump.take(request, socket: socket, scratchFolder: scratchFolder)
        }
        self.outcome.withLock { $0 = result }
        wake()
      }
    }

    /// nil until there is one.
    package var result: Result<[UInt8], QMPError>? { outcome.withLock { $0 } }
  }
}
