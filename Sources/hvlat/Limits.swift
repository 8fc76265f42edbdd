public import ArgumentParser
public import LatencyReport

/// What a run must keep to, and which of its measurements that concerns.
struct Limits: ParsableArguments {
  @Option(help: "Limits separated by commas, such as 'max<=4,misses==0'. May be repeated.")
  var threshold: [String] = []

  @Option(
    help: """
      No sample may be longer: 100us, or a plain number in the report's unit. As max<=, and the tail \
      model says how probable a longer sample is.
      """)
  var deadline: String?

  @Option(help: "Check limits on this measurement only, such as timer-busy.")
  var measurement: String?

  @Option(help: "Check limits on this zone only.")
  var zone: String?

  /// All limits, the deadline first. Throws exit code 1 after printing why.
  func parsed() throws(ExitCode) -> [Threshold] {
    do {
      var thresholds: [Threshold] = []
      for text in deadline.map({ ["max<=\($0)"] }) ?? [] { thresholds += try Threshold.parse(text) }
      for text in threshold { thresholds += try Threshold.parse(text) }
      return thresholds
    } catch {
      Input.complain(error.description)
      throw ExitCode(1)
    }
  }

  /// How a dataset fared.
  enum Outcome {
    /// No limits.
    case none
    case judged(Report.Judgement)
    /// A limit does not fit the data; the reason was printed.
    case impossible

    /// The judgement, if there is one.
    var judgement: Report.Judgement? {
      switch self {
      case .judged(let judgement): judgement
      case .none, .impossible: nil
      }
    }
  }

  /// Holds a dataset against limits; hits are printed on standard error too.
  func judge(_ thresholds: [Threshold], _ dataset: Dataset) -> Outcome {
    guard !thresholds.isEmpty else { return .none }
    do {
      let hits = try Threshold.hits(
        thresholds, in: dataset, measurement: measurement, zone: zone)
      for hit in hits { Input.complain("\(dataset.source): threshold hit: \(hit)") }
      return .judged(.init(limits: thresholds.map(\.description), hits: hits))
    } catch {
      Input.complain("\(dataset.source): \(error.description)")
      return .impossible
    }
  }
}

extension Split: ExpressibleByArgument {}
