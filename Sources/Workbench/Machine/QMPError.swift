/// Why a QMP conversation failed.
package enum QMPError: Error, Equatable, CustomStringConvertible {
  case notConnected(String)
  /// Start of the line that is no QMP message.
  case malformed(String)
  case refused(command: String, description: String)
  case timeout(command: String)
  case closed(command: String)

  /// One sentence.
  package var description: String {
    switch self {
    case .notConnected(let why): "cannot connect to QEMU's machine protocol: \(why)"
    case .malformed(let text): "QEMU's machine protocol sent no valid message: \(text)"
    case .refused(let command, let text): "QEMU refused '\(command)': \(text)"
    case .timeout(let command): "QEMU did not answer '\(command)' in time"
    case .closed(let command): "QEMU closed the connection during '\(command)'"
    }
  }
}
