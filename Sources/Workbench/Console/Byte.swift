/// Bytes with a meaning on a console.
package enum Byte {
  package static let bell: UInt8 = 0x07
  package static let lineFeed: UInt8 = 0x0a
  package static let carriageReturn: UInt8 = 0x0d
  package static let escape: UInt8 = 0x1b
  /// Ctrl-A, the workbench's own key.
  package static let controlA: UInt8 = 0x01
  /// Ctrl-], the kernel's key.
  package static let controlBracket: UInt8 = 0x1d
  package static let lineEnd: [UInt8] = [carriageReturn, lineFeed]
}
