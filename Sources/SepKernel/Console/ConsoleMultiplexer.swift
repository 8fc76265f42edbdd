/// What the multiplexer draws from.
public protocol ConsoleSources: ~Copyable {
  /// Bytes source `source` has.
  func waiting(_ source: Int) -> Int
  /// Removes and returns its first byte.
  func takeFirst(_ source: Int) -> UInt8?
  /// Byte `index` of its name, 0 past the end.
  func nameByte(_ source: Int, _ index: Int) -> UInt8
}

/// Decides which console's byte goes to the UART next, and adds the line prefixes of
/// docs/interfaces.md, "Console stream". Pure: bytes in by `next`, bytes out by return value.
///
/// A source is a zone index, or `kernelSource`. The source that has the UART keeps it until the end
/// of its line; when it has nothing to say in the middle of a line and somebody else has, or after
/// `longestTurn` bytes without a line end, its line is broken and continued later.
public struct ConsoleMultiplexer {
  /// The kernel's own messages.
  public static let kernelSource = 16
  /// Sixteen zones and the kernel.
  public static let sourceCount = 17
  /// Bytes one source may send without a line end while others wait.
  public static let longestTurn: UInt32 = 512

  /// Source that has the UART, plus one; 0: nobody yet.
  private var owner: UInt8 = 0
  private var isMidLine = false
  /// Sources whose current line was broken: their next prefix is the continuing one.
  private var broken: UInt32 = 0
  private var turn: UInt32 = 0
  /// Prefix or line break still to be sent.
  private var staged = InlineArray<24, UInt8>(repeating: 0)
  private var stagedCount = 0
  private var stagedNext = 0

  /// Nobody has the UART, no line is broken.
  public init() {}

  /// The next byte for the UART, or nil when no source has any.
  public mutating func next<S: ConsoleSources & ~Copyable>(_ sources: borrowing S) -> UInt8? {
    if let byte = takeStaged() { return byte }
    let current = Int(owner) - 1
    let mayGoOn = current >= 0 && sources.waiting(current) > 0
    if mayGoOn && isMidLine && turn < Self.longestTurn { return send(from: current, sources) }
    guard let other = nextSource(after: current, sources) else {
      return mayGoOn ? send(from: current, sources) : nil
    }
    if isMidLine {
      broken |= 1 << UInt32(current)
      isMidLine = false
      stage(0x0d)
      stage(0x0a)
    }
    owner = UInt8(other + 1)
    turn = 0
    // Behind a staged line break, this stages the prefix: the source has the UART from here on.
    return send(from: other, sources)
  }

  /// The next source with bytes in cyclic order, other than `current`.
  private func nextSource<S: ConsoleSources & ~Copyable>(
    after current: Int, _ sources: borrowing S
  ) -> Int? {
    for step in 1...Self.sourceCount {
      let source = (current + step + Self.sourceCount) % Self.sourceCount
      if source != current, sources.waiting(source) > 0 { return source }
    }
    return nil
  }

  private mutating func send<S: ConsoleSources & ~Copyable>(
    from source: Int, _ sources: borrowing S
  ) -> UInt8? {
    if !isMidLine {
      isMidLine = true
      stagePrefix(source, sources)
      return takeStaged()
    }
    guard let byte = sources.takeFirst(source) else { return nil }
    // Wraps after 4 GiB without a line end, which then only delays one turn.
    turn &+= 1
    if byte == 0x0a {
      isMidLine = false
      turn = 0
    }
    return byte
  }

  private mutating func stagePrefix<S: ConsoleSources & ~Copyable>(
    _ source: Int, _ sources: borrowing S
  ) {
    var index = 0
    while index < 16 {
      let byte = sources.nameByte(source, index)
      if byte == 0 { break }
      stage(byte)
      index += 1
    }
    let bit: UInt32 = 1 << UInt32(source)
    stage(broken & bit == 0 ? 0x7c : 0x2b)  // "|" or "+"
    stage(0x20)
    broken &= ~bit
  }

  private mutating func stage(_ byte: UInt8) {
    guard stagedCount < 24 else { return }
    staged[stagedCount] = byte
    stagedCount += 1
  }

  private mutating func takeStaged() -> UInt8? {
    guard stagedNext < stagedCount else {
      stagedNext = 0
      stagedCount = 0
      return nil
    }
    let byte = staged[stagedNext]
    stagedNext += 1
    return byte
  }
}
