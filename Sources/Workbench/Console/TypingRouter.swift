/// Addresses typed bytes to zones in the kernel's way: Ctrl-] and the zone's hexadecimal digit
/// select a zone, Ctrl-] twice is one Ctrl-] (docs/interfaces.md "Console stream").
package struct TypingRouter: Equatable, Sendable {
  /// The zone that gets input now; nil when it is not certain.
  package private(set) var selected: Int?

  /// Before anything was typed: no zone is selected for certain.
  package init() {}

  /// What to write to the UART so that the zone with this index, 0-15, gets `bytes`.
  package mutating func bytes(_ bytes: [UInt8], to zone: Int) -> [UInt8] {
    var result: [UInt8] = []
    if selected != zone {
      result.append(Byte.controlBracket)
      result += Array(String(zone & 0xf, radix: 16).utf8)
      selected = zone
    }
    for byte in bytes {
      if byte == Byte.controlBracket { result.append(byte) }
      result.append(byte)
    }
    return result
  }
}
