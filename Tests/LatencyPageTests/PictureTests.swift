import Foundation
import LatencyProbe
import Testing

@testable import LatencyReport

/// The picture of a report in README: there, and of a report as it is now (`scripts/picture` makes it).
@Suite struct PictureTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func file(_ path: String) throws -> Data {
    try Data(contentsOf: Self.root.appendingPathComponent(path))
  }

  /// Headings of the page in the picture, which its maker wrote beside the pixels.
  private func headings() throws -> [String] {
    let picture = try file("docs/images/report.png")
    try #require(picture.starts(with: [0x89] + "PNG\r\n".utf8))
    let key = Data("iTXtContents\0\0\0\0\0".utf8)
    let start = try #require(picture.range(of: key), "made by something else than scripts/picture")
    let length = picture[(start.lowerBound - 4)..<start.lowerBound].reduce(0) { $0 << 8 | Int($1) }
    let text = picture[start.upperBound..<(start.lowerBound + 4 + length)]
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func readmeShowsIt() throws {
    let readme = String(decoding: try file("README.md"), as: UTF8.self)
    #expect(readme.contains(#/!\[[^\]]+\]\(docs/images/report\.png\)/#))
  }

  /// Sections, captions and columns of a page made now, and measurements by the names they have now.
  @Test func itIsOfAPageAsTheyAreNow() throws {
    let shown = try headings()
    let page = HTMLRenderer.render(Pages.emulated())
    let now = page.matches(
      of: /<(h2|h3|caption|figcaption|th)\b[^>]*>(.*?)<\/\1>/.dotMatchesNewlines()
    )
    .map { String($0.2).replacing(/<[^>]*>/, with: "") }
    // What is the run's own: its zones and numbers, and first cells of rows, which these are not asked for.
    let isOwn = { (text: String) in text.contains("zone rt") || text.contains(/^[0-9≥]/) }
    let missing = Set(now).filter { !isOwn($0) }.subtracting(shown)
    #expect(missing.isEmpty, "run scripts/picture")
    for id in 1...7 as ClosedRange<UInt32> where id != Measurement.stimulus.rawValue {
      let name = try #require(Measurement(rawValue: id)).name
      #expect(shown.contains("\(name)"), "run scripts/picture")
    }
    #expect(shown.contains("kernel-residency"))
  }
}
