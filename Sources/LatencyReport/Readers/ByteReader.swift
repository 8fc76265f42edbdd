/// Bounds-checked little-endian reads from a file in memory. Nothing here can trap on bad input.
struct ByteReader: Sendable {
  let bytes: [UInt8]

  /// The integer at `offset`, which belongs to `field`.
  func integer<T: FixedWidthInteger>(
    _ type: T.Type = T.self, at offset: Int, _ field: String
  ) throws(RecordError) -> T {
    let size = T.bitWidth / 8
    guard offset >= 0, offset <= bytes.count, bytes.count - offset >= size else {
      throw RecordError(field, offset, "the file ends before it", "copy the whole record again")
    }
    var value: T = 0
    for index in 0..<size {
      value |= T(truncatingIfNeeded: bytes[offset + index]) << T(index * 8)
    }
    return value
  }

  /// NUL-padded text of a fixed field, made printable.
  func text(at offset: Int, count: Int, _ field: String) throws(RecordError) -> String {
    guard offset >= 0, offset <= bytes.count, count >= 0, bytes.count - offset >= count else {
      throw RecordError(field, offset, "the file ends before it", "copy the whole record again")
    }
    return printable(bytes[offset..<offset + count].prefix { $0 != 0 })
  }
}

/// Decodes UTF-8 of unknown origin so that it can be printed: control and format characters, which
/// could steer a terminal, become U+FFFD.
package func printable(_ bytes: some Sequence<UInt8>) -> String {
  let replacement: Unicode.Scalar = "\u{fffd}"
  var result = String.UnicodeScalarView()
  for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      result.append(replacement)
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber,
      .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol,
      .modifierSymbol, .otherSymbol, .spaceSeparator:
      result.append(scalar)
    @unknown default:
      result.append(replacement)
    }
  }
  return String(result)
}
