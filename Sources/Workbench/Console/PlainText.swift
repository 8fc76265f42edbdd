/// Console bytes without terminal control sequences, collected as they come.
///
/// Removed are CSI sequences (`ESC [ ... final byte`), OSC strings (`ESC ] ... BEL` or `ESC \`) and
/// two-byte escapes (ECMA-48, sections 5.3 and 5.4), so that a pattern need not spell out a prompt's
/// colours. Everything else is kept.
package struct PlainText: Sendable {
  private enum State {
    case plain
    case escape
    case sequence
    case string
    case stringEscape
  }

  /// Bytes kept of one line; the rest of a longer line is ignored.
  package static let capacity = 8192

  /// The text so far, without escape sequences.
  package private(set) var bytes: [UInt8] = []
  private var state = State.plain

  /// An empty line.
  package init() {}

  /// Takes more bytes of the same line.
  package mutating func append(_ more: [UInt8]) {
    for byte in more { append(byte) }
  }

  /// The text from byte `offset` on, without the carriage returns at its end; ill-formed UTF-8 is
  /// replaced.
  package func text(from offset: Int = 0) -> String {
    var end = bytes.count
    while end > offset, bytes[end - 1] == Byte.carriageReturn { end -= 1 }
    return String(decoding: bytes[min(offset, end)..<end], as: UTF8.self)
  }

  private mutating func append(_ byte: UInt8) {
    switch state {
    case .plain:
      if byte == Byte.escape {
        state = .escape
      } else if bytes.count < PlainText.capacity {
        bytes.append(byte)
      }
    case .escape:
      switch byte {
      case UInt8(ascii: "["): state = .sequence
      case UInt8(ascii: "]"): state = .string
      case Byte.escape: state = .escape
      default: state = .plain
      }
    case .sequence:
      if byte == Byte.escape {
        state = .escape
      } else if (0x40...0x7e).contains(byte) {
        state = .plain
      }
    case .string:
      if byte == Byte.bell {
        state = .plain
      } else if byte == Byte.escape {
        state = .stringEscape
      }
    case .stringEscape:
      state = .plain
    }
  }
}
