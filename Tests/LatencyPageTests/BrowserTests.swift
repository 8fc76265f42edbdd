import Foundation
import Testing
import ToolTestSupport

@testable import LatencyReport

/// The page as a browser has it after parsing and layout: on light and dark screens, on paper, by keyboard.
@Suite(
  .serialized,
  .enabled(if: Chromium.path != nil, "chromium is not installed: `scripts/setup --develop`"))
struct BrowserTests {
  /// A page to look at, in a browser that is gone afterwards.
  private func open(
    _ page: String = HTMLRenderer.render(Pages.hardware()), width: Int = 1280,
    _ body: (BrowserPage) throws -> Void
  ) throws {
    try withFolder { try body(BrowserPage(page, in: $0, width: width)) }
  }

  /// Keeps a file for a person who asked for it with `HV_PAGES`.
  private func keep(_ data: Data, _ name: String) {
    guard let folder = ProcessInfo.processInfo.environment["HV_PAGES"] else { return }
    try? data.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  private func style(_ page: BrowserPage, _ selector: String, _ property: String) throws -> String {
    try page.value("getComputedStyle(document.querySelector('\(selector)')).\(property)")
  }

  @Test func documentIsWhatWasWritten() throws {
    var options = HTMLRenderer.Options()
    options.thresholds = try Threshold.parse("max<=19us")
    let dom = try Chromium.open(
      HTMLRenderer.render(Pages.hardware(), options: options), ["--dump-dom"])
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
    let dom = try Chromium.open(
      HTMLRenderer.render(Pages.hardware(name: Pages.hostile)), ["--dump-dom"])
    #expect(dom.contains("<title>Latency report: board &lt;/title&gt;&lt;script&gt;"))
    #expect(!dom.contains("<title>broken") && !dom.contains("<script") && !dom.contains("<img"))
  }

  /// Light and dark, wide and narrow: what is on the screen has the colours of that scheme, and bars.
  @Test(arguments: [(1280, false), (1280, true), (400, false), (400, true)])
  func isDrawn(row: (width: Int, isDark: Bool)) throws {
    try open(width: row.width) { page in
      try page.show(on: .screen, isDark: row.isDark)
      let highest =
        "[...document.querySelectorAll('.bar')].reduce((a, b) =>"
        + " a.getBBox().height > b.getBBox().height ? a : b)"
      let middle: [Int] = try page.value(
        """
        (() => {
          const bar = \(highest);
          bar.scrollIntoView({block: "center"});
          const box = bar.getBoundingClientRect();
          return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
        })()
        """)
      let picture = try page.screenshot()
      keep(picture, "\(row.width)-\(row.isDark).png")
      let paper = row.isDark ? [13, 17, 23] : [255, 255, 255]
      let bar = row.isDark ? [88, 166, 255] : [47, 111, 174]
      #expect(try page.colour(of: picture, x: 2, y: 2) == paper)
      #expect(try page.colour(of: picture, x: row.width - 3, y: 500) == paper)
      #expect(try page.colour(of: picture, x: middle[0], y: middle[1]) == bar)
      #expect(
        try style(page, "body", "color") == (row.isDark ? "rgb(230, 237, 243)" : "rgb(27, 31, 36)"))
      // Tables scroll by themselves; the page does not.
      #expect(try page.value("document.documentElement.scrollWidth") == row.width)
    }
  }

  /// Text stands out from what is behind it by 4.5 to 1 (WCAG 2.1, 1.4.3), whatever it is shown on.
  @Test(arguments: [BrowserPage.Media.screen, .print], [false, true])
  func isReadable(media: BrowserPage.Media, isDark: Bool) throws {
    var options = HTMLRenderer.Options()
    options.thresholds = try Threshold.parse("max<=19us")
    for dataset in [Pages.hardware(), Pages.emulated()] {
      try open(HTMLRenderer.render(dataset, options: options)) { page in
        try page.show(on: media, isDark: isDark)
        let texts: [[String: Any]] = try page.value(Self.contrasts)
        #expect(texts.count > 50)
        let faint = texts.filter { $0["ratio"] as? Double ?? 0 < 4.5 }
        #expect(faint.isEmpty, "\(media), dark \(isDark): \(faint.prefix(5))")
      }
    }
  }

