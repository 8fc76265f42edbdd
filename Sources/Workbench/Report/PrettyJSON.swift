internal import Foundation

/// JSON as the tools print it: indented, keys sorted, slashes as they are, one LF at the end.
package enum PrettyJSON {
  /// `{}` for a value that cannot be encoded, which holds for no type of the tools.
  package static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
