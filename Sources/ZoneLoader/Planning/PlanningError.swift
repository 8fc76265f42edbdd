public import SepKernel

/// Why a system could not be planned.
public enum PlanningError: Error, Equatable, Sendable {
  /// What `system.yaml` asks for does not go together or does not fit the board, or an image it
  /// names cannot be used.
  case configuration(ConfigurationError)
  case deviceTree(DeviceTreeError)
  /// The finished Plan did not pass the check the kernel will make.
  case plan(PlanError)
  /// A file of the boot image could not be read or written, or is not what it should be.
  case file(path: String, problem: String)
}

extension PlanningError: CustomStringConvertible {
  /// One line that names file, line and field where there are some.
  public var description: String {
    switch self {
    case .configuration(let error): return error.description
    case .deviceTree(let error): return error.description
    case .plan(let error): return error.description
    case .file(let path, let problem): return "\(path): \(problem)"
    }
  }
}

extension SystemDescription {
  /// An error about `board`, `board.dtb` or `zones`, with its line in the file.
  func error(_ key: String, _ problem: String, _ advice: String) -> PlanningError {
    .configuration(
      ConfigurationError(
        file: path, line: sourceLines[key], field: key, problem: problem, advice: advice))
  }

  /// An error about a field of a zone, with its line in the file.
  func error(
    _ zone: ZoneDescription, _ key: String, _ problem: String, _ advice: String
  ) -> PlanningError {
    .configuration(
      ConfigurationError(
        file: path, line: zone.sourceLines[key] ?? zone.sourceLines[""],
        field: "zone `\(zone.name)`: \(key)", problem: problem, advice: advice))
  }
}
