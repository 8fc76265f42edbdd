/// Lines that are nothing but a whole number: nearly all lines of long files.
///
/// Eight bytes are looked at together, as one integer whose lowest byte is the first character. Where a
/// line ends follows from these integers alone, not from the line before, so the processor works at
/// several lines at once; that, more than the arithmetic, makes it fast.
enum PlainNumbers {
  /// Bytes that have to follow the beginning of a line in memory for it to be read here.
  private static let margin = 24
  /// Longest number: it and its line feed fit two integers.
  private static let digitLimit = 15

  /// Reads lines of 1 to 15 digits from `bytes[start..<end]` into `values`, as long as they come and
  /// there is room. Returns where the first line begins that is not read, and how many were.
  static func read(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, into values: inout [UInt64]
  ) -> (position: Int, count: Int) {
    var line = start
    var base = start
    var count = 0
    let end = min(end, bytes.count) - margin
    let room = values.count
    var output = values.mutableSpan
    while base < end {
      var others = others(in: word(bytes, base))
      while others != 0 {
        let stop = base &+ others.trailingZeroBitCount / 8
        others &= others &- 1
        let digits = stop &- line
        // SAFETY: `stop` is less than 8 above `base`, which lies `margin` before the end.
        guard digits &- 1 < digitLimit, digits > 0, unsafe bytes[unchecked: stop] == 0x0a,
          count < room
        else { return (line, count) }
        // SAFETY: `count` is less than the room.
        unsafe output[unchecked: count] = number(bytes, line, digits)
        count &+= 1
        line = stop &+ 1
      }
      base &+= 8
      if base &- line > digitLimit { break }
    }
    return (line, count)
  }

  /// Eight bytes, the first one lowest.
  @inline(__always)
  private static func word(_ bytes: Span<UInt8>, _ position: Int) -> UInt64 {
    // SAFETY: callers stay `margin` away from the end, and bytes have no invalid values as integers.
    unsafe UInt64(
      littleEndian: bytes.bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: position, as: UInt64.self))
  }

  /// The highest bit of each byte that is no digit. Bytes above the first one may be wrong if that has
  /// its highest bit set: no line is taken from there on.
  @inline(__always)
  private static func others(in word: UInt64) -> UInt64 {
    let digits = word ^ 0x3030_3030_3030_3030
    return ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
  }

  /// The number that `count` digits from `position` are.
  @inline(__always)
  private static func number(_ bytes: Span<UInt8>, _ position: Int, _ count: Int) -> UInt64 {
    if count <= 8 { return eight(word(bytes, position) &<< UInt64(64 - 8 * count)) }
    let rest = count - 8
    var low = word(bytes, position &+ 8)
    low = low &<< UInt64(64 - 8 * rest)
    var scale: UInt64 = 1
    for _ in 0..<rest { scale &*= 10 }
    return eight(word(bytes, position)) &* scale &+ eight(low)
  }

  /// Pairs of digits, then of pairs, then of fours become numbers; bytes of zero are leading zeros.
  @inline(__always)
  private static func eight(_ characters: UInt64) -> UInt64 {
    let digits = characters & 0x0f0f_0f0f_0f0f_0f0f
    let pairs = (digits &* (10 << 8 + 1)) &>> 8 & 0x00ff_00ff_00ff_00ff
    let fours = (pairs &* (100 << 16 + 1)) &>> 16 & 0x0000_ffff_0000_ffff
    return (fours &* (10000 << 32 + 1)) &>> 32
  }
}
