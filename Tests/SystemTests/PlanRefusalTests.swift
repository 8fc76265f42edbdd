import Foundation
import SepKernel
import Testing

/// A boot image whose Plan is damaged or forged: the kernel says why and starts nothing.
///
/// Every field is flipped on the host, in `PlanFlipTests`; here the kernel itself does the judging.
@Suite struct PlanRefusalTests {
  /// The boot image that is damaged.
  private static let images: [TestBoard: Task<PlannedImage, any Error>] = Dictionary(
    uniqueKeysWithValues: TestBoard.allCases.map { board in
      (board, Task { try await image(board) })
    })

  /// Two zones, so that there is something to overlap.
  private static func image(_ board: TestBoard) async throws -> PlannedImage {
    try PlannedImage(
      await DirectBoot.image(
        SystemText(
          board: board, cpus: 2,
          zones: [board.rtControl(cpu: 0, samples: 10), board.attacker(cpu: 1, attack: 1)])),
      of: Built.kernel(board), zones: 2)
  }

  private func image(_ board: TestBoard) async throws -> PlannedImage {
    try await #require(Self.images[board]).value
  }

  /// One forgery: what is changed, and the error the kernel must name.
  struct Forgery: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout Plan, TestBoard) -> Void
    var error: PlanError.Reason

    init(
      _ name: String, _ error: PlanError.Reason, _ change: @escaping @Sendable (inout Plan) -> Void
    ) {
      self.init(name, error) { plan, _ in change(&plan) }
    }

    init(
      _ name: String, _ error: PlanError.Reason,
      _ change: @escaping @Sendable (inout Plan, TestBoard) -> Void
    ) {
      testDescription = name
      self.change = change
      self.error = error
    }
  }

  /// Edits of a Plan that keep its checksum right.
  static let forgeries: [Forgery] = [
    Forgery("wrong version", .version) { $0.header.version += 1 },
    Forgery("wrong architecture", .architecture) {
      $0.header.architecture = PlanArchitecture.x86_64.rawValue
    },
    Forgery("too many zones", .zoneCount) { $0.header.zoneCount = 17 },
    Forgery("too many CPUs", .cpuCount) { $0.header.cpuCount = 65 },
    Forgery("too many ranges", .rangeCount) { $0.zones[0].rangeCount = 65 },
    Forgery("too many payloads", .payloadCount) { $0.zones[0].payloadCount = .max },
    Forgery("memory of another zone", .rangeHostOverlap) {
      // Range 0 of the zoneR is its stamp area, range 1 its RAM.
      $0.zones[1].ranges[0].host = $0.zones[0].ranges[1].host
    },
    Forgery("memory of the kernel", .rangeOverKernel) {
      $0.zones[1].ranges[0].host = $1.kernelBase
    },
    Forgery("memory that is not there", .rangeOutsideRAM) {
      $0.zones[1].ranges[0].host = 0x1_0000_0000
    },
    Forgery("unaligned memory", .rangeAlignment) { $0.zones[1].ranges[0].host += 1 },
    Forgery("memory that wraps", .rangeGuestAddress) {
      $0.zones[1].ranges[0].guest = 0xffff_ffff_ffff_f000
    },
    Forgery("entry outside of the zone", .entryAddress) { $0.zones[0].entry = 0x7000_0000 },
    Forgery("unaligned entry", .entryAlignment) { $0.zones[0].entry += 1 },
    Forgery("payload from the kernel's memory", .payloadOverImage) {
      $0.zones[0].payloads[0].source = $1.kernelBase
    },
    Forgery("payload beyond the zone", .payloadDestination) {
      $0.zones[0].payloads[0].guest = 0x6000_0000
    },
    Forgery("a CPU of nobody's zone", .cpuOwner) { $0.cpus[1].owner = 5 },
    Forgery("one CPU that waits elsewhere", .cpuRelease) { $0.cpus[1].releaseAddress = 0xe0 },
    Forgery("tables over the kernel", .tablesOverImage) {
      $0.board.tables.base = $1.kernelBase
    },
    Forgery("the UART as a device of a zone", .uartLineWired) {
      $0.lines[$1.consoleLine].owner = 0
      $0.lines[$1.consoleLine].kind = PlanLine.wired
    },
  ]

  /// The damaged image with the checksum made right again.
  private func forged(
    _ board: TestBoard, _ change: (inout Plan) -> Void
  ) async throws -> Data {
    try await image(board).forged(change).bytes
  }

  private func expectRefused(
    _ image: Data, on board: TestBoard, _ error: PlanError.Reason
  ) async throws {
    let uart = try await DirectBoot.uart(image, on: board, until: "plan refused: ")
    #expect(uart.contains("kernel| plan refused: \(error.name)"), "\(uart)")
    #expect(!uart.contains("started"), "\(uart)")
    #expect(!uart.contains("rt-control|") && !uart.contains("attacker|"), "\(uart)")
  }

  @Test(arguments: TestBoard.allCases, forgeries)
  func forgeryIsRefused(board: TestBoard, forgery: Forgery) async throws {
    try await expectRefused(
      try await forged(board) { forgery.change(&$0, board) }, on: board, forgery.error)
  }

  /// What is said of the interrupt controller, each kind of which has another form.
  static let controllerForgeries: [(TestBoard, Forgery)] = [
    (
      .riscv64PLIC,
      Forgery("an AIA's regions", .controllerUnused) {
        $0.board.interruptController.regions[1] = PlanRegion(base: 0x2800_0000, size: 0x1000)
      }
    ),
    (
      .riscv64PLIC,
      Forgery("a PLIC without a context", .kernelDeviceSize) {
        $0.board.interruptController.regions[0].size = 0x20_0000
      }
    ),
    (
      .riscv64PLIC,
      Forgery("more sources than there can be", .controllerParameter) {
        $0.board.interruptController.parameter = 1024
      }
    ),
    (
      .riscv64PLIC,
      Forgery("another architecture's", .controllerKind) {
        $0.board.interruptController.kind = PlanInterruptControllerKind.gicV3.rawValue
      }
    ),
    (
      .riscv64PLIC,
      Forgery("a line behind the last source", .uartLine) { $0.board.uart.line = 1000 }
    ),
    (
      .riscv64AIA,
      Forgery("no guest file", .controllerParameter) { $0.board.interruptController.parameter = 0 }
    ),
    (
      .riscv64AIA,
      Forgery("files that are not aligned", .kernelDeviceAlignment) {
        $0.board.interruptController.regions[1].base += 0x1000
      }
    ),
    (
      .aarch64,
      Forgery("fewer redistributors than CPUs", .kernelDeviceSize) {
        $0.board.interruptController.regions[1].size = 0x2_0000
      }
    ),
  ]

  @Test(arguments: controllerForgeries)
  func controllerIsRefused(board: TestBoard, forgery: Forgery) async throws {
    try await expectRefused(
      try await forged(board) { forgery.change(&$0, board) }, on: board, forgery.error)
  }

  /// What only the machine can tell.
  @Test func planForAnotherCounterIsRefused() async throws {
    // On RISC-V no register tells.
    let board = TestBoard.aarch64
    let image = try await forged(board) { $0.board.counterFrequency = 1 }
    let uart = try await DirectBoot.uart(image, on: board, until: "plan refused: ")
    #expect(
      uart.contains("kernel| plan refused: the counter has another frequency than the Plan says"),
      "\(uart)")
    #expect(!uart.contains("started"), "\(uart)")
  }

  @Test(arguments: TestBoard.allCases)
  func planWithoutTheBootCPUIsRefused(board: TestBoard) async throws {
    // Firmware on RISC-V boots on any.
    let image = try await forged(board) {
      $0.cpus[0].hardwareID = 0x500
      $0.cpus[1].hardwareID = 0x501
    }
    let uart = try await DirectBoot.uart(image, on: board, until: "plan refused: ")
    #expect(uart.contains("plan refused: ") && uart.contains("boot"), "\(uart)")
    #expect(!uart.contains("started"), "\(uart)")
  }

  /// Recomputing the checksum of an unchanged Plan gives the same image, which boots: the forgeries
  /// are refused for what they changed.
  @Test(arguments: TestBoard.allCases)
  func anUnchangedPlanIsAccepted(board: TestBoard) async throws {
    let image = try await forged(board) { _ in }
    #expect(try await image == self.image(board).bytes)
    let uart = try await DirectBoot.uart(image, on: board, until: "rt-control: DONE")
    #expect(uart.contains("rt-control: DONE") && !uart.contains("refused"), "\(uart)")
  }

  /// One bit, without a new checksum, at the beginning, in the middle and at the end.
  @Test(arguments: TestBoard.allCases, [64, 3000, 7000, -1])
  func damageIsRefused(board: TestBoard, place: Int) async throws {
    var image = try await image(board)
    image.bytes[image.offset + (place < 0 ? image.count + place : place)] ^= 1
    try await expectRefused(image.bytes, on: board, .checksum)
  }

  @Test(arguments: TestBoard.allCases) func noPlanIsRefused(board: TestBoard) async throws {
    let image = try await image(board)
    try await expectRefused(image.bytes.prefix(image.offset), on: board, .truncated)
  }

  @Test(arguments: TestBoard.allCases, [32, 64, 4096, 7000])
  func truncatedPlanIsRefused(board: TestBoard, bytes: Int) async throws {
    let image = try await image(board)
    var rest = image.bytes.prefix(image.offset + bytes)
    // QEMU loads what there is; the rest of the memory is zero.
    if bytes == 32 { rest += Data(count: 4) }
    let uart = try await DirectBoot.uart(rest, on: board, until: "plan refused: ")
    #expect(uart.contains("kernel| plan refused: "), "\(uart)")
    #expect(!uart.contains("started"), "\(uart)")
  }
}
