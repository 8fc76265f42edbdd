import Boards
import Foundation
import Testing

@testable import Checklist

/// Catalogue, documents and what is emitted are one.
@Suite struct CatalogueTests {
  private func documentedItems() throws -> [String] {
    let text = try String(
      contentsOf: Fixture.repository.appendingPathComponent("docs/checklist.md"), encoding: .utf8)
    let start = try #require(text.range(of: "\n## Items"))
    let end = try #require(text.range(of: "\n## The log"))
    return text[start.upperBound..<end.lowerBound].split(separator: "\n")
      .filter { $0.hasPrefix("| `") }
      .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
  }

  @Test func everyItemIsDocumentedInItsOrder() throws {
    #expect(try documentedItems() == Catalogue.all.map(\.pattern))
  }

  @Test func entriesAreWhole() {
    #expect(Set(Catalogue.all.map(\.id)).count == Catalogue.all.count)
    for entry in Catalogue.all {
      #expect(BringUpLine.isIdentifier(entry.id) && !["begin", "end"].contains(entry.id))
      for text in [entry.title, entry.why, entry.advice] {
        #expect(text.count > 10 && !text.contains("  ") && !text.contains("\n"), "\(entry.id)")
      }
      #expect(entry.why.hasSuffix(".") && entry.advice.hasSuffix("."), "\(entry.id)")
      #expect(!entry.architectures.isEmpty)
    }
  }

  @Test func entriesAreFoundByTheIdOfAnItem() {
    #expect(Catalogue.entry(for: "cpu-start.2") == Catalogue.Board.cpuStart)
    #expect(Catalogue.entry(for: "pmu") == Catalogue.Board.pmu)
    for id in ["cpu-start", "pmu.1", "nothing", "", ".", "cpu-start."] where id != "cpu-start." {
      #expect(Catalogue.entry(for: id) == nil, "\(id)")
    }
  }

  /// Every id that any list emits is one of the catalogue, and the other way round.
  @Test func emittedIdsAreTheCatalogues() throws {
    var emitted: Set<String> = []
    let zones = planned([("rt", true)])
    for board in Board.all {
      for log in ["good-aarch64.log", "hung-aarch64.log"] {
        for item in Checklist.of(try Fixture.text(log), board: board, system: zones).items {
          #expect(Catalogue.entry(for: item.id) == item.entry, "\(item.id)")
          emitted.insert(item.entry.id)
        }
      }
    }
    #expect(emitted == Set(Catalogue.all.map(\.id)))
  }

  /// The ids the bring-up image prints: the fixture has each of them.
  @Test func fixtureHasEveryCheckOfTheImage() throws {
    let log = BringUpLog(
      ConsoleLog(Array(try Fixture.text("good-aarch64.log").utf8), name: "good"))
    let seen = Set(log.checks.compactMap { Catalogue.entry(for: $0.id)?.id })
    #expect(seen == Set(Catalogue.Board.all.map(\.id)).subtracting(["log"]))
  }
}
