import Foundation

/// What the user's terminal can show.
enum Terminal {
  /// Columns: of the terminal, of `COLUMNS`, or 80.
  static var width: Int {
    var size = winsize()
    // SAFETY: `size` outlives the call, which fills in exactly one `winsize`.
    if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    let columns = variable("COLUMNS").flatMap { Int($0) } ?? 0
    return columns > 0 ? columns : 80
  }

  /// Standard output is a terminal that has colours, and `NO_COLOR` (no-color.org) is not set.
  static var hasColor: Bool {
    isTerminal(STDOUT_FILENO) && (variable("NO_COLOR") ?? "").isEmpty
  }

  /// Whether somebody watches this descriptor on a terminal that knows more than characters.
  static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && variable("TERM") != "dumb"
  }

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
}
