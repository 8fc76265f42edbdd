import ArgumentParser
import LatencyReport

/// Where the results of a gate go, besides the terminal.
struct CheckOutputs: ParsableArguments {
  @Option(help: "Write a page (HTML) here; '-' is standard output.")
  var html: String?

  @Option(help: "Write a JUnit XML file here, for CI; '-' is standard output.")
  var junit: String?

  @Flag(help: "Print annotations for GitHub Actions.")
  var github = false

  @Flag(help: "Print the results as JSON.")
  var json = false

  func validate() throws {
    try Output.requireOne([
      "--json": json, "--html": html == "-", "--junit": junit == "-", "--github": github,
    ])
  }

  /// Refuses to replace one of `inputs`, as `Output.refuse` does.
  func refuse(over inputs: [String]) throws(ExitCode) {
    try Output.refuse(["--html": html, "--junit": junit], over: inputs)
  }

  /// Writes everything asked for, then ends with 2 if anything failed, with 1 if something could not be
  /// judged and `allowsInconclusive` is not set.
  func write(
    _ results: [CheckResult], title: String, source: String, notice: String,
    allowsInconclusive: Bool = false
  ) throws(ExitCode) {
    if let junit {
      try Output.write(Array(JUnitWriter.render(suite: title, results).utf8), to: junit)
    }
    if let html {
      let page = HTMLGatePage.render(title: title, source: source, notice: notice, results)
      try Output.write(Array(page.utf8), to: html)
    }
    if json { try Output.printJSON(results, as: "results") }
    if github { try Output.print(GitHubAnnotations.render(results), terminator: "") }
    if !json && html != "-" && junit != "-" { try printText(results) }
    if results.contains(where: { $0.state == .failed }) { throw ExitCode(2) }
    if !allowsInconclusive, results.contains(where: { $0.state == .undecided }) {
      throw ExitCode(1)
    }
  }

  private func printText(_ results: [CheckResult]) throws(ExitCode) {
    for result in results where result.state != .passed {
      let place = result.place.isEmpty ? "" : ", \(result.place)"
      try Output.print("\(result.state.rawValue): \(result.name)\(place): \(result.message)")
      for line in result.details { try Output.print("  \(line)") }
    }
    let failed = results.filter { $0.state != .passed }.count
    try Output.print(
      failed == 0
        ? "all \(results.count) as recorded" : "\(failed) of \(results.count) not as recorded")
  }
}
