import Foundation
import SepKernel
import Testing

/// `docs/invariants.md` and the code say the same.
@Suite struct PlanInvariantsDocumentTests {
  @Test func everyReasonIsDocumented() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/invariants.md").standardized
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| ") && $0.dropFirst(2).first?.isNumber == true }
      .map { $0.split(separator: "|").prefix(2).joined(separator: "|") }
    let expected = PlanError.Reason.allCases.map { " \($0.rawValue) | `\($0.name)` " }
    #expect(rows == expected)
  }
}
