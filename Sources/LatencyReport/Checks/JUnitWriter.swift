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

  /// Text in an element or attribute. References keep line feeds and tabs, which XML makes spaces of in
  /// attributes (XML 1.0, section 3.3.3).
  private static func escaped(_ text: String) -> String {
    HTML.text(text).source.replacing("\n", with: "&#10;").replacing("\t", with: "&#9;")
  }
}
