/// The expect/send pairs of a run and how far each zone has got in them.
///
/// The pairs of one zone are taken in their order, each searching only what the zone printed after
/// the match of the one before. Pairs of different zones do not wait for each other.
package struct SendScript {
  private struct Progress {
    var steps: [SendStep] = []
    /// Line of the last match, and the characters of it that are used up.
    var line = 0
    var used = 0
  }

  private var zones: [Int: Progress] = [:]

  /// `steps`: in the order of the command line.
  package init(_ steps: [SendStep]) {
    for step in steps { zones[step.zone, default: Progress()].steps.append(step) }
  }

  /// Steps not taken yet.
  package var pending: [SendStep] {
    zones.sorted { $0.key < $1.key }.flatMap(\.value.steps)
  }

  /// Takes a line, ended or not; the steps whose text must be typed now.
  package mutating func take(_ line: ConsoleLine) -> [SendStep] {
    guard case .zone(let index) = line.source, var progress = zones[index],
      !progress.steps.isEmpty, line.number >= progress.line
    else { return [] }
    if line.number > progress.line {
      progress.line = line.number
      progress.used = 0
    }
    var taken: [SendStep] = []
    while let step = progress.steps.first,
      let end = step.matchEnd(in: line.text.dropFirst(progress.used))
    {
      progress.used += end
      taken.append(progress.steps.removeFirst())
    }
    zones[index] = progress
    return taken
  }
}
