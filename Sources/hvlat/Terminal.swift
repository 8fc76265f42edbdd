import Foundation

/// What standard output can show.
enum Terminal {
  /// Columns: of the terminal, of `COLUMNS`, or 80.
  static var width: Int {
    var size = winsize()
    // SAFETY: `size` outlives the call, which fills in exactly one `winsize`.
    if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
  }

  /// A terminal, and `NO_COLOR` (no-color.org) is not set.
  static var hasColor: Bool {
    isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
  }
}
