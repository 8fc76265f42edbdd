import LatencyProbe
import SepKernel
import Testing

/// The UART of every kind: known where it is, and left alone where it is not.
@Suite struct BringupUARTTests {
  /// A PL011 under another name gets nothing: a Cadence UART's control register is where it sends from.
  @Test(arguments: [PlanUARTKind.ns16550, .designWare, .cadence, .imx])
  func aUARTOfAnotherKindIsNotWrittenTo(kind: PlanUARTKind) async throws {
    let run = try await BringupBoot(.aarch64).forged {
      $0.board.uart.kind = kind.rawValue
      if kind == .ns16550 || kind == .designWare { $0.board.uart.registerWidth = 1 }
    }.withConsole(kind: kind).console()
    let text = try #require(BringupLog.text(inRecord: run.records))
    let report = BringupBoot.Report(String(decoding: text, as: UTF8.self))
    #expect(
      report.isComplete && report.checks("FAIL") == ["uart"]
        && report.checks("skip") == ["uart-receive"], "\(report)")
    // The monitor's own words follow.
    #expect(run.text.prefix { $0 != "Q" }.isEmpty, "\(run.text)")
  }

  /// AMD's ZCU102: the loopback is the mode of its channel.
  @Test func aCadenceUARTIsKnownAndReceives() async throws {
    var boot = try await BringupBoot(.aarch64GICv2, named: "xlnx-zcu102", ram: nil)
    boot.machine = "xlnx-zcu102,virtualization=on"
    boot.arguments = ["-audio", "none"]
    let report = try await boot.run(ram: "2G")
    #expect(report.result("uart")?.contains(" ok control=") == true, "\(report)")
    #expect(report.result("uart-receive")?.contains(" ok sent=0xa received=0xa") == true)
  }

  /// NXP's i.MX 8M Plus EVK. QEMU's UART does not keep the bit of the loopback.
  @Test func anIMXUARTIsKnown() async throws {
    var boot = try await BringupBoot(.aarch64, named: "imx8mp-evk")
    boot.machine = "imx8mp-evk"
    boot.serialPort = 1
    let report = try await boot.run()
    #expect(report.result("uart")?.contains(" ok ufcr=") == true, "\(report)")
    #expect(report.result("uart-receive")?.contains(" skip ") == true, "\(report)")
  }
}

extension BringupBoot {
  /// The same with an early console of another kind.
  fileprivate func withConsole(kind: PlanUARTKind) -> BringupBoot {
    var result = self
    // The image header of AArch64, byte 39: bits 63:56 of the console.
    result.image[39] = UInt8(kind.rawValue)
    return result
  }
}
