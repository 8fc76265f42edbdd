import Foundation
import SepKernel
import Testing

/// A boot image whose Plan is damaged or forged: the kernel says why and starts nothing.
///
/// Every field is flipped on the host, in `PlanFlipTests`; here the kernel itself does the judging.
@Suite struct PlanRefusalTests {
  /// The boot image that is damaged.
  private static let images = [
    TestBoard.aarch64: Task { try await image(.aarch64) },
    .riscv64AIA: Task { try await image(.riscv64AIA) },
  ]

  /// Two zones, so that there is something to overlap.
  private static func image(_ board: TestBoard) async throws -> Data {
    try await DirectBoot.image(
      SystemText(
        board: board, cpus: 2,
        zones: [board.rtControl(cpu: 0, samples: 10), board.attacker(cpu: 1, attack: 1)]))
  }

  private func image(_ board: TestBoard) async throws -> Data {
    try await #require(Self.images[board]).value
  }

  /// Where the Plan is: behind the kernel, on a 4 KiB boundary (docs/interfaces.md).
  private func offset(_ board: TestBoard) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: Built.kernel(board))
    let size = try #require(attributes[.size] as? Int)
    return (size + 4095) / 4096 * 4096
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
    var image = try await image(board)
    let offset = try offset(board)
    let count = Plan.byteCount(zones: 2)
    try #require(image.count > offset + count)
    // A Plan in a file ends after its zones; in memory it has room for sixteen.
    var bytes = [UInt8](image[offset..<offset + count])
    bytes += [UInt8](repeating: 0, count: MemoryLayout<Plan>.size - count)
    var plan = bytes.withUnsafeBytes { $0.loadUnaligned(as: Plan.self) }
    try #require(plan.header.magic == PlanHeader.magicValue, "the Plan is not where it should be")
    change(&plan)
    plan.header.checksum = 0
    let sum = withUnsafeBytes(of: plan) { memory in
      PlanChecksum.of([UInt8](memory.prefix(count)).span.bytes)
    }
    plan.header.checksum = sum
    withUnsafeBytes(of: plan) { memory in
      image.replaceSubrange(offset..<offset + count, with: memory.prefix(count))
    }
    return image
  }

  private func expectRefused(
    _ image: Data, on board: TestBoard, _ error: PlanError.Reason
  ) async throws {
    let uart = try await DirectBoot.uart(image, on: board, until: "plan refused: ")
    #expect(uart.contains("kernel| plan refused: \(error.name)"), "\(uart)")
    #expect(!uart.contains("started"), "\(uart)")
    #expect(!uart.contains("rt-control|") && !uart.contains("attacker|"), "\(uart)")
  }

  @Test(arguments: TestBoard.architectures, forgeries)
  func forgeryIsRefused(board: TestBoard, forgery: Forgery) async throws {
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

  @Test(arguments: TestBoard.architectures)
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
  @Test(arguments: TestBoard.architectures)
  func anUnchangedPlanIsAccepted(board: TestBoard) async throws {
    let image = try await forged(board) { _ in }
    #expect(try await image == self.image(board))
    let uart = try await DirectBoot.uart(image, on: board, until: "rt-control: DONE")
    #expect(uart.contains("rt-control: DONE") && !uart.contains("refused"), "\(uart)")
  }

  /// One bit, without a new checksum, at the beginning, in the middle and at the end.
  @Test(arguments: TestBoard.architectures, [64, 3000, 7000, -1])
  func damageIsRefused(board: TestBoard, place: Int) async throws {
    var image = try await image(board)
    let count = Plan.byteCount(zones: 2)
    image[try offset(board) + (place < 0 ? count + place : place)] ^= 1
    try await expectRefused(image, on: board, .checksum)
  }

  @Test(arguments: TestBoard.architectures) func noPlanIsRefused(board: TestBoard) async throws {
    let image = try await image(board)
    try await expectRefused(image.prefix(try offset(board)), on: board, .truncated)
  }

  @Test(arguments: TestBoard.architectures, [32, 64, 4096, 7000])
  func truncatedPlanIsRefused(board: TestBoard, bytes: Int) async throws {
    var image = try await image(board).prefix(try offset(board) + bytes)
    // QEMU loads what there is; the rest of the memory is zero.
    if bytes == 32 { image += Data(count: 4) }
    let uart = try await DirectBoot.uart(image, on: board, until: "plan refused: ")
    #expect(uart.contains("kernel| plan refused: "), "\(uart)")
    #expect(!uart.contains("started"), "\(uart)")
  }
}
