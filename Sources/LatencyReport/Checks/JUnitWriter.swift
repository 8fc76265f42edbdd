/// Results as a JUnit XML file, which GitLab, Jenkins and most other CI systems show beside a change.
///
/// Elements and attributes are those of the schema that Jenkins publishes for its JUnit plugin.
public enum JUnitWriter {
  /// A file with one suite. `undecided` becomes an error, `failed` a failure.
  public static func render(suite: String, _ results: [CheckResult]) -> String {
    let failures = results.filter { $0.state == .failed }.count
    let errors = results.filter { $0.state == .undecided }.count
    let counts =
      "tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\""
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites \(counts)>", "  <testsuite name=\"\(escaped(suite))\" \(counts)>",
    ]
    for result in results { lines += testCase(result, suite) }
    return (lines + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
  }

  private static func testCase(_ result: CheckResult, _ suite: String) -> [String] {
    let name = result.place.isEmpty ? result.name : "\(result.name), \(result.place)"
    let start = "    <testcase classname=\"\(escaped(suite))\" name=\"\(escaped(name))\""
    let element: String
    switch result.state {
    case .passed: return [start + "/>"]
    case .failed: element = "failure"
    case .undecided: element = "error"
    }
    let text = ([result.message] + result.details).map(escaped).joined(separator: "\n")
    return [
      start + ">",
      "      <\(element) message=\"\(escaped(result.message))\" type=\"\(result.state.rawValue)\">"
        + "\(text)</\(element)>",
      "    </testcase>",
    ]
  }

  /// Text in an element or attribute; what XML 1.0 (section 2.2) has no place for becomes U+FFFD.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\r", "\t": result += "&#\(scalar.value);"
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
