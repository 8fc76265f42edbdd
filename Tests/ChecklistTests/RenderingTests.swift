import Boards
import Foundation
import Testing
import ToolTestSupport

@testable import Checklist

@Suite struct RenderingTests {
  static let hostile = "</td><script>document.title='broken'</script>|`x`\u{1b}[31m\u{202e}"

  private func hung() throws -> Checklist { Checklist.of(try Fixture.text("hung-aarch64.log")) }

  /// The whole of it, byte by byte. `HV_GOLDEN=1` writes it anew.
  @Test func goldenJSON() throws {
    let json = try hung().json
    let file = Fixture.repository.appendingPathComponent("Tests/ChecklistTests/Fixtures/hung.json")
    if ProcessInfo.processInfo.environment["HV_GOLDEN"] != nil {
      try Data(json.utf8).write(to: file)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == json)
  }

  @Test func textSaysWhyAndWhatToDoOnce() throws {
    let text = try hung().text
    #expect(text.contains("\nFAIL: 5 fail, "), "\(text)")
    #expect(text.contains("\ncpu-start.2 (FAIL)\n  why: The zones of a CPU"))
    #expect(text.contains("  do:  What this check touches does not answer"))
    // Not for each of the many that could not be checked.
    #expect(!text.contains("\ndelivery.0 ("))
    #expect(text.hasSuffix("Signed: ____________________________  Date: ______________\n"))
    #expect(text.contains("nothing here is a statement about hardware"))
    #expect(!Checklist.of("", board: .milkVMegrez).text.contains("statement about hardware"))
  }

  @Test func headlines() throws {
    #expect(try hung().headline.hasPrefix("FAIL: 5 fail"))
    #expect(Checklist.of("").headline.hasPrefix("INCOMPLETE: "))
  }

  /// What a log says is shown and does nothing.
  @Test func hostileTextStaysText() {
    let list = Checklist.of("bringup: pmu warn # \(Self.hostile)\n")
    #expect(!list.text.contains("\u{1b}"))
    let rows = list.markdown.split(separator: "\n").filter { $0.contains("script") }
    #expect(rows.count == 1 && rows[0].contains("\\<script\\>") && rows[0].contains("\\`x\\`"))
    #expect(rows[0].matches(of: #/ \| /#).count == 4)
    #expect(!list.html.contains("<script") && !list.html.contains("\u{202e}"))
    #expect(list.json.contains("broken"))
  }

  @Test func pageIsWhole() throws {
    let page = try hung().html
    for text in ["FAIL: 5 fail", "Provenance", "boot.log", "Signature", "Accepted although open"] {
      #expect(page.contains(text), "\(text)")
    }
    for item in try hung().items {
      #expect(page.contains(">\(item.id)<"), "\(item.id)")
    }
    #expect(page.matches(of: /<tr>/).count == page.matches(of: /<\/tr>/).count)
  }
}

/// The page in a browser without a window.
@Suite(
  .serialized,
  .enabled(if: Chromium.path != nil, "chromium is not installed: `scripts/setup --develop`"))
struct PageTests {
  @Test func hostileLogDoesNothingInABrowser() throws {
    let list = Checklist.of("bringup: pmu warn # \(RenderingTests.hostile)\n")
    let dom = try Chromium.open(list.html, ["--dump-dom"])
    #expect(!dom.contains("<script") && dom.contains("<title>Bring-up checklist: "))
    // A parser that had to repair something would have moved rows out of their tables.
    #expect(dom.matches(of: /<\/tbody><\/table>/).count == 5)
  }

  /// Light, dark and on paper: something is drawn.
  @Test(arguments: [(1280, false), (1280, true), (400, false)])
  func isDrawn(row: (width: Int, isDark: Bool)) throws {
    let page = Checklist.of(try Fixture.text("hung-aarch64.log")).html
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hv-picture-\(UUID().uuidString.prefix(8)).png")
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try Chromium.open(
      page,
      [
        "--screenshot=\(folder.path)", "--window-size=\(row.width),2000",
        "--blink-settings=preferredColorScheme=\(row.isDark ? 0 : 1)",
      ])
    let data = try Data(contentsOf: folder)
    if let keep = ProcessInfo.processInfo.environment["HV_PAGES"] {
      try? data.write(to: URL(fileURLWithPath: "\(keep)/checklist-\(row.width)-\(row.isDark).png"))
    }
    #expect(data.count > 30_000)
  }

  @Test func isPrinted() throws {
    let page = Checklist.of(try Fixture.text("hung-aarch64.log")).html
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("hv-print-\(UUID().uuidString.prefix(8)).pdf")
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try Chromium.open(page, ["--print-to-pdf=\(file.path)", "--no-pdf-header-footer"])
    let data = try Data(contentsOf: file)
    if let keep = ProcessInfo.processInfo.environment["HV_PAGES"] {
      try? data.write(to: URL(fileURLWithPath: "\(keep)/checklist.pdf"))
    }
    #expect(data.starts(with: Array("%PDF".utf8)) && data.count > 20_000)
  }
}
