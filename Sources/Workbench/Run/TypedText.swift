/// Text to be typed at a console, as written on the command line.
///
/// Enter (CR) is added at the end unless the text ends with `\c`. Escapes: `\r` `\n` `\t` `\e`
/// (escape) `\\` `\:` `\xHH`.
package struct TypedText: Equatable, Sendable {
  /// What goes to the zone's console, Enter included.
  package let bytes: [UInt8]

  /// Parses `text`, a part of the argument `written` of `option`.
  package init(_ text: String, written: String, option: String) throws(ScriptError) {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    var enter = true
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "r"): bytes.append(Byte.carriageReturn)
      case UInt8(ascii: "n"): bytes.append(Byte.lineFeed)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "e"): bytes.append(Byte.escape)
      case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
      case UInt8(ascii: ":"): bytes.append(UInt8(ascii: ":"))
      case UInt8(ascii: "c") where rest.isEmpty: enter = false
      case UInt8(ascii: "x"):
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.count == 2, digits.allSatisfy(\.isHexDigit),
          let value = UInt8(digits, radix: 16)
        else {
          throw ScriptError(
            description: "\(option) '\(written)': \\x needs two hexadecimal digits")
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default:
        throw ScriptError(
          description:
            "\(option) '\(written)': unknown escape; there are \\r \\n \\t \\e \\\\ \\: \\xHH, and "
            + "\\c at the very end for no Enter")
      }
    }
    if enter { bytes.append(Byte.carriageReturn) }
    self.bytes = bytes
  }
}
