/// What is still to be typed at the machine's UART, already addressed to zones.
package struct TypingQueue: Equatable, Sendable {
  /// Most bytes that wait; a machine that reads nothing loses what is more.
  package static let capacity = 1 << 16
  /// What to tell a person about a loss.
  package static let lossWarning =
    "typed text was dropped because the machine does not read its console"

  private var router = TypingRouter()
  private var bytes: [UInt8] = []

  /// With nothing to type.
  package init() {}

  /// Whether all has been typed.
  package var isEmpty: Bool { bytes.isEmpty }

  /// Adds `text` for the zone with this index; false when there is no room and it was dropped.
  package mutating func add(_ text: [UInt8], for zone: Int) -> Bool {
    guard bytes.count + text.count <= TypingQueue.capacity else { return false }
    bytes += router.bytes(text, to: zone)
    return true
  }

  /// Writes what the descriptor takes at once; all is lost when nobody reads any more.
  package mutating func write(to descriptor: Int32) {
    switch DescriptorIO.write(descriptor, bytes) {
    case .written(let count): bytes.removeFirst(count)
    case .wouldBlock: return
    case .failed: bytes = []
    }
  }
}
