import LatencyReport
import Testing

@testable import LatencyFormats

/// Every parser against damage: none crashes, none hangs, none returns part of a file as the whole.
/// Seeded, so that a failure comes again; the time is bounded by the number of rounds.
@Suite struct FuzzTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  /// The counts of a dataset, or nil when it says loudly that something is missing.
  private func counts(_ dataset: Dataset) -> [[Distribution.Point]] {
    dataset.series.map(\.distribution.points)
  }

  /// A file cut anywhere is refused, or has the same bins and overflow.
  @Test(arguments: Fixtures.all.indices)
  func truncation(index: Int) throws {
    let (format, bytes) = Fixtures.all[index]
    let whole = try read(bytes)
    for length in 0..<bytes.count {
      guard let part = try? read(Array(bytes[..<length]), as: format) else { continue }
      // Formats of lines without an end cannot show that whole lines are missing.
      if format == .csv || format == .hdr || format == .jitterdebuggerSamples { continue }
      #expect(
        part.series.map(\.distribution.overflow) == whole.series.map(\.distribution.overflow)
          && part.series.map(\.distribution.count) == whole.series.map(\.distribution.count),
        "\(format) cut to \(length) of \(bytes.count) bytes")
    }
  }

  @Test(arguments: Fixtures.all.indices)
  func mutation(index: Int) throws {
    let (format, bytes) = Fixtures.all[index]
    var random = Generator(state: UInt64(index) + 7)
    let numbers = [
      "0", "-1", "18446744073709551615", "18446744073709551616", "99999999999999999999999999",
      "1e308", "nan", "", ";", "\"", "{", "[", "\n", "\u{0}",
    ]
    for round in 0..<250 {
      var damaged = bytes
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        guard !damaged.isEmpty else { break }
        let at = Int.random(in: 0..<damaged.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: damaged[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1:
          let digits = damaged[at...].prefix { $0 >= 0x30 && $0 <= 0x39 }
          let number = numbers[Int.random(in: 0..<numbers.count, using: &random)]
          damaged.replaceSubrange(digits.indices, with: number.utf8)
        case 2:
          let end = damaged[at...].firstIndex(of: 0x0a) ?? damaged.count
          damaged.removeSubrange(at..<end)
        case 3:
          let end = min(damaged.count, at + 40)
          damaged.insert(contentsOf: damaged[at..<end], at: at)
        default: damaged[at] = UInt8.random(in: 0...255, using: &random)
        }
      }
      for claimed in [nil, format] {
        guard let dataset = try? read(damaged, as: claimed) else { continue }
        // What is accepted must be fit for everything that follows.
        _ = TextRenderer.render(dataset, style: .init())
        if round % 25 == 0 { _ = HTMLRenderer.render(dataset) }
        _ = CSVWriter.write(dataset)
        _ = try? HDRLogWriter.write(dataset)
        _ = dataset.series.map { try? HGRMWriter.write($0) }
        if let record = try? RecordWriter.write(dataset) {
          #expect(throws: Never.self) { try read(record) }
        }
      }
    }
  }

  /// Records that `hvlat import` wrote, their seal broken and numbers in them replaced: what is accepted must
  /// be fit for pages and comparisons too.
  @Test(arguments: Fixtures.all.indices)
  func recordsOfTools(index: Int) throws {
    let (format, bytes) = Fixtures.all[index]
    let whole = try read(bytes, as: format)
    let record = try RecordWriter.write(whole)
    let numbers: [UInt64] = [0, 1, 2, 255, 1 << 24, 1 << 32, 1 << 63, .max - 1, .max]
    var random = Generator(state: UInt64(index) + 31)
    var accepted = 0
    for round in 0..<200 {
      var damaged = record
      damaged[116] &= ~1
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        let at = Int.random(in: 512..<damaged.count / 8, using: &random) * 8
        let number = numbers[Int.random(in: 0..<numbers.count, using: &random)]
        damaged.replaceSubrange(at..<at + 8, with: Fixtures.little(number))
      }
      guard let dataset = try? read(damaged) else { continue }
      accepted += 1
      _ = TextRenderer.render(dataset, style: .init())
      _ = try? Comparison(baseline: whole, candidate: dataset)
      _ = try? whole.merged(with: dataset)
      if round % 8 == 0 { _ = HTMLRenderer.render(dataset) }
    }
    #expect(accepted > 0)
  }

  @Test func noise() {
    var random = Generator(state: 1)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0..<600, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      for format in Format.allCases { _ = try? read(bytes, as: format) }
    }
  }
}