  /// Every visible text with its contrast.
  private static let contrasts = """
    (() => {
      const numbers = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number);
      const part = value => (value /= 255) <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
      const luminance = c => .2126 * part(c[0]) + .7152 * part(c[1]) + .0722 * part(c[2]);
      const behind = element => {
        for (; element; element = element.parentElement) {
          const colour = numbers(getComputedStyle(element).backgroundColor);
          if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
      };
      const hasText = element =>
        [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
      return [...document.querySelectorAll("main *")]
        .filter(element => element.checkVisibility() && hasText(element))
        .map(element => {
          const style = getComputedStyle(element);
          const ink = numbers(element instanceof SVGElement ? style.fill : style.color);
          const [high, low] = [ink, behind(element)].map(luminance).sort((a, b) => b - a);
          return {ratio: (high + .05) / (low + .05), text: element.textContent.slice(0, 60)};
        });
    })()
    """

  /// On paper: light whatever the screen, without what only works on one, with every number, inside the margins.
  @Test func isPrinted() throws {
    try open { page in
      let shown =
        "[...document.querySelectorAll('details table')].filter(t => t.checkVisibility()).length"
      let count: Int = try page.value("document.querySelectorAll('details table').length")
      #expect(count >= 3)
      try page.show(on: .screen, isDark: true)
      #expect(try page.value(shown) == 0, "closed on a screen")
      // A4 less the margins that the browser leaves.
      try page.resize(width: 717, height: 1000)
      try page.show(on: .print, isDark: true)
      #expect(try style(page, "body", "backgroundColor") == "rgb(255, 255, 255)")
      #expect(try style(page, "body", "color") == "rgb(0, 0, 0)")
      #expect(try style(page, "nav", "display") == "none")
      #expect(try page.value(shown) == count, "open on paper")
      let heights: [Double] = try page.value(
        "[...document.querySelectorAll('details table')].map(t => t.getBoundingClientRect().height)"
      )
      #expect(heights.allSatisfy { $0 > 50 }, "\(heights)")
      let outside: [String] = try page.value(
        """
        [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
          .map(e => e.outerHTML.slice(0, 80))
        """)
      #expect(outside.isEmpty)
      let pdf = try page.pdf()
      keep(pdf, "page.pdf")
      let text = String(decoding: pdf, as: UTF8.self)
      let pages = text.matches(of: /\/Type\s*\/Page\b[^s]/).count
      #expect(pdf.starts(with: Array("%PDF".utf8)) && (3...8).contains(pages), "\(pages) pages")
    }
  }

  /// Tab reaches everything that does something or says something, in the order of the page, and it shows.
  @Test func isReachedByKeyboard() throws {
    try open { page in
      try page.show(on: .screen, isDark: false)
      let count: Int = try page.value(
        """
        (window.places = [...document.querySelectorAll("a[href], summary, [tabindex='0']")]
          .filter(e => e.checkVisibility()),
         places.forEach(e => e.before = getComputedStyle(e).stroke), places.length)
        """)
      #expect(count > 50, "links, tables, bars and dots")
      var silent: [String] = []
      for index in 0..<count {
        try page.press(.tab)
        let reached: Int = try page.value("places.indexOf(document.activeElement)")
        try #require(reached == index, "Tab \(index + 1)")
        let what: String = try page.value(
          """
          (e => {
            const style = getComputedStyle(e), box = e.getBoundingClientRect();
            const isMarked = style.outlineStyle !== "none" || style.stroke !== e.before;
            const name = e.ariaLabel || e.textContent.trim();
            const isOnScreen = box.right > 0 && box.bottom > 0 && box.top < innerHeight;
            return isMarked && isOnScreen && name ? "" : e.outerHTML.slice(0, 120);
          })(document.activeElement)
          """)
        if !what.isEmpty { silent.append(what) }
      }
      #expect(silent.isEmpty, "without a mark, a name, or out of sight")
      try page.press(.tab, shift: true)
      #expect(try page.value("places.indexOf(document.activeElement)") == count - 2)
    }
  }

  /// Keys do what a pointer would: follow the first link, open the numbers of a plot, move a wide table.
  @Test func isUsedByKeyboard() throws {
    try open(width: 400) { page in
      try page.press(.tab)
      #expect(try page.value("document.activeElement.className") == "skip")
      try page.press(.enter)
      try page.wait(for: "location.hash == '#verdict'")
      try page.press(.tab)
      #expect(try page.value("document.activeElement.className") != "skip", "past the head")
      try page.value(
        "document.querySelector('summary').focus({focusVisible: true}), true", as: Bool.self)
      #expect(try page.value("document.querySelector('details table').checkVisibility()") == false)
      try page.press(.enter)
      try page.wait(for: "document.querySelector('details table').checkVisibility()")
      try page.value(
        """
        (window.wide = [...document.querySelectorAll(".scroll")].find(e => e.scrollWidth > e.clientWidth + 100),
         wide.focus(), document.activeElement === wide)
        """, as: Bool.self)
      try page.press(.right)
      try page.wait(for: "wide.scrollLeft > 0")
    }
  }
}
