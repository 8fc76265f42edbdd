/// How a check ended.
public enum CheckStatus: UInt8, Sendable {
  case ok, warn, fail, skip

  /// As the report says it.
  public var name: StaticString {
    switch self {
    case .ok: "ok"
    case .warn: "warn"
    case .fail: "FAIL"
    case .skip: "skip"
    }
  }
}

/// What a check has to say beside its status: `key=value` pairs, then free text. Written while the check
/// runs; what does not fit is left out, whole pairs at a time.
public struct ReportLine: ~Copyable {
  /// Bytes of a line's fields.
  static let capacity = 320

  private var bytes = InlineArray<320, UInt8>(repeating: 0)
  private var length = 0
  private var remark: StaticString = ""

  public init() {}

  /// Forgets everything.
  public mutating func clear() {
    length = 0
    remark = ""
  }

  /// `key=value`, decimal.
  public mutating func add(_ key: StaticString, _ value: UInt64) {
    let start = length
    put(" ")
    put(key)
    put("=")
    keep(start, if: putDecimal(value))
  }

  /// `key=value` of a number that is not negative, or of 0.
  public mutating func add(_ key: StaticString, count: Int) {
    add(key, UInt64(max(count, 0)))
  }

  /// `key=value`, decimal with sign.
  public mutating func add(_ key: StaticString, signed value: Int64) {
    let start = length
    put(" ")
    put(key)
    put(value < 0 ? "=-" : "=")
    keep(start, if: putDecimal(value.magnitude))
  }

  /// `key=0x..`.
  public mutating func add(_ key: StaticString, hex value: UInt64) {
    let start = length
    put(" ")
    put(key)
    put("=0x")
    var shift = 60 - value.leadingZeroBitCount / 4 * 4
    if shift < 0 { shift = 0 }
    var fits = true
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 0xf)
      fits = put(digit < 10 ? 48 + digit : 87 + digit)
      shift -= 4
    }
    keep(start, if: fits)
  }

  /// `key=word`.
  public mutating func add(_ key: StaticString, _ word: StaticString) {
    let start = length
    put(" ")
    put(key)
    put("=")
    keep(start, if: put(word))
  }

  /// `key=word`, the word's bytes from the body.
  public mutating func addWord(_ key: StaticString, _ body: ((UInt8) -> Void) -> Void) {
    let start = length
    put(" ")
    put(key)
    var fits = put("=")
    body { byte in
      // A blank or a control character would be taken for the end of the word.
      fits = put(byte > 0x20 && byte < 0x7f ? byte : 0x5f) && fits
    }
    keep(start, if: fits)
  }

  /// `key=major.minor`.
  public mutating func add(_ key: StaticString, major: UInt64, minor: UInt64) {
    let start = length
    put(" ")
    put(key)
    put("=")
    putDecimal(major)
    put(".")
    keep(start, if: putDecimal(minor))
  }

  /// One more number of a list `key=1,2,3`; `isFirst` writes the key. False when the line is full.
  @discardableResult
  public mutating func addItem(_ key: StaticString, _ value: UInt64, isFirst: Bool) -> Bool {
    let start = length
    if isFirst {
      put(" ")
      put(key)
    }
    put(isFirst ? "=" : ",")
    let fits = putDecimal(value)
    keep(start, if: fits)
    return fits
  }

  /// Free text for people, behind all fields.
  public mutating func note(_ text: StaticString) { remark = text }

  /// Why a check did not return, instead of what it said.
  public mutating func describe(_ fault: CheckFault) {
    clear()
    switch fault.kind {
    case .timeout:
      add("reason", "timeout")
      if fault.offset != 0 { add("pc-offset", hex: fault.offset) }
      note("it did not return and was ended")
    case .exception, .asynchronous:
      add("reason", fault.kind == .exception ? "exception" : "asynchronous-abort")
      add("syndrome", hex: fault.syndrome)
      add("address", hex: fault.address)
      add("pc-offset", hex: fault.offset)
      note("what is said to be there does not answer as it should")
    }
  }

  /// Hands all of it on: fields, then the text behind `#`.
  public func write(_ sink: (UInt8) -> Void) {
    for index in 0..<length { sink(bytes[index]) }
    guard remark.utf8CodeUnitCount > 0 else { return }
    forEachByte(of: " # ", sink)
    forEachByte(of: remark, sink)
  }

  /// The length to go back to when a pair did not fit.
  private mutating func keep(_ start: Int, if fits: Bool) {
    if !fits { length = start }
  }

  @discardableResult
  private mutating func put(_ byte: UInt8) -> Bool {
    guard length < Self.capacity else { return false }
    bytes[length] = byte
    length += 1
    return true
  }

  @discardableResult
  private mutating func put(_ text: StaticString) -> Bool {
    var fits = true
    for index in 0..<text.utf8CodeUnitCount {
      // SAFETY: the index is below the text's length.
      fits = put(unsafe text.utf8Start[index])
    }
    return fits
  }

  @discardableResult
  private mutating func putDecimal(_ value: UInt64) -> Bool {
    var fits = true
    forEachDigit(of: value) { fits = put($0) }
    return fits
  }
}

/// The bytes of a literal.
func forEachByte(of text: StaticString, _ body: (UInt8) -> Void) {
  for index in 0..<text.utf8CodeUnitCount {
    // SAFETY: the index is below the text's length.
    body(unsafe text.utf8Start[index])
  }
}

/// The decimal digits of a number, the highest first.
func forEachDigit(of value: UInt64, _ body: (UInt8) -> Void) {
  var divisor: UInt64 = 1
  while value / divisor >= 10 { divisor *= 10 }
  while divisor > 0 {
    body(48 + UInt8(truncatingIfNeeded: value / divisor % 10))
    divisor /= 10
  }
}
