/// Why a device tree could not be read or made.
public enum DeviceTreeError: Error, Equatable, Sendable {
  /// The board's tree could not be had; the text says what was tried and what to do.
  case unavailable(String)
  /// Not a well-formed flattened device tree; libfdt's error number.
  case malformed(Int32)
  /// Well-formed, but not a tree this program understands.
  case unexpected(String)
  /// libfdt could not write the tree; its error number.
  case unwritable(Int32)
}

extension DeviceTreeError: CustomStringConvertible {
  /// One sentence that says which tree is meant.
  public var description: String {
    switch self {
    case .unavailable(let text): return "board device tree: \(text)"
    case .malformed(let code): return "board device tree: malformed (libfdt error \(code))"
    case .unexpected(let text): return "board device tree: \(text)"
    case .unwritable(let code): return "zone device tree: libfdt error \(code) while writing"
    }
  }
}
