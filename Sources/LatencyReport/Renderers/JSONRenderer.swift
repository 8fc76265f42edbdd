import Foundation

/// Reports as JSON for machines. Field names are those of `Report`; all values are in ticks.
public enum JSONRenderer {
  /// The encoder refused a report: a defect of this tool, never of the record.
  public struct Problem: Error, CustomStringConvertible {
    public let description: String
  }

  /// One object: `reports` holds a `Report` for each file.
  public static func render(_ reports: [Report]) throws(Problem) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(["reports": reports]), as: UTF8.self)
    } catch {
      throw Problem(description: "the report cannot be written as JSON")
    }
  }
}
