import Boards
import Foundation
import Testing

@testable import ZoneLoader

@Suite struct DocumentationTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
  }

  /// Each section of docs/configuration.md named after a mapping has a table row for each key.
  @Test(arguments: ConfigurationSection.allCases)
  func everyKeyIsDocumented(_ section: ConfigurationSection) throws {
    let document = try text("docs/configuration.md")
    let start = try #require(
      document.range(of: "<!-- keys: \(section.rawValue) -->"), "no section for \(section)")
    let rest = document[start.upperBound...]
    let end = rest.range(of: "<!-- keys: ")?.lowerBound ?? rest.endIndex
    let rows = rest[..<end].split(separator: "\n").filter { $0.hasPrefix("| `") }
    let keys = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
    #expect(keys == section.keys)
  }

  @Test(arguments: Board.all) func everyBoardAndDeviceIsDocumented(_ board: Board) throws {
    let document = try text("docs/boards.md")
    #expect(document.contains("`\(board.name)`"))
    for device in board.devices {
      #expect(document.contains("`\(device.name)`"), "\(device.name)")
    }
  }
}
