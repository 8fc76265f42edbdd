import Foundation
import Glibc
import Testing

@testable import Workbench

/// A server that speaks QMP to one client, on its own thread.
final class FakeQMP: @unchecked Sendable {
  let path: String
  private let listener: Int32
  private let lock = NSLock()
  private var received: [String] = []

  /// The commands that came, without their line ends.
  var commands: [String] { lock.withLock { received } }

  init(
    _ folder: String, greeting: String = MemoryDumpTests.greeting + "\r\n",
    closeAfterGreeting: Bool = false, answer: @escaping @Sendable (String) -> String
  ) throws {
    let path = "\(folder)/qmp.sock"
    self.path = path
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0 && listen(listener, 1) == 0)
    Thread.detachNewThread { [self] in
      let client = accept(listener, nil, nil)
      defer { close(client) }
      DescriptorIO.writeAll(client, Array(greeting.utf8))
      if closeAfterGreeting { return }
      var pending: [UInt8] = []
      while case .bytes(let bytes) = DescriptorIO.read(client) {
        pending += bytes
        while let end = pending.firstIndex(of: Byte.lineFeed) {
          let command = String(decoding: pending[..<end], as: UTF8.self)
          pending.removeSubrange(...end)
          lock.withLock { received.append(command) }
          DescriptorIO.writeAll(client, Array(answer(command).utf8))
        }
      }
    }
  }

  deinit { close(listener) }
}
