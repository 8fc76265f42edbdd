/// Why a file of another tool cannot be read: where, what, how much was understood, what to do.
public struct FormatError: Error, Equatable, CustomStringConvertible, Sendable {
  /// Where in the file.
  public enum Position: Equatable, Sendable {
    /// 1-based.
    case line(Int)
    /// Bytes from the start.
    case offset(Int)
    /// The file as a whole.
    case whole
  }

  public let position: Position
  /// What is wrong.
  public let problem: String
  /// What was read before that, in words; nothing of it is used.
  public let readSoFar: String
  /// What the user can do.
  public let advice: String

  init(
    _ position: Position, _ problem: String, read readSoFar: String = "nothing",
    _ advice: String
  ) {
    self.position = position
    self.problem = problem
    self.readSoFar = readSoFar
    self.advice = advice
  }

  /// One line, without the file's name.
  public var description: String {
    let place =
      switch position {
      case .line(let number): "line \(number): "
      case .offset(let offset): "offset 0x\(String(offset, radix: 16)): "
      case .whole: ""
      }
    return "\(place)\(problem); read so far: \(readSoFar); \(advice)"
  }
}
