/// What is wrong with a `system.yaml`, where, and what to do about it.
public struct ConfigurationError: Error, Equatable, Sendable {
  /// Path of the file as it was given.
  public var file: String
  /// One-based; nil when the file as a whole is meant.
  public var line: Int?
  /// Path of the field, for example `zones[1].memory[0].size`; empty for the file as a whole.
  public var field: String
  /// What is wrong; continues a sentence that starts with the field.
  public var problem: String
  /// What to do.
  public var advice: String

  /// The parts of one message.
  public init(file: String, line: Int?, field: String, problem: String, advice: String) {
    self.file = file
    self.line = line
    self.field = field
    self.problem = problem
    self.advice = advice
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// `FILE:LINE: FIELD: problem; advice`.
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    let subject = field.isEmpty ? "" : "\(field): "
    return "\(place): \(subject)\(problem); \(advice)"
  }
}
