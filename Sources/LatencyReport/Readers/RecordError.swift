/// Why a file is not a record, or not a whole one: which field, where, and what to do about it.
public struct RecordError: Error, Equatable, CustomStringConvertible, Sendable {
  /// Name of the field as in docs/record-format.md.
  public let field: String
  /// Bytes from the start of the file.
  public let offset: Int
  /// What is wrong with it.
  public let problem: String
  /// What the user can do.
  public let advice: String

  init(_ field: String, _ offset: Int, _ problem: String, _ advice: String) {
    self.field = field
    self.offset = offset
    self.problem = problem
    self.advice = advice
  }

  /// One line, without the file's name.
  public var description: String {
    "\(field) at offset 0x\(String(offset, radix: 16)): \(problem); \(advice)"
  }
}
