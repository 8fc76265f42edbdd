/// What a person's keys ask for.
package enum KeyAction: Equatable, Sendable {
  /// Type these bytes at the selected zone.
  case type([UInt8])
  /// Type at the zone with this index from now on.
  case select(Int)
  /// Ctrl-A x.
  case quit
  /// Ctrl-A h.
  case help
}

/// Reads the keyboard: Ctrl-A is the workbench's key, as it is QEMU's; Ctrl-] selects a zone.
package struct Keyboard: Sendable {
  private enum State {
    case plain
    case controlA
    case controlBracket
  }
  private var state = State.plain

  /// Before the first key.
  package init() {}

  /// Takes the bytes read from the terminal.
  package mutating func take(_ bytes: [UInt8]) -> [KeyAction] {
    var actions: [KeyAction] = []
    var typed: [UInt8] = []
    for byte in bytes {
      switch state {
      case .plain:
        switch byte {
        case Byte.controlA: state = .controlA
        case Byte.controlBracket: state = .controlBracket
        default: typed.append(byte)
        }
        continue
      case .controlA:
        if byte == Byte.controlA || byte == UInt8(ascii: "a") { typed.append(Byte.controlA) }
        if byte == UInt8(ascii: "x") { Keyboard.flush(&typed, &actions, then: .quit) }
        if byte == UInt8(ascii: "h") { Keyboard.flush(&typed, &actions, then: .help) }
      case .controlBracket:
        if byte == Byte.controlBracket {
          typed.append(byte)
        } else if let zone = Int(String(decoding: [byte], as: UTF8.self), radix: 16) {
          Keyboard.flush(&typed, &actions, then: .select(zone))
        }
      }
      state = .plain
    }
    if !typed.isEmpty { actions.append(.type(typed)) }
    return actions
  }

  private static func flush(
    _ typed: inout [UInt8], _ actions: inout [KeyAction], then action: KeyAction
  ) {
    if !typed.isEmpty { actions.append(.type(typed)) }
    typed = []
    actions.append(action)
  }
}
