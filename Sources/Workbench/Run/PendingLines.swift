/// The last lines of a text that comes in pieces.
struct PendingLines {
  private(set) var tail: [String] = []
  private var rest: [UInt8] = []

  mutating func take(_ bytes: [UInt8]) {
    for byte in bytes {
      if byte == Byte.lineFeed {
        tail.append(String(decoding: rest, as: UTF8.self))
        tail = tail.suffix(10)
        rest = []
      } else if rest.count < 1000 {
        rest.append(byte)
      }
    }
  }
}
