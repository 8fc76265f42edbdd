import ArgumentParser
import LatencyFormats
import LatencyReport

/// `hvlat compare`: is the candidate a regression?
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two runs and say whether the second one is a regression.",
    discussion: """
      Runs under icount are compared exactly: any changed count is shown. Runs on hardware are \
      compared statistically: body, tail and longest samples, where a difference must be both \
      improbable and large enough to matter. Runs with unlike timebases are refused.

      Exit codes: 0 same or better; 2 what --fail-on names; 1 the runs cannot be judged: a file \
      cannot be read, they cannot be compared, or the verdict is inconclusive (0 with \
      --allow-inconclusive).

        hvlat compare baseline.rec candidate.rec --deadline 100us
        hvlat compare old.rec new.rec --fail-on different --json
      """)

  /// Which verdicts end with exit code 2.
  enum Failure: String, CaseIterable, ExpressibleByArgument {
    /// A measurement became worse, or mixed.
    case worse
    /// Any change, for the better too.
    case different
    /// Worse, mixed or inconclusive.
    case inconclusive
    /// Any change, or inconclusive.
    case any

    /// Whether a comparison with this verdict fails.
    func includes(_ verdict: Comparison.Verdict) -> Bool {
      switch verdict {
      case .same: false
      case .worse, .mixed: true
      case .better: self == .different || self == .any
      case .inconclusive: self == .inconclusive || self == .any
      }
    }
  }

  @Argument(help: "The run to compare with.")
  var baseline: String

  @Argument(help: "The run to judge.")
  var candidate: String

  @Option(
    help: "Verdicts that end with exit code 2: worse, different, inconclusive (worse too) or any.")
  var failOn = Failure.worse

  @Flag(help: "End with 0 when too little was measured for a verdict.")
  var allowInconclusive = false

  @OptionGroup
  var input: InputOptions

  @Option(help: "On hardware, compare how many samples are longer than this, such as 100us.")
  var deadline: String?

  @Option(help: "Compare this measurement only, such as timer-busy.")
  var measurement: String?

  @Option(help: "Compare this zone only.")
  var zone: String?

  @Flag(help: "Print JSON, all values in ticks.")
  var json = false

  @Flag(help: "Print Markdown.")
  var markdown = false

  @Option(help: "Write a JUnit XML file here, for CI; '-' is standard output.")
  var junit: String?

  @Flag(help: "Print annotations for GitHub Actions.")
  var github = false

  @Option(help: "Columns of the text; by default those of the terminal, else of COLUMNS, or 80.")
  var width: Int?

  func validate() throws {
    if json && markdown { throw ValidationError("choose one of --json and --markdown") }
    try Output.requireOne([
      "--json": json, "--markdown": markdown, "--junit": junit == "-", "--github": github,
    ])
    if allowInconclusive, failOn.includes(.inconclusive) {
      throw ValidationError("--allow-inconclusive contradicts --fail-on \(failOn.rawValue)")
    }
    if baseline == "-", candidate == "-" {
      throw ValidationError("only one of both runs can come from standard input")
    }
  }

  func run() throws(ExitCode) {
    try Output.refuse(["--junit": junit], over: [baseline, candidate])
    var limit: Threshold?
    if let deadline {
      do {
        limit = try Threshold.parse("max<=\(deadline)").first
      } catch {
        Input.complain(error.description)
        throw ExitCode(1)
      }
    }
    guard let before = Input.dataset(baseline, options: input.read),
      let after = Input.dataset(candidate, options: input.read)
    else { throw ExitCode(1) }
    let tick = TickUnit(before.machine)
    if let limit, limit.isTime, !tick.isTime {
      Input.complain("--deadline: the values are \(tick.name), not time; write a plain number")
      throw ExitCode(1)
    }
    let comparison: Comparison
    do {
      comparison = try Comparison(
        baseline: before, candidate: after,
        options: .init(
          measurement: measurement, zone: zone, deadline: limit.flatMap { $0.deadline(tick) }))
    } catch {
      Input.complain(error.description)
      throw ExitCode(1)
    }
    try writeForCI(comparison)
    if junit != "-" { try show(comparison, tick) }
    if failOn.includes(comparison.verdict) { throw ExitCode(2) }
    if comparison.verdict == .inconclusive, !allowInconclusive {
      Input.complain(
        "inconclusive: neither same nor worse was shown; --allow-inconclusive accepts that")
      throw ExitCode(1)
    }
  }

  private func writeForCI(_ comparison: Comparison) throws(ExitCode) {
    let results = comparison.measurements.map { measured in
      CheckResult(measured, hasFailed: failOn.includes(measured.verdict))
    }
    if let junit {
      try Output.write(Array(JUnitWriter.render(suite: "hvlat compare", results).utf8), to: junit)
    }
    if github { try Output.print(GitHubAnnotations.render(results), terminator: "") }
  }

  private func show(_ comparison: Comparison, _ unit: TickUnit) throws(ExitCode) {
    if json {
      let text: String
      do {
        text = try ComparisonRenderer.json(comparison)
      } catch {
        Input.complain(error.description)
        throw ExitCode(1)
      }
      try Output.print(text)
    } else if markdown {
      try Output.print(ComparisonRenderer.markdown(comparison, unit: unit), terminator: "")
    } else {
      let text = ComparisonRenderer.text(
        comparison, unit: unit, width: width ?? Terminal.width, color: Terminal.hasColor)
      try Output.print(text, terminator: "")
    }
  }
}
