/// A piece of a page. Markup comes only from the program's own text; everything else is escaped when
/// it enters, so that no name in a record can become markup.
package struct HTML: Sendable, Equatable {
  /// For output.
  package let source: String

  private init(source: String) { self.source = source }

  /// Text from anywhere: markup is escaped, and characters that steer a display instead of showing
  /// something (controls, and those that turn the direction of writing) become U+FFFD, as do those that
  /// XML has no place for (XML 1.0, section 2.2).
  package static func text(_ text: String) -> HTML {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{200e}"..."\u{200f}",
        "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}", "\u{fffe}", "\u{ffff}":
        result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return HTML(source: result)
  }

  /// Markup written in the program.
  package static func markup(_ markup: StaticString) -> HTML { HTML(source: "\(markup)") }

  /// One after the other.
  package static func join(_ parts: [HTML]) -> HTML {
    HTML(source: parts.map(\.source).joined())
  }

  /// An element. Attribute values are escaped; elements without content need no end tag and get none.
  package static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ content: [HTML]
  ) -> HTML {
    var start = "<\(name)"
    for (key, value) in attributes { start += " \(key)=\"\(text(value).source)\"" }
    let isVoid = ["meta", "link", "br", "hr"].contains("\(name)")
    return HTML(source: start + ">" + (isVoid ? "" : join(content).source + "</\(name)>"))
  }
}

/// An element of a page with other pieces in it.
package func tag(
  _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ content: HTML...
) -> HTML {
  .element(name, attributes, content)
}

/// An element with text in it.
package func tag(
  _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], text: String
) -> HTML {
  .element(name, attributes, [.text(text)])
}

/// A table that scrolls by itself where the screen is narrow, also by keyboard. The columns `text` are
/// flush left, the others numbers; the first cell of a row is its heading.
package func htmlTable(caption: String, head: [String], rows: [[String]], text: Set<Int> = [0])
  -> HTML
{
  let heading = head.enumerated().map { column, cell in
    tag("th", ["scope": "col", "class": text.contains(column) ? "text" : ""], text: cell)
  }
  let body = rows.map { row in
    HTML.element(
      "tr", [:],
      row.enumerated().map { column, cell in
        column == 0
          ? tag("th", ["scope": "row", "class": "text"], text: cell)
          : tag("td", ["class": text.contains(column) ? "text" : ""], text: cell)
      })
  }
  return tag(
    "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption],
    tag(
      "table", [:], tag("caption", text: caption),
      tag("thead", [:], .element("tr", [:], heading)), .element("tbody", [:], body)))
}
