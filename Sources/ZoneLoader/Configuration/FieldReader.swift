import Yams

/// Reads the fields of one mapping of a `system.yaml`, with errors that name file, line and field.
struct FieldReader {
  let file: String
  /// Path of the mapping: `zones[1]`, empty for the document.
  let path: String
  let line: Int?
  private let mapping: Node.Mapping

  /// Refuses anything but a mapping whose keys are all known to `section`.
  init(
    _ node: Node, section: ConfigurationSection, file: String, path: String
  ) throws(ConfigurationError) {
    guard case .mapping(let mapping) = node else {
      throw ConfigurationError(
        file: file, line: node.mark?.line, field: path, problem: "must be a mapping",
        advice: "give it keys out of: \(section.keys.joined(separator: ", "))")
    }
    self.file = file
    self.path = path
    self.line = node.mark?.line
    self.mapping = mapping
    for (key, _) in mapping {
      guard case .scalar(let scalar) = key, section.keys.contains(scalar.string) else {
        let word = key.string ?? "?"
        let advice =
          if let nearest = Suggestion.nearest(to: word, in: section.keys) {
            "did you mean `\(nearest)`?"
          } else {
            "known keys: \(section.keys.joined(separator: ", "))"
          }
        throw ConfigurationError(
          file: file, line: key.mark?.line ?? node.mark?.line,
          field: FieldReader.join(path, word), problem: "unknown key", advice: advice)
      }
    }
  }

  static func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  /// The value of a key, nil where it is not given.
  func node(_ key: String) -> Node? {
    for (candidate, value) in mapping where candidate.string == key { return value }
    return nil
  }

  /// Line of the value of a key, or of the mapping when the key is absent.
  func line(of key: String) -> Int? {
    node(key)?.mark?.line ?? line
  }

  /// An error about a key of this mapping.
  func error(_ key: String, _ problem: String, _ advice: String) -> ConfigurationError {
    ConfigurationError(
      file: file, line: line(of: key), field: FieldReader.join(path, key), problem: problem,
      advice: advice)
  }

  func text(_ key: String) throws(ConfigurationError) -> String? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let scalar) = node else {
      throw error(key, "must be a single value", "write `\(key): VALUE`")
    }
    guard !scalar.string.isEmpty else {
      throw error(key, "is empty", "give a value or remove the key")
    }
    guard !scalar.string.utf8.contains(0) else {
      throw error(key, "contains a NUL character", "remove it")
    }
    return scalar.string
  }

  func required<T>(_ key: String, _ value: T?, example: String) throws(ConfigurationError) -> T {
    guard let value else {
      throw error(key, "is missing", "add it, for example `\(key): \(example)`")
    }
    return value
  }

  /// An integer, an address or a size.
  func integer(_ key: String) throws(ConfigurationError) -> UInt64? {
    guard let text = try text(key) else { return nil }
    return try number(text, key)
  }

  private func number(_ text: String, _ key: String) throws(ConfigurationError) -> UInt64 {
    guard let value = Quantity.parse(text) else {
      throw error(
        key, "`\(text)` is not a number", "write it like 4096, 0x4000_0000 or 128MiB")
    }
    return value
  }

  /// A number or a list of numbers, each at most `limit`.
  func numbers(_ key: String, limit: Int) throws(ConfigurationError) -> [Int]? {
    guard let node = node(key) else { return nil }
    var result: [Int] = []
    for element in try elements(key, of: node) {
      guard case .scalar(let scalar) = element, let value = Quantity.parse(scalar.string),
        value <= UInt64(limit)
      else {
        throw error(
          key, "`\(element.string ?? "?")` is not a number from 0 to \(limit)",
          "write a list like [0, 1]")
      }
      result.append(Int(value))
    }
    return result
  }

  /// The elements of a list; a single value counts as a list of one.
  func elements(_ key: String, of node: Node) throws(ConfigurationError) -> [Node] {
    switch node {
    case .sequence(let sequence): return Array(sequence)
    case .scalar, .mapping: return [node]
    case .alias:
      throw error(key, "is a YAML alias", "write the value out")
    }
  }

  /// One word out of `choices`.
  func choice<T>(_ key: String, _ choices: [(word: String, value: T)]) throws(ConfigurationError)
    -> T?
  {
    guard let text = try text(key) else { return nil }
    guard let match = choices.first(where: { $0.word == text }) else {
      let words = choices.map { $0.word }
      let nearest = Suggestion.nearest(to: text, in: words).map { ", did you mean `\($0)`?" } ?? ""
      throw error(
        key, "`\(text)` is not known", "use one of \(words.joined(separator: ", "))\(nearest)")
    }
    return match.value
  }
}
