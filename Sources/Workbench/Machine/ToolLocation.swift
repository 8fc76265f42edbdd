internal import Foundation

/// Finds programs.
package enum ToolLocation {
  /// The path of the program `name` in the folders of `PATH`; nil when there is none.
  package static func find(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}
