import Foundation
import Workbench

/// How far reading a long file has come, in one line on a standard error that is a terminal.
final class Progress {
  private let name: String
  private let total: Int?
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  private var isShown = false

  /// Nil when nobody would see it. `total`: bytes of the file, if known.
  init?(_ path: String, of total: Int?) {
    guard Terminal.isTerminal(STDERR_FILENO) else { return nil }
    name = path
    self.total = total
  }

  /// Says how many bytes were read: not in the first second, and then five times in a second at most.
  func show(_ bytes: Int) {
    let now = ContinuousClock.now
    guard now - start > .seconds(1), now - last > .milliseconds(200) else { return }
    last = now
    isShown = true
    let done =
      if let total, total > 0 { "\(min(100, bytes * 100 / total)) %" } else { "\(bytes >> 20) MiB" }
    write("\r\u{1b}[Khvlat: reading \(name): \(done)")
  }

  /// Takes the line away.
  func clear() {
    if isShown { write("\r\u{1b}[K") }
  }

  private func write(_ text: String) { DescriptorIO.writeAll(STDERR_FILENO, Array(text.utf8)) }
}
