/// Sends the UART's input to one zone at a time; docs/interfaces.md, "Console stream".
public struct InputRouter {
  /// Ctrl-].
  public static let escape: UInt8 = 0x1d

  /// Zone that gets the input.
  public private(set) var selected: UInt8
  private var isEscaped = false

  /// Input goes to zone `selected`.
  public init(selected: UInt8 = 0) { self.selected = selected }

  /// Where a byte goes: nil when the router consumed it.
  public mutating func route(_ byte: UInt8, zoneCount: Int) -> UInt8? {
    if isEscaped {
      isEscaped = false
      if byte == Self.escape { return byte }
      if let digit = Self.hexadecimal(byte), Int(digit) < zoneCount { selected = digit }
      return nil
    }
    if byte == Self.escape {
      isEscaped = true
      return nil
    }
    return byte
  }

  /// Selects a zone; the kernel does so once at boot.
  public mutating func select(_ zone: UInt8) { selected = zone }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
