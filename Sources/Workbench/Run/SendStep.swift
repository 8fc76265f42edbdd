/// One expect/send pair: when a line of `zone` matches, type `text` to it.
package struct SendStep {
  /// The argument as it was written.
  package let written: String
  /// Zone index.
  package let zone: Int
  /// What to type.
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
