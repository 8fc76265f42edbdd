import Foundation

/// Who owns what of a system, as `hv plan --json` says.
struct SystemPlan: Decodable {
  struct Row: Decodable {
    var resource, owner, note: String
    var base, size: UInt64?
  }
  var rows: [Row]

  static func of(_ system: SystemText) async throws -> SystemPlan {
    let folder = try ScratchFolder()
    let file = "\(folder.path)/system.yaml"
    try system.yaml.write(toFile: file, atomically: false, encoding: .utf8)
    let command = try await Command.run(
      Built.hv(), ["plan", file, "--json", "--kernel", Built.kernel(system.board)], seconds: 60,
      folder: folder.path)
    guard command.status == 0 else { throw SystemRun.NoResult(text: command.errors) }
    return try JSONDecoder().decode(SystemPlan.self, from: Data(command.output.utf8))
  }

  /// Owner of the memory at a host-physical address.
  func owner(of address: UInt64) -> String {
    let row = rows.first {
      guard $0.resource == "memory", let base = $0.base, let size = $0.size else { return false }
      return address >= base && address - base < size
    }
    return row?.owner ?? "nobody"
  }

  /// First host-physical address of the memory whose owner or note is this.
  func memory(of name: String) -> UInt64? {
    rows.first { $0.resource == "memory" && ($0.owner == name || $0.note == name) }?.base
  }
}
