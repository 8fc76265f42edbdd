/// Bytes with a meaning on a console.
package enum Byte {
  /// BEL, ends a terminal's operating system command.
  package static let bell: UInt8 = 0x07
  /// LF.
  package static let lineFeed: UInt8 = 0x0a
  /// CR, what Enter types.
  package static let carriageReturn: UInt8 = 0x0d
  /// ESC, begins a terminal's escape sequence.
  package static let escape: UInt8 = 0x1b
  /// Ctrl-A, the workbench's own key.
  package static let controlA: UInt8 = 0x01
  /// Ctrl-], the kernel's key.
  package static let controlBracket: UInt8 = 0x1d
  /// CR LF.
  package static let lineEnd: [UInt8] = [carriageReturn, lineFeed]
}
