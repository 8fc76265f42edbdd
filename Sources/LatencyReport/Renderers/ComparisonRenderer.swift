import Foundation

/// Comparisons as text, Markdown and JSON.
public enum ComparisonRenderer {
  /// Text for people, verdict first, each line ended by LF. Lines are broken at `width`, 60 at least.
  public static func text(
    _ comparison: Comparison, unit: TickUnit, width: Int = 80, color: Bool = false
  ) -> String {
    var lines = wrap(headline(comparison), max(60, width)).map { line in
      guard color else { return line }
      let code =
        switch comparison.verdict {
        case .same, .better: 32
        case .mixed, .worse: 31
        case .inconclusive: 33
        }
      return "\u{1b}[\(code)m\(line)\u{1b}[0m"
    }
    lines += wrap(meaning(comparison), max(60, width))
    lines += comparison.warnings.flatMap { wrap("Warning: \($0)", max(60, width)) }
    for measured in comparison.measurements {
      lines += [""]
      lines += wrap(
        "\(measured.verdict.rawValue): \(measured.measurement), \(measured.origin)", max(60, width))
      let details =
        [numbers(measured, unit), measured.reason].compactMap(\.self)
        + measured.findings.map(\.text)
      lines += details.flatMap { wrap("  \($0)", max(60, width)) }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A table of all measurements, and the findings.
  public static func markdown(_ comparison: Comparison, unit: TickUnit) -> String {
    typealias Markdown = MarkdownRenderer
    var lines = [
      "# \(Markdown.escaped(headline(comparison)))", "",
      Markdown.escaped(meaning(comparison)), "",
    ]
    lines += comparison.warnings.map { "- Warning: \(Markdown.escaped($0))" }
    if !comparison.warnings.isEmpty { lines.append("") }
    lines += [
      Markdown.row(["measurement", "place", "verdict", "samples", "p99.9", "max", "what changed"]),
      Markdown.row(["---", "---", "---", "--:", "--:", "--:", "---"]),
    ]
    for measured in comparison.measurements {
      let changes = [measured.reason].compactMap(\.self) + measured.findings.map(\.text)
      func pair(_ value: (Statistics) -> String) -> String {
        [measured.before, measured.after].map { $0.map(value) ?? "-" }.joined(separator: " → ")
      }
      lines.append(
        Markdown.row([
          Markdown.escaped(measured.measurement), Markdown.escaped(measured.origin),
          measured.verdict.rawValue, pair { "\($0.samples)" },
          pair { quantile($0, "p99.9", unit) }, pair { maximum($0, unit) },
          changes.map(Markdown.escaped).joined(separator: "; "),
        ]))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The comparison itself; all values in ticks.
  public static func json(_ comparison: Comparison) throws(JSONRenderer.Problem) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(comparison), as: UTF8.self)
    } catch {
      throw JSONRenderer.Problem(description: "the comparison cannot be written as JSON")
    }
  }

  /// `WORSE: b.rec against a.rec`.
  static func headline(_ comparison: Comparison) -> String {
    "\(comparison.verdict.rawValue.uppercased()): \(comparison.candidate) against"
      + " \(comparison.baseline)"
  }

  private static func meaning(_ comparison: Comparison) -> String {
    let counts = Comparison.Verdict.allCases.compactMap { verdict in
      let count = comparison.measurements.count { $0.verdict == verdict }
      return count > 0 ? "\(count) \(verdict.rawValue)" : nil
    }
    let method =
      comparison.method == "exact"
      ? "exactly, count by count: path lengths, not latency"
      : "statistically: body, tail and longest samples, each by a test and by size"
    return "\(counts.joined(separator: ", ")). Compared \(method)."
  }

  private static func numbers(_ measured: Comparison.Measured, _ unit: TickUnit) -> String? {
    guard let before = measured.before, let after = measured.after else { return nil }
    return ["p50", "p99", "p99.9"].map {
      "\($0) \(quantile(before, $0, unit)) -> \(quantile(after, $0, unit))"
    }.joined(separator: ", ")
      + ", max \(maximum(before, unit)) -> \(maximum(after, unit)) \(unit.name),"
      + " \(before.samples) -> \(after.samples) samples"
  }

  private static func quantile(
    _ statistics: Statistics, _ name: String, _ unit: TickUnit
  ) -> String {
    let quantile = statistics.quantiles[name]
    if let ticks = quantile?.ticks {
      return (quantile?.exact == false ? "<=" : "") + unit.format(ticks)
    }
    return quantile?.atLeast.map { ">=" + unit.format($0) } ?? "-"
  }

  private static func maximum(_ statistics: Statistics, _ unit: TickUnit) -> String {
    statistics.maximum.map { (statistics.maximumIsBound ? ">=" : "") + unit.format($0) } ?? "-"
  }

  /// Breaks a line at blanks; continuation lines are indented by four more.
  private static func wrap(_ text: String, _ width: Int) -> [String] {
    let indent = text.prefix { $0 == " " }.count
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: indent + 4)
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}
