import Boards
import Foundation
import LatencyProbe
import SepKernel
import Testing

@testable import Checklist

/// The image that looks at a board: nothing to complain of on the board that the Plan describes, and on another one exactly
/// what is different, to the end of the report.
@Suite struct BringupTests {
  /// Where none of the machines has anything.
  private static let nowhere: UInt64 = 0x0f00_0000

  /// Time is taken from an emulated CPU all the time.
  private func expect(
    _ report: BringupBoot.Report, failures: [String], skipped: [String] = [],
    warnings: [String] = [], _ place: SourceLocation = #_sourceLocation
  ) {
    #expect(report.isComplete, "\(report)", sourceLocation: place)
    #expect(report.checks("FAIL") == failures, "\(report)", sourceLocation: place)
    #expect(report.checks("skip") == skipped, "\(report)", sourceLocation: place)
    let others = report.checks("warn").filter { !$0.hasPrefix("stolen-time.") }
    #expect(others == warnings, "\(report)", sourceLocation: place)
  }

  /// What is skipped on the right board: no RISC-V register tells the counter's frequency.
  private func always(_ board: TestBoard) -> [String] {
    board.isRISCV ? ["counter-frequency"] : []
  }

  @Test(arguments: TestBoard.allCases) func theRightBoardHasNoFailure(board: TestBoard) async throws
  {
    let report = try await BringupBoot(board).run()
    expect(report, failures: [], skipped: always(board))
    for cpu in 0...1 {
      #expect(
        report.result("delivery.\(cpu)")?.contains("ok interrupts=1000 exits=0 ") == true,
        "\(report)")
      #expect(report.result("baseline.\(cpu)")?.contains(" samples=2000 ") == true, "\(report)")
    }
  }

  /// A board whose four CPUs `hv run BOARD --bringup` looks at.
  struct WholeBoard: Sendable, CustomTestStringConvertible {
    var board: Board
    /// Added to QEMU's `-machine`.
    var property: String?
    /// Checks that are not made, and those that warn.
    var skipped: [String] = []
    var warnings: [String] = []
    var testDescription: String {
      ([board.name] + [property].compactMap(\.self)).joined(separator: ",")
    }
  }

  /// The boards with a literal that QEMU has a machine of its own for; and those that can have two security states, with them:
  /// priorities of lines are shifted then, and QEMU, which is the firmware, keeps SCR_EL3.FIQ clear, so that a GICv3's masks are not.
  static let wholeBoards = [
    WholeBoard(board: .raspberryPi4B, skipped: ["firmware"], warnings: ["counter-frequency"]),
    WholeBoard(board: .xilinxZCU102, warnings: ["counter-frequency"]),
    WholeBoard(board: .xilinxZCU102, property: "secure=on", warnings: ["counter-frequency"]),
    WholeBoard(board: .qemuVirtAArch64, property: "secure=on", warnings: ["security-state"]),
    WholeBoard(board: .qemuVirtAArch64GICv2, property: "secure=on"),
  ]

  @Test(arguments: wholeBoards) func aWholeBoardHasNoFailure(whole: WholeBoard) async throws {
    let text = try await BringupBoot.whole(whole.board.name, property: whole.property)
    let report = BringupBoot.Report(text)
    expect(report, failures: [], skipped: whole.skipped, warnings: whole.warnings)
    for cpu in whole.board.cpus.indices {
      #expect(
        report.result("delivery.\(cpu)")?.contains("ok interrupts=1000 exits=0 ") == true,
        "\(report)")
    }
    let states = " one-state=\(whole.property == nil ? 1 : 0) "
    #expect(report.result("security-state")?.contains(states) == true, "\(report)")
    var input = Checklist.Input(board: whole.board)
    input.logs = [("raw.log", Array(text.utf8))]
    let failed = Checklist(input).items.filter { $0.verdict == .fail }
    #expect(failed.isEmpty, "\(failed)")
  }

  @Test(arguments: TestBoard.allCases)
  func anInterruptControllerThatIsNotThereIsOneFailure(board: TestBoard) async throws {
    let report = try await BringupBoot(board).forged {
      $0.board.interruptController.regions[0].base = Self.nowhere
    }.run()
    expect(
      report, failures: ["interrupt-controller"],
      skipped: always(board) + [
        "line-count", "security-state", "stuck-lines", "wfi-wake", "delivery.0", "delivery.1",
        "baseline.0", "baseline.1",
      ])
    let result = try #require(report.result("interrupt-controller"))
    #expect(result.contains("reason=exception") && result.contains("address=0xf00"), "\(result)")
  }

  @Test func anotherCounterFrequencyIsFound() async throws {
    let report = try await BringupBoot(.aarch64).forged { $0.board.counterFrequency = 1 }.run()
    expect(report, failures: ["counter-frequency"])
    #expect(report.result("counter-frequency")?.contains("register=62500000 plan=1") == true)
  }

  @Test(arguments: TestBoard.architectures)
  func aCPUThatIsNotThereIsFound(board: TestBoard) async throws {
    let report = try await BringupBoot(board).run(cpus: 1)
    // A GIC tells before firmware does.
    expect(
      report, failures: (board.isRISCV ? [] : ["interrupt-controller"]) + ["cpu-start.1"],
      skipped: always(board) + ["delivery.1", "baseline.1", "stolen-time.1"])
  }

  /// A CPU that is there, and whose redistributor is not where the Plan says.
  @Test func aCPUWithoutARedistributorIsNamed() async throws {
    let report = try await BringupBoot(.aarch64).inserting(
      // No for CPU 1: cmp x0, #1; b.ne 1f; mov w0, #0; ret; 1:.
      [0xf100_041f, 0x5400_0061, 0x5280_0000, 0xd65f_03c0], before: "hasRedistributor"
    ).run()
    expect(report, failures: ["interrupt-controller"], skipped: ["delivery.1", "baseline.1"])
    #expect(
      report.result("interrupt-controller")?.contains(" redistributors=1 missing=1 #") == true,
      "\(report)")
  }

  @Test func fewerInterfacesThanCPUsAreFound() async throws {
    let report = try await BringupBoot(.aarch64GICv2).run(cpus: 1)
    expect(
      report, failures: ["interrupt-controller", "cpu-start.1"],
      skipped: ["delivery.1", "baseline.1", "stolen-time.1"])
    #expect(report.result("interrupt-controller")?.contains(" interfaces=1 ") == true, "\(report)")
  }

  @Test(arguments: TestBoard.architectures)
  func memoryThatIsNotThereIsFound(board: TestBoard) async throws {
    let report = try await BringupBoot(board).forged { $0.board.ram[0].size += 1 << 30 }.run()
    expect(report, failures: ["ram"], skipped: always(board))
  }

  @Test func memoryThatOverlapsIsFound() async throws {
    let report = try await BringupBoot(.aarch64).forged {
      $0.board.ramCount = 2
      $0.board.ram[1] = PlanRegion(base: $0.board.ram[0].base + 0x1000, size: 0x1000)
    }.run()
    #expect(report.isComplete && report.checks("FAIL") == ["plan"], "\(report)")
    #expect(report.result("plan")?.contains("error=ram-order") == true, "\(report)")
  }

  @Test func linesThatAreNotThereAreFound() async throws {
    let report = try await BringupBoot(.aarch64).forged { $0.header.lineCount = 320 }.run()
    expect(report, failures: ["line-count"])
  }

  /// Nothing can be printed then: memory has the report.
  @Test(arguments: TestBoard.architectures)
  func aUARTThatIsNotThereIsFoundInMemory(board: TestBoard) async throws {
    let memory = try await BringupBoot(board).forged {
      $0.board.uart.region.base = Self.nowhere
    }.withConsole(Self.nowhere).memory()
    let text = try #require(BringupLog.text(inRecord: memory))
    let report = BringupBoot.Report(String(decoding: text, as: UTF8.self))
    expect(report, failures: ["uart"], skipped: always(board) + ["uart-receive"])
  }

  /// A check that does not return: a jump to itself.
  @Test(arguments: TestBoard.architectures)
  func aCheckThatHangsIsEndedAndNamed(board: TestBoard) async throws {
    let report = try await BringupBoot(board)
      .patched("judgeStuckLines", with: board.isRISCV ? 0x0000_006f : 0x1400_0000).run()
    expect(report, failures: ["stuck-lines"], skipped: always(board))
    #expect(report.result("stuck-lines")?.contains("reason=timeout") == true, "\(report)")
  }
}
