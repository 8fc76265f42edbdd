/// One expect/send pair: when a line of `zone` matches, type `text` to it.
package struct SendStep {
  package let written: String
  /// Zone index.
  package let zone: Int
  package let text: TypedText
  private let regex: Regex<AnyRegexOutput>

  /// Parses `ZONE:REGEX:TEXT`, the argument of `--send`. A colon inside REGEX is written `\:`.
  package init(_ written: String, zones: [RunZone]) throws(ScriptError) {
    let parts = SendStep.parts(written)
    guard parts.count == 3 else {
      throw ScriptError(
        description:
          "--send '\(written)': write ZONE:REGEX:TEXT, for example 'linux:/# $:uname -m'")
    }
    try self.init(
      written: written, option: "--send", zone: parts[0], regex: parts[1], text: parts[2],
      zones: zones)
  }

  /// A step of `--input`: `text` is typed once `zone` has printed something.
  package init(input text: String, zone: String, zones: [RunZone]) throws(ScriptError) {
    try self.init(
      written: text, option: "--input", zone: zone, regex: ".", text: text, zones: zones)
  }

  private init(
    written: String, option: String, zone: String, regex: String, text: String, zones: [RunZone]
  ) throws(ScriptError) {
    guard let index = zones.firstIndex(where: { $0.name == zone }) else {
      throw ScriptError(
        description:
          "\(option) '\(written)': there is no zone '\(zone)' (there are: "
          + "\(zones.map(\.name).joined(separator: ", ")))")
    }
    guard zones[index].hasConsole else {
      throw ScriptError(
        description: "\(option) '\(written)': zone '\(zone)' has no console to type at")
    }
    self.written = written
    self.zone = index
    self.regex = try LinePattern.compile(regex, written, option)
    self.text = try TypedText(text, written: written, option: option)
  }

  /// How many characters of `text` are used up by the first match in it; nil without a match.
  func matchEnd(in text: Substring) -> Int? {
    text.firstMatch(of: regex).map { text.distance(from: text.startIndex, to: $0.range.upperBound) }
  }

  /// Splits at the first two colons that have no backslash before them.
  private static func parts(_ written: String) -> [String] {
    var parts = [""]
    var escaped = false
    for character in written {
      if character == ":", !escaped, parts.count < 3 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
      escaped = character == "\\" && !escaped
    }
    return parts
  }
}

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
