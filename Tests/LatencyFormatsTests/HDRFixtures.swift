import Foundation
import Histogram

@testable import LatencyFormats

/// HdrHistogram logs: V2 by our encoder, V0 and V1 put together here, all with geometry and counts
/// from hdrhistogram-swift.
enum HDRFixtures {
  /// 1 to 3,600,000,000 with 3 digits: 100 x 5, 20 x 3,000, 1 x 1,000,000.
  static let histogram: Histogram<UInt64> = {
    var histogram = Histogram<UInt64>(
      lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000,
      numberOfSignificantValueDigits: .three)
    histogram.record(5, count: 100)
    histogram.record(3000, count: 20)
    histogram.record(1_000_000, count: 1)
    return histogram
  }()

  static let v2 = HDRCodec.encode(histogram)

  /// V1: counts of `width` bytes.
  static func v1(width: Int) -> String {
    let counts = words(width)
    return envelope(
      0x1c84_9302,
      Fixtures.big(UInt32(0x1c84_9301 | width << 4)) + Fixtures.big(UInt32(counts.count))
        + Fixtures.big(UInt32(0)) + head + Fixtures.big(Double(1).bitPattern) + counts)
  }

  /// V0: counts of `width` bytes for the whole range.
  static func v0(width: Int) -> String {
    let geometry = HDRGeometry(lowest: 1, highest: 3_600_000_000, digits: 3)
    let whole = (geometry?.countsLength ?? 0) * width
    let counts = words(width)
    return envelope(
      0x1c84_9309,
      Fixtures.big(UInt32(0x1c84_9308 | width << 4)) + head + Fixtures.big(UInt64(121)) + counts
        + [UInt8](repeating: 0, count: whole - counts.count))
  }

  private static let head =
    Fixtures.big(UInt32(3)) + Fixtures.big(UInt64(1)) + Fixtures.big(UInt64(3_600_000_000))

  private static func words(_ width: Int) -> [UInt8] {
    histogram.allValues().flatMap { Array(Fixtures.big($0.count).suffix(width)) }
  }

  static func envelope(_ cookie: UInt32, _ content: [UInt8]) -> String {
    let compressed = Zlib.deflated(content)
    return Data(Fixtures.big(cookie) + Fixtures.big(UInt32(compressed.count)) + compressed)
      .base64EncodedString()
  }

  static let log = """
    #[Logged with test 1.0]
    #[Histogram log format version 1.3]
    #[StartTime: 1441812279.474 (seconds since epoch), Wed Sep 09 08:24:39 PDT 2015]
    "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
    0.127,1.007,1.000,\(v2)
    Tag=read,1.134,0.999,1.000,\(v2)
    2.133,1.001,1.000,\(v2)

    """
}
