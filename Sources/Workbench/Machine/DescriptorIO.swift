internal import Glibc

/// read(2), write(2) and poll(2) for descriptors that somebody else owns.
package enum DescriptorIO {
  /// What came of a read.
  package enum ReadResult: Equatable, Sendable {
    case bytes([UInt8])
    case wouldBlock
    case end
    /// `errno`.
    case failed(Int32)
  }

  /// What came of a write.
  package enum WriteResult: Equatable, Sendable {
    case written(Int)
    case wouldBlock
    /// `errno`; EPIPE when the reader has gone.
    case failed(Int32)
  }

  /// What to wait for on one descriptor.
  package struct Interest: Equatable, Sendable {
    /// Open as long as it is waited for.
    package var descriptor: Int32
    /// Wait for room to write instead of for something to read.
    package var write: Bool

    /// To read from `descriptor` unless `write`.
    package init(_ descriptor: Int32, write: Bool = false) {
      self.descriptor = descriptor
      self.write = write
    }
  }

  /// One read of at most 64 KiB, repeated when a signal interrupts it.
  package static func read(_ descriptor: Int32) -> ReadResult {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      // SAFETY: read(2) writes at most `count` bytes, the size of the buffer it is given.
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      }
      if count > 0 { return .bytes(Array(buffer[..<count])) }
      if count == 0 { return .end }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .wouldBlock : .failed(errno)
    }
  }

  /// One write, repeated when a signal interrupts it.
  package static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> WriteResult {
    while true {
      // SAFETY: write(2) reads exactly the bytes of the array it is given.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      }
      if count >= 0 { return .written(count) }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .wouldBlock : .failed(errno)
    }
  }

  /// Writes everything, waiting as long as it takes; the `errno` when it cannot.
  @discardableResult
  package static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Int32? {
    var rest = bytes
    while !rest.isEmpty {
      switch write(descriptor, rest) {
      case .written(let count): rest.removeFirst(count)
      case .wouldBlock: _ = poll([Interest(descriptor, write: true)], milliseconds: 1000)
      case .failed(let error): return error
      }
    }
    return nil
  }

  /// Waits until something can be done or hung up; `milliseconds` below 0: for ever. The
  /// descriptors that are ready, in the order asked for; empty when the time is over.
  package static func poll(_ interests: [Interest], milliseconds: Int32) -> [Interest] {
    var entries = interests.map {
      pollfd(fd: $0.descriptor, events: Int16($0.write ? POLLOUT : POLLIN), revents: 0)
    }
    // SAFETY: poll(2) accesses `count` entries of the array it is given.
    let count = unsafe entries.withUnsafeMutableBufferPointer { entries in
      unsafe Glibc.poll(entries.baseAddress, nfds_t(entries.count), milliseconds)
    }
    guard count > 0 else { return [] }
    return zip(interests, entries).filter { $0.1.revents != 0 }.map(\.0)
  }

  /// Makes reads and writes return at once. Only for descriptions that no other process shares.
  package static func setNonBlocking(_ descriptor: Int32) {
    let flags = fcntl(descriptor, F_GETFL)
    if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
  }

  /// Whether the descriptor is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// What `errno` means.
  package static func message(_ error: Int32) -> String {
    // SAFETY: strerror returns a NUL-terminated string that is copied at once.
    unsafe String(cString: strerror(error))
  }

  /// Standard input, output and error that were closed before the tool began fail when they are used.
  /// Otherwise the next file that is opened would be taken for one of them.
  package static func occupyStandardDescriptors() {
    for (descriptor, wrongWay) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)] as [(Int32, Int32)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one: those below are in use by now.
      // SAFETY: the path is a C string for the time of the call.
      _ = unsafe open("/dev/null", wrongWay)
    }
  }

  /// Writing to a closed pipe fails with EPIPE from now on, instead of ending the process.
  package static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }
}
