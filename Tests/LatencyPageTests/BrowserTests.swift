import Foundation
import Testing
import ToolTestSupport

@testable import LatencyReport

/// The page as a browser has it after parsing and layout.
@Suite(
  .serialized,
  .enabled(if: Chromium.path != nil, "chromium is not installed: `scripts/setup --develop`"))
struct BrowserTests {
  private func inFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hvlat-page-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private func dom(_ page: String) throws -> String {
    try inFolder { try Chromium.open(page, in: $0, ["--dump-dom"]) }
  }

  @Test func documentIsWhatWasWritten() throws {
    var options = HTMLRenderer.Options()
    options.thresholds = try Threshold.parse("max<=19us")
    let dom = try dom(HTMLRenderer.render(Pages.hardware(), options: options))
    #expect(dom.contains("<strong>FAIL: a limit was not kept</strong>"))
    #expect(dom.matches(of: #/<svg /#).count == 3)
    // A parser that had to repair something would have moved elements out of their tables.
    #expect(dom.matches(of: /<table>/).count == dom.matches(of: /<\/tbody><\/table>/).count)
    #expect(dom.matches(of: #/<section /#).count == 7)
    #expect(
      dom.contains("<caption>Bounds of quantiles with 95 % confidence, in ns</caption>")
        && dom.contains("<td class=\"text\">order statistics</td>"))
    #expect(
      dom.contains("</section></main></body></html>")
        || dom.contains("</section></main>\n</body></html>"))
  }

  @Test func hostileNamesDoNothing() throws {
    let dom = try dom(HTMLRenderer.render(Pages.hardware(name: Pages.hostile)))
    #expect(dom.contains("<title>Latency report: board &lt;/title&gt;&lt;script&gt;"))
    #expect(!dom.contains("<title>broken") && !dom.contains("<script") && !dom.contains("<img"))
  }

  /// Light and dark, wide and narrow: something is drawn, and dark is dark.
  @Test(arguments: [(1280, false), (1280, true), (400, false)])
  func isDrawn(row: (width: Int, isDark: Bool)) throws {
    let page = HTMLRenderer.render(Pages.hardware())
    let bytes = try inFolder { folder in
      let picture = folder.appendingPathComponent("page.png")
      _ = try Chromium.open(
        page, in: folder,
        [
          "--screenshot=\(picture.path)", "--window-size=\(row.width),2400",
          "--blink-settings=preferredColorScheme=\(row.isDark ? 0 : 1)",
        ])
      let data = try Data(contentsOf: picture)
      if let keep = ProcessInfo.processInfo.environment["HV_PAGES"] {
        try? data.write(to: URL(fileURLWithPath: "\(keep)/\(row.width)-\(row.isDark).png"))
        try? Data(page.utf8).write(to: URL(fileURLWithPath: "\(keep)/page.html"))
      }
      return data
    }
    // PNG: the width is at byte 16 (RFC 2083, 11.2.1).
    #expect(bytes.count > 40_000)
    let width = bytes.dropFirst(16).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    #expect(width == row.width)
  }
}
