internal import Glibc

/// A terminal whose keys are read one by one, without echo; the old settings return with `restore`
/// or when the value ends.
///
/// Output processing stays on, so that a line feed still begins a new line.
package final class RawTerminal {
  private let descriptor: Int32
  private var saved: termios?

  /// nil when `descriptor` is no terminal.
  package init?(descriptor: Int32) {
    self.descriptor = descriptor
    var settings = termios()
    // SAFETY: tcgetattr fills the structure it is given.
    guard unsafe tcgetattr(descriptor, &settings) == 0 else { return nil }
    saved = settings
    let input = BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON
    settings.c_iflag &= ~tcflag_t(input)
    settings.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
    // SAFETY: tcsetattr only reads the structure.
    guard unsafe tcsetattr(descriptor, TCSANOW, &settings) == 0 else { return nil }
  }

  /// The terminal a person types at; nil when `keyboard` is none or this process is in the
  /// background, where touching the terminal would stop it.
  package convenience init?(keyboard: Int32) {
    guard tcgetpgrp(keyboard) == getpgrp() else { return nil }
    self.init(descriptor: keyboard)
  }

  deinit { restore() }

  /// Gives the terminal its settings back; again and again does no harm.
  package func restore() {
    guard var settings = saved else { return }
    saved = nil
    // SAFETY: tcsetattr only reads the structure.
    _ = unsafe tcsetattr(descriptor, TCSANOW, &settings)
  }
}
