import Foundation
import Histogram
import LatencyReport

/// HdrHistogram's binary encodings V0, V1 and V2 inside their compressed envelope.
///
/// Facts from HdrHistogram_c, src/hdr_histogram_log.c (cookies, `encoding_flyweight_v0_t`,
/// `encoding_flyweight_v1_t`, `apply_to_counts_zz`): all numbers big endian; V0 and V1 hold counts of
/// a fixed width named in the cookie, V2 ZigZag LEB128 numbers where a negative one is a run of zeros.
enum HDRCodec {
  /// Why an encoded histogram cannot be used.
  struct Problem: Error {
    let text: String
  }

  /// A decoded histogram: ascending bins with their counts.
  struct Decoded {
    var geometry: HDRGeometry
    var points: [Distribution.Point]
  }

  private static let v0: UInt32 = 0x1c84_9308
  private static let v1: UInt32 = 0x1c84_9301
  private static let v2: UInt32 = 0x1c84_9303

  /// Decodes the base64 text of a log line.
  static func decode(_ base64: ArraySlice<UInt8>) throws(Problem) -> Decoded {
    guard let data = Data(base64Encoded: Data(base64)) else {
      throw Problem(text: "the histogram is no base64")
    }
    let bytes = [UInt8](data)
    var outer = BigEndian(bytes: bytes)
    let cookie = UInt32(truncatingIfNeeded: try outer.integer(4)) & ~0xf0
    let length = try outer.integer(4)
    guard length == UInt64(bytes.count - 8) else {
      throw Problem(text: "the histogram has \(bytes.count - 8) bytes and claims \(length)")
    }
    guard [v0 + 1, v1 + 1, v2 + 1].contains(cookie) else {
      throw Problem(text: "cookie 0x\(String(cookie, radix: 16)) is no compressed histogram")
    }
    guard let content = Zlib.inflated(bytes[8...]) else {
      throw Problem(text: "the compressed histogram is damaged")
    }
    return try decodeContent(content, expected: cookie - 1)
  }

  private static func decodeContent(
    _ content: [UInt8], expected: UInt32
  ) throws(Problem) -> Decoded {
    var inner = BigEndian(bytes: content)
    let rawCookie = UInt32(truncatingIfNeeded: try inner.integer(4))
    guard rawCookie & ~0xf0 == expected else {
      throw Problem(text: "the cookie inside is 0x\(String(rawCookie, radix: 16))")
    }
    let wordSize = Int(rawCookie >> 4 & 0xf)
    var payload: Int?
    if expected != v0 {
      payload = Int(try inner.integer(4))
      guard try inner.integer(4) == 0 else {
        throw Problem(text: "a shifted (normalising) histogram is not supported")
      }
    }
    let digits = Int(try inner.integer(4))
    let lowest = try inner.integer(8)
    let highest = try inner.integer(8)
    // V0 has the total here, the others the ratio of a histogram of doubles; 1 for whole numbers.
    let extra = try inner.integer(8)
    guard expected == v0 || extra == Double(1).bitPattern else {
      throw Problem(text: "a histogram of doubles is not supported")
    }
    guard let geometry = HDRGeometry(lowest: lowest, highest: highest, digits: digits) else {
      throw Problem(text: "range \(lowest) to \(highest) with \(digits) digits is impossible")
    }
    guard payload == nil || payload == inner.remaining else {
      throw Problem(text: "\(inner.remaining) bytes of counts, \(payload ?? 0) are due")
    }
    var points: [Distribution.Point] = []
    if expected == v2 {
      points = try zigZagCounts(&inner, geometry)
    } else {
      points = try wordCounts(&inner, geometry, wordSize)
    }
    if expected == v0, ToolHistogram.sum(points.map(\.count)) != extra {
      throw Problem(text: "the counts do not add up to the total of \(extra)")
    }
    return Decoded(geometry: geometry, points: points)
  }

