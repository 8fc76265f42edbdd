import Synchronization

/// A ring of bytes between one producer and one consumer, on different CPUs if need be.
///
/// All-zero memory is a valid empty ring, so rings in the kernel's block need no initialisation.
/// When it is full, bytes are dropped and counted: a producer never waits.
public struct ByteRing<let capacity: Int>: ~Copyable {
  private let head: Atomic<UInt32>
  private let tail: Atomic<UInt32>
  private let drops: Atomic<UInt32>
  private var bytes: InlineArray<capacity, UInt8>

  /// An empty ring. `capacity` is a power of two.
  public init() {
    head = Atomic(0)
    tail = Atomic(0)
    drops = Atomic(0)
    bytes = InlineArray(repeating: 0)
  }

  /// Bytes waiting.
  @inline(__always)
  public var count: Int {
    Int(head.load(ordering: .acquiring) &- tail.load(ordering: .acquiring))
  }

  /// Whether nothing waits.
  @inline(__always)
  public var isEmpty: Bool { count == 0 }

  /// Whether a loss is to be reported now: when the flood is over and there is room again, or when
  /// it does not end. So it is one message and not one for each byte.
  public var hasNews: Bool {
    let lost = dropCount
    return lost != 0 && (count < capacity / 2 || lost >= 1 << 16)
  }

  /// Whether the next `append` would drop its byte.
  @inline(__always)
  public var isFull: Bool { count >= capacity }

  /// Bytes that can be appended.
  @inline(__always)
  public var room: Int { capacity - count }

  /// Bytes lost since the last `takeDrops`.
  public var dropCount: UInt32 { drops.load(ordering: .relaxed) }

  /// Bytes lost because the ring was full, since the last call.
  public func takeDrops() -> UInt32 { drops.exchange(0, ordering: .relaxed) }

  /// Producer only. Appends, or counts a drop when there is no room.
  public mutating func append(_ byte: UInt8) {
    let end = head.load(ordering: .relaxed)
    guard Int(end &- tail.load(ordering: .acquiring)) < capacity else {
      _ = drops.wrappingAdd(1, ordering: .relaxed)
      return
    }
    bytes[Int(end) & (capacity - 1)] = byte
    // Modulo 2^32: positions only ever meet in differences.
    head.store(end &+ 1, ordering: .releasing)
  }

  /// Consumer only. The oldest byte, or nil when there is none.
  public func takeFirst() -> UInt8? {
    let start = tail.load(ordering: .relaxed)
    guard head.load(ordering: .acquiring) != start else { return nil }
    let byte = bytes[Int(start) & (capacity - 1)]
    tail.store(start &+ 1, ordering: .releasing)
    return byte
  }

  /// Consumer only. Forgets what is waiting.
  public func removeAll() {
    tail.store(head.load(ordering: .acquiring), ordering: .releasing)
  }
}
