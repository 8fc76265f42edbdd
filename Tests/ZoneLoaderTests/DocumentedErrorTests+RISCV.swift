import Testing

@testable import ZoneLoader

extension DocumentedErrorTests {
  /// The demo's images are for AArch64, so that RISC-V boards need another system.
  @Test(
    arguments: [
      ("qemu-virt-riscv64", "plic: 0x8000_0000", "overlaps the PLIC"),
      ("qemu-virt-riscv64", "plic: 0x1000_0800", "multiple of 4 KiB"),
      ("qemu-virt-riscv64-aia", "aplic: 0x8000_0000", "overlaps the APLIC"),
      ("qemu-virt-riscv64-aia", "aplic: 0x1000_0800", "multiple of 4 KiB"),
      ("qemu-virt-riscv64-aia", "imsic: 0x0d00_7000", "overlaps the APLIC"),
      ("qemu-virt-riscv64-aia", "imsic: 0x1000_0800", "multiple of 4 KiB"),
    ])
  func riscvWindows(_ row: (board: String, window: String, says: String)) throws {
    let work = try RISCVSystemTests.workspace()
    let yaml = RISCVSystemTests.demo(row.board).replacing(
      "kind: zoneR", with: "kind: zoneR\n    interrupts: { \(row.window) }")
    let error = #expect(throws: PlanningError.self) { try work.plan(yaml) }
    #expect(error?.description.contains(row.says) == true, "\(String(describing: error))")
  }
}
