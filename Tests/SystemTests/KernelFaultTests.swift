import Foundation
import Testing

/// A kernel that does what it must not: the hardware refuses, the kernel leaves its crash record and
/// that CPU stops. The other zone goes on.
///
/// The fault is put into the boot image: the function that answers an undefined instruction or an access, which
/// `attacker` provokes and `rt-control` never does, gets other instructions.
@Suite struct KernelFaultTests {
  /// The attack that provokes it: registers of higher modes, or accesses to devices that are not emulated.
  private func attack(_ board: TestBoard) -> UInt64 { board.isRISCV ? 27 : 16 }

  /// The function that gets the instructions.
  private func victim(_ symbols: KernelSymbols, _ board: TestBoard) throws -> UInt64 {
    try symbols.address(containing: board.isRISCV ? "injectException" : "injectUndefined")
  }

  @Test(arguments: KernelFault.all)
  func isRecordedAndStopsItsCPUOnly(fault: KernelFault) async throws {
    let board = fault.board
    let symbols = try await KernelSymbols(board)
    let function = try victim(symbols, board)
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        try board.attacker(cpu: 1, attack: attack(board)),
        try board.rtControl(cpu: 0, samples: 500),
      ])
    if case .zone(let address) = fault.address {
      let owner = try await SystemPlan.of(system).owner(of: address)
      try #require(owner == "attacker" || owner == "rt-control", "the layout has changed: \(owner)")
    }
    let image = Self.image(
      try await DirectBoot.image(system), with: fault.instructions, at: function)
    let uart = try await DirectBoot.uart(image, on: board, until: "rt-control: DONE")
    #expect(uart.count(of: "PANIC") == 1, "\(uart)")
    #expect(uart.contains("rt-control: DONE"), "\(uart)")
    let record = try CrashRecord(try #require(uart.results("PANIC").first), on: board)
    #expect(record.cpu == 1 && record.cause == fault.cause, "\(record)")
    if let status = fault.status { #expect(record.syndrome & 0x3c == status, "\(record)") }
    switch fault.address {
    case .anywhere: break
    case .text: #expect(record.address == record.base + function, "\(record)")
    case .zone(let address), .window(let address): #expect(record.address == address, "\(record)")
    case .guardPage:
      // The lowest page of the slot of CPU 1.
      let slot = record.base + (try symbols.address(of: "__cpus_start")) + 0x4000
      #expect((slot..<slot + 0x1000).contains(record.address), "\(record)")
    }
    if !fault.testDescription.hasPrefix("execute the stack") {
      #expect((function..<function + 16).contains(record.offset), "\(record)")
    }
  }

  private static func image(
    _ image: Data, with instructions: [UInt32], at offset: UInt64
  ) -> Data {
    var image = image
    for (index, word) in instructions.enumerated() {
      let place = Int(offset) + 4 * index
      image.replaceSubrange(
        place..<place + 4, with: withUnsafeBytes(of: word.littleEndian) { Data($0) })
    }
    return image
  }

  /// A CPU that accepts to be started and is never heard of again: reported, its zone refused, no wait
  /// without end.
  @Test(arguments: TestBoard.architectures)
  func aCPUThatStaysSilentIsReported(board: TestBoard) async throws {
    // On RISC-V the firmware says which of the two boots.
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        try board.rtControl("one", cpu: 0, samples: 50),
        try board.rtControl("other", cpu: 1, samples: 50),
      ])
    // wfi; b .-4 instead of the first instructions of every CPU but the boot CPU.
    let image = Self.image(
      try await DirectBoot.image(system),
      with: board.isRISCV ? [0x1050_0073, 0xffdf_f06f] : [0xd503_207f, 0x17ff_ffff],
      at: try await KernelSymbols(board).address(of: "kernel_secondary_start"))
    let uart = try await DirectBoot.uart(image, on: board, until: "stopped")
    let (silent, lost, goesOn) =
      uart.contains("cpu 0 did not") ? (0, "one", "other") : (1, "other", "one")
    #expect(
      uart.contains("kernel| cpu \(silent) did not start: it did not answer in 200 ms"), "\(uart)")
    #expect(uart.contains("kernel| zone \(lost) refused: missing-cpu"), "\(uart)")
    #expect(uart.contains("\(goesOn)| rt-control: DONE"), "\(uart)")
  }
}
