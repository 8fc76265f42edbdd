import LatencyReport
import PlanTestSupport
import Testing

@testable import LatencyFormats

/// Every parser against damage, for a bounded time each (see `FuzzRun`): none crashes, none hangs, none
/// returns part of a file as the whole.
@Suite struct FuzzTests {
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

  /// Every parser: bits, numbers, lines and pieces of its files changed.
  @Test(arguments: Format.allCases.filter { $0 != .record })
  func damagedFiles(format: Format) {
    let files = Fixtures.all.filter { $0.0 == format }.map(\.1)
    let fuzz = FuzzRun("latency format \(format.rawValue)")
    let rounds = fuzz { random in
      let damaged = Self.damage(files[Int.random(in: 0..<files.count, using: &random)], &random)
      for claimed in [nil, format, Format.allCases.randomElement(using: &random)] {
        // What is accepted must be fit for everything that follows, which takes longer than reading it.
        guard let dataset = try? read(damaged, as: claimed),
          Int.random(in: 0..<4, using: &random) == 0
        else { continue }
        _ = TextRenderer.render(dataset, style: .init())
        if Int.random(in: 0..<8, using: &random) == 0 { _ = HTMLRenderer.render(dataset) }
        _ = CSVWriter.write(dataset)
        _ = try? HDRLogWriter.write(dataset)
        _ = dataset.series.map { try? HGRMWriter.write($0) }
        if let record = try? RecordWriter.write(dataset) {
          #expect(throws: Never.self, "\(fuzz)") { try read(record) }
        }
      }
    }
    #expect(rounds > 1)
  }

  /// A file after one to three changes.
  private static func damage(
    _ file: [UInt8], _ random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    let numbers = [
      "0", "-1", "18446744073709551615", "18446744073709551616", "99999999999999999999999999",
      "1e308", "nan", "", ";", "\"", "{", "[", "\n", "\u{0}",
    ]
    var damaged = file
    for _ in 0...Int.random(in: 0..<3, using: &random) {
      guard !damaged.isEmpty else { break }
      let at = Int.random(in: 0..<damaged.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
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
      case 4: damaged.removeSubrange(at...)
      default: damaged[at] = UInt8.random(in: 0...255, using: &random)
      }
    }
    return damaged
  }

  /// Records that `hvlat import` wrote, their seal broken and numbers in them replaced: what is accepted must
  /// be fit for pages and comparisons too.
  @Test func recordsOfTools() throws {
    let runs = try Fixtures.all.map { format, bytes in
      let whole = try read(bytes, as: format)
      return (whole: whole, record: try RecordWriter.write(whole))
    }
    let numbers: [UInt64] = [0, 1, 2, 255, 1 << 24, 1 << 32, 1 << 63, .max - 1, .max]
    let fuzz = FuzzRun("imported record")
    var accepted = 0
    let rounds = fuzz { random in
      let (whole, record) = runs[Int.random(in: 0..<runs.count, using: &random)]
      var damaged = record
      damaged[116] &= ~1
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        let at = Int.random(in: 512..<damaged.count / 8, using: &random) * 8
        let number = numbers[Int.random(in: 0..<numbers.count, using: &random)]
        damaged.replaceSubrange(at..<at + 8, with: Fixtures.little(number))
      }
      guard let dataset = try? read(damaged) else { return }
      accepted += 1
      _ = TextRenderer.render(dataset, style: .init())
      _ = try? Comparison(baseline: whole, candidate: dataset)
      _ = try? whole.merged(with: dataset)
      if accepted % 8 == 0 { _ = HTMLRenderer.render(dataset) }
    }
    #expect(accepted > 0 || rounds < 20)
  }

  @Test func noise() {
    let fuzz = FuzzRun("noise as any latency format")
    let rounds = fuzz { random in
      let bytes = (0..<Int.random(in: 0..<600, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      for format in Format.allCases { _ = try? read(bytes, as: format) }
    }
    #expect(rounds > 1)
  }
}
