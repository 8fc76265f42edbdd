internal import Glibc

/// A connected stream socket of the local machine; closed when the value ends.
package final class UnixSocket {
  /// Non-blocking; open as long as this value.
  package let descriptor: Int32

  /// Connects to the socket file `path`; the `errno` when it cannot.
  package init(path: String) throws(UnixSocketError) {
    let bytes = Array(path.utf8)
    var address = sockaddr_un()
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < capacity else {
      throw UnixSocketError(path: path, reason: "a socket path has at most \(capacity - 1) bytes")
    }
    address.sun_family = sa_family_t(AF_UNIX)
    // SAFETY: `bytes` is shorter than `sun_path`, which is zero after it.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      unsafe field.copyBytes(from: bytes)
    }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else {
      throw UnixSocketError(path: path, reason: DescriptorIO.message(errno))
    }
    // SAFETY: `sockaddr_un` begins like `sockaddr`, and its size is passed along.
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      let reason = DescriptorIO.message(errno)
      _ = close(descriptor)
      throw UnixSocketError(path: path, reason: reason)
    }
    DescriptorIO.setNonBlocking(descriptor)
  }

  deinit { _ = close(descriptor) }
}

/// A socket file that cannot be connected to.
package struct UnixSocketError: Error, Equatable, CustomStringConvertible {
  /// The socket file.
  package var path: String
  /// Why, in the words of the system.
  package var reason: String
  /// `PATH: REASON`.
  package var description: String { "\(path): \(reason)" }
}
