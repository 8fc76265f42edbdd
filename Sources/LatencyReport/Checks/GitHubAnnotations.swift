/// Results as workflow commands, which GitHub Actions shows beside a change: one line for each result
/// that did not pass, to be printed on standard output.
///
/// Form and escapes: GitHub Docs, "Workflow commands for GitHub Actions", `error` and `warning`.
public enum GitHubAnnotations {
  /// A failure is an error, what could not be judged a warning. Each line ends with LF.
  public static func render(_ results: [CheckResult]) -> String {
    results.compactMap { result -> String? in
      let command: String
      switch result.state {
      case .passed: return nil
      case .failed: command = "error"
      case .undecided: command = "warning"
      }
      let place = result.place.isEmpty ? "" : ", \(result.place)"
      let text = ([result.message] + result.details).joined(separator: "\n")
      return "::\(command) title=\(property(result.name + place))::\(data(text))\n"
    }.joined()
  }

  private static func data(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
