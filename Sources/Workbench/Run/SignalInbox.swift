internal import Dispatch
internal import Foundation
internal import Glibc

/// Turns signals and other threads' notices into bytes of a pipe, so that one poll(2) hears all.
///
/// A byte is the signal's number, or 0 for `wake`. The signals keep being ignored afterwards, as
/// they must not end the process between two runs of its main loop.
package final class SignalInbox {
  private let pipe = Pipe()
  private let signals: [Int32]
  private var sources: [any DispatchSourceSignal] = []

  /// `signals`: as in signal(7), for example SIGINT and SIGTERM.
  package init(signals: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]) {
    self.signals = signals
    let write = pipe.fileHandleForWriting.fileDescriptor
    DescriptorIO.setNonBlocking(write)
    DescriptorIO.setNonBlocking(descriptor)
    for number in signals {
      // The dispatch source hears the signal instead of the default action.
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { _ = DescriptorIO.write(write, [UInt8(truncatingIfNeeded: number)]) }
      source.resume()
      sources.append(source)
    }
  }

  deinit { for source in sources { source.cancel() } }

  /// Ends hearing: the signals have their default action again.
  package func restoreDefaults() {
    for number in signals { _ = signal(number, SIG_DFL) }
  }

  /// Readable when something has come.
  package var descriptor: Int32 { pipe.fileHandleForReading.fileDescriptor }

  /// A function for any thread that makes the inbox readable.
  package func waker() -> @Sendable () -> Void {
    let pipe = self.pipe
    return { _ = DescriptorIO.write(pipe.fileHandleForWriting.fileDescriptor, [0]) }
  }

  /// The signals that have come; empty when it was only a wake.
  package func take() -> [Int32] {
    guard case .bytes(let bytes) = DescriptorIO.read(descriptor) else { return [] }
    return bytes.filter { $0 != 0 }.map(Int32.init)
  }

  /// `SIGINT` for 2, and so on.
  package static func name(_ number: Int32) -> String {
    switch number {
    case SIGINT: "SIGINT"
    case SIGTERM: "SIGTERM"
    case SIGHUP: "SIGHUP"
    case SIGQUIT: "SIGQUIT"
    case SIGPIPE: "SIGPIPE"
    default: "signal \(number)"
    }
  }
}