  private static func wordCounts(
    _ reader: inout BigEndian, _ geometry: HDRGeometry, _ wordSize: Int
  ) throws(Problem) -> [Distribution.Point] {
    guard [2, 4, 8].contains(wordSize), reader.remaining % wordSize == 0 else {
      throw Problem(text: "counts of \(wordSize) bytes do not fit the payload")
    }
    var points: [Distribution.Point] = []
    let limit = geometry.countsLength
    for index in 0..<reader.remaining / wordSize {
      let count = try reader.integer(wordSize)
      if count > 0 { points.append(try point(index, count, geometry, limit)) }
    }
    return points
  }

  private static func zigZagCounts(
    _ reader: inout BigEndian, _ geometry: HDRGeometry
  ) throws(Problem) -> [Distribution.Point] {
    var points: [Distribution.Point] = []
    let limit = geometry.countsLength
    var index = 0
    while reader.remaining > 0 {
      let raw = try reader.zigZag()
      if raw < 0 {
        guard raw != .min, -raw <= Int64(limit - index) else {
          throw Problem(text: "a run of zeros leaves the range")
        }
        index += Int(-raw)
      } else {
        if raw > 0 { points.append(try point(index, UInt64(raw), geometry, limit)) }
        index += 1
      }
    }
    return points
  }

  private static func point(
    _ index: Int, _ count: UInt64, _ geometry: HDRGeometry, _ limit: Int
  ) throws(Problem) -> Distribution.Point {
    guard index < limit, count < 1 << 63, let bounds = geometry.bounds(index) else {
      throw Problem(text: "count \(index) is outside the range")
    }
    return Distribution.Point(bounds: bounds, count: count)
  }

  /// The base64 text of a histogram, encoded as V2. Its largest value must be below 2^62.
  static func encode(_ histogram: Histogram<UInt64>) -> String {
    var payload: [UInt8] = []
    var zeros: Int64 = 0
    var value: UInt64 = 0
    while value <= histogram.maxRecorded {
      let count = histogram.countForValue(value)
      if count == 0 {
        zeros += 1
      } else {
        if zeros > 0 { append(zigZag: -zeros, to: &payload) }
        append(zigZag: Int64(clamping: count), to: &payload)
        zeros = 0
      }
      value = histogram.highestEquivalentForValue(value) + 1
    }
    var content: [UInt8] = []
    append(UInt64(v2 | 0x10), size: 4, to: &content)
    append(UInt64(payload.count), size: 4, to: &content)
    append(0, size: 4, to: &content)
    append(UInt64(histogram.numberOfSignificantValueDigits.rawValue), size: 4, to: &content)
    append(histogram.lowestDiscernibleValue, size: 8, to: &content)
    append(histogram.highestTrackableValue, size: 8, to: &content)
    append(Double(1).bitPattern, size: 8, to: &content)
    let compressed = Zlib.deflated(content + payload)
    var envelope: [UInt8] = []
    append(UInt64((v2 + 1) | 0x10), size: 4, to: &envelope)
    append(UInt64(compressed.count), size: 4, to: &envelope)
    return Data(envelope + compressed).base64EncodedString()
  }

  private static func append(_ value: UInt64, size: Int, to bytes: inout [UInt8]) {
    for index in 0..<size {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64((size - 1 - index) * 8)))
    }
  }

  /// Seven bits a byte, lowest first; a ninth byte holds eight.
  private static func append(zigZag value: Int64, to bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
    for _ in 0..<8 {
      if rest < 0x80 {
        bytes.append(UInt8(rest))
        return
      }
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// Big-endian numbers from bytes, checked against their end.
struct BigEndian {
  let bytes: [UInt8]
  private(set) var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var remaining: Int { bytes.count - position }

  mutating func integer(_ size: Int) throws(HDRCodec.Problem) -> UInt64 {
    guard remaining >= size else { throw HDRCodec.Problem(text: "the histogram is cut off") }
    var value: UInt64 = 0
    for _ in 0..<size {
      value = value << 8 | UInt64(bytes[position])
      position += 1
    }
    return value
  }

  mutating func zigZag() throws(HDRCodec.Problem) -> Int64 {
    var value: UInt64 = 0
    for index in 0..<9 {
      let byte = try integer(1)
      if index == 8 {
        value |= byte << 56
      } else {
        value |= (byte & 0x7f) << UInt64(7 * index)
        if byte & 0x80 == 0 { break }
      }
    }
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
