/// A table of text with one line per row, for terminals and for Markdown.
package struct TextTable: Equatable, Sendable {
  /// The columns' names; how many there are is the number of columns.
  package var header: [String]
  /// The cells, row by row.
  package var rows: [[String]]

  /// Rows may be shorter than the header; what is longer is ignored.
  package init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows
  }

  /// Columns padded with spaces and two spaces apart, a line of dashes under the header; lines end
  /// with LF and have no spaces at their end.
  package var plain: String {
    let widths = header.indices.map { column in
      ([header] + rows).map { TextTable.cell($0, column).count }.max() ?? 0
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([header, rule] + rows).map { row in
      let cells = widths.indices.map { column in
        let text = TextTable.cell(row, column)
        return text + String(repeating: " ", count: widths[column] - text.count)
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// A GitHub-flavoured Markdown table; a bar in a cell is escaped.
  package var markdown: String {
    let rule = header.map { _ in "---" }
    return ([header, rule] + rows).map { row in
      let cells = header.indices.map { TextTable.cell(row, $0).replacing("|", with: "\\|") }
      return "| " + cells.joined(separator: " | ") + " |\n"
    }.joined()
  }

  /// Control characters would break the table, and a terminal.
  private static func cell(_ row: [String], _ column: Int) -> String {
    guard row.indices.contains(column) else { return "" }
    return String(
      row[column].map { character in
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
          ? "\u{fffd}" : character
      })
  }
}

extension TextTable {
  /// Text on one line of a terminal: controls would break it.
  package static func line(_ text: String) -> String {
    String(
      text.map { character in
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
          ? "\u{fffd}" : character
      })
  }
}
