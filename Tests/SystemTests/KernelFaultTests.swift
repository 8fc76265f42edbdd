import Foundation
import Testing

/// A kernel that does what it must not: the hardware refuses, the kernel leaves its crash record and
/// that CPU stops. The other zone goes on.
///
/// The fault is put into the boot image: the function that answers an undefined instruction, which
/// `attacker` provokes and `rt-control` never does, gets other instructions.
@Suite struct KernelFaultTests {
  /// Instructions, and what comes of them.
  struct Fault: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var instructions: [UInt32]
    /// ESR_EL2.EC, and its fault status without the level; nil: not looked at.
    var exceptionClass: UInt64
    var status: UInt64?
    /// Where FAR_EL2 must point to.
    var address: Place = .anywhere

    enum Place {
      case anywhere, guardPage, text
      case at(UInt64)
    }
  }

  static let faults: [Fault] = [
    Fault(
      testDescription: "undefined instruction", instructions: [0x0000_0000], exceptionClass: 0x00),
    Fault(
      testDescription: "endless recursion",
      // sub sp, sp, #4096; str x0, [sp]; b .-8
      instructions: [0xd140_07ff, 0xf900_03e0, 0x17ff_fffe], exceptionClass: 0x25, status: 0x04,
      address: .guardPage),
    Fault(
      testDescription: "write to code",
      // adr x1, .; str x0, [x1]
      instructions: [0x1000_0001, 0xf900_0020], exceptionClass: 0x25, status: 0x0c, address: .text),
    Fault(
      testDescription: "execute the stack",
      // mov x1, sp; br x1
      instructions: [0x9100_03e1, 0xd61f_0020], exceptionClass: 0x21, status: 0x0c),
    Fault(
      testDescription: "read a zone's memory after it was loaded",
      // movz x1, #0x4140, lsl #16; ldr x0, [x1]
      instructions: [0xd2a8_2801, 0xf940_0020], exceptionClass: 0x25, status: 0x04,
      address: .at(0x4140_0000)),
    Fault(
      testDescription: "read through the copy window of its CPU",
      // movz x1, #0x7f80, lsl #32; movk x1, #0x20, lsl #16; ldr x0, [x1]
      instructions: [0xd2cf_f001, 0xf2a0_0401, 0xf940_0020], exceptionClass: 0x25, status: 0x04,
      address: .at(0x7f80_0020_0000)),
  ]

  @Test(arguments: faults)
  func isRecordedAndStopsItsCPUOnly(fault: Fault) async throws {
    let symbols = try await KernelSymbols()
    let function = try symbols.address(containing: "injectUndefined")
    let system = SystemText(
      cpus: 2,
      zones: [
        try SystemText.attacker(cpu: 1, attack: 16), try SystemText.rtControl(cpu: 0, samples: 500),
      ])
    if case .at(0x4140_0000) = fault.address {
      let owner = try await SystemPlan.of(system).owner(of: 0x4140_0000)
      try #require(owner == "attacker" || owner == "rt-control", "the layout has changed: \(owner)")
    }
    let image = Self.image(
      try await DirectBoot.image(system), with: fault.instructions, at: function)
    let uart = try await DirectBoot.uart(image, until: "rt-control: DONE")
    #expect(uart.count(of: "PANIC") == 1, "\(uart)")
    #expect(uart.contains("rt-control: DONE"), "\(uart)")
    let record = try #require(uart.results("PANIC").first)
    func field(_ name: String) throws -> UInt64 {
      let text = try #require(record.fields[name], "\(name) of \(record)")
      return try #require(UInt64(text.trimmingPrefix("0x").prefix { $0.isHexDigit }, radix: 16))
    }
    #expect(try field("vector") == 4 && field("mpidr") == 1)
    let syndrome = try field("esr")
    #expect(syndrome >> 26 == fault.exceptionClass, "\(record)")
    if let status = fault.status { #expect(syndrome & 0x3c == status, "\(record)") }
    for number in 0...30 { _ = try field("x\(number)") }
    let base = try field("elr") - field("elr-offset")
    let offset = try field("elr-offset")
    let far = try field("far")
    switch fault.address {
    case .anywhere: break
    case .text: #expect(far == base + function)
    case .at(let address): #expect(far == address)
    case .guardPage:
      // The lowest page of the slot of CPU 1.
      let slot = base + (try symbols.address(of: "__cpus_start")) + 0x4000
      #expect((slot..<slot + 0x1000).contains(far), "\(record)")
    }
    if fault.exceptionClass != 0x21 {
      #expect((function..<function + 12).contains(offset), "\(record)")
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

  /// A CPU that accepts CPU_ON and is never heard of again: reported, its zone refused, no wait
  /// without end.
  @Test func aCPUThatStaysSilentIsReported() async throws {
    let system = SystemText(
      cpus: 2,
      zones: [
        try SystemText.attacker(cpu: 1, attack: 16), try SystemText.rtControl(cpu: 0, samples: 50),
      ])
    // wfi; b .-4 instead of the first instructions of every CPU but the boot CPU.
    let image = Self.image(
      try await DirectBoot.image(system), with: [0xd503_207f, 0x17ff_ffff],
      at: try await KernelSymbols().address(of: "kernel_secondary_start"))
    let uart = try await DirectBoot.uart(image, until: "zone rt-control stopped")
    #expect(uart.contains("kernel| cpu 1 did not start: it did not answer in 200 ms"), "\(uart)")
    #expect(uart.contains("kernel| zone attacker refused: missing-cpu"), "\(uart)")
    #expect(uart.contains("rt-control: DONE"), "\(uart)")
  }
}
