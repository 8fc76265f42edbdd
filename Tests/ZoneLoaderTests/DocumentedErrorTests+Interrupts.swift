extension DocumentedErrorTests {
  /// Where a zone sees its interrupt controller, and who has the ITS.
  static let interruptCases: [Case] = [
    Case(
      "interrupts.distributor: overlap", zone("interrupts: { distributor: 0x4000_0000 }"),
      line: 15, says: "overlaps the interrupt distributor"),
    Case(
      "interrupts.distributor: misaligned", zone("interrupts: { distributor: 0x1000 }"), line: 12,
      says: "multiple of 64 KiB"),
    Case(
      "interrupts.redistributors: overlap",
      zone("interrupts: { redistributors: 0x0800_0000 }"), line: 12, says: "overlaps"),
    Case(
      "interrupts.redistributors: misaligned",
      zone("interrupts: { redistributors: 0x0800_1000 }"), line: 12, says: "multiple of 64 KiB"),
    Case(
      "interrupts.its: owned by another zone", zone("interrupts: { its: true }"),
      ("kind: zone0", "kind: zone0\n    interrupts: { its: true }"), line: 13, says: "zone `linux`"),
    Case(
      "interrupts.its: overlap", zone("interrupts: { its: true, redistributors: 0x0808_0000 }"),
      line: 12, says: "the ITS overlaps the redistributors"),
    Case(
      "interrupts.its: not this board's",
      ("board: qemu-virt-aarch64", "board: qemu-virt-aarch64-gicv2"),
      zone("interrupts: { its: true }"), line: 12, says: "has none"),
    Case(
      "interrupts.distributor: not this board's", ("board: qemu-virt-aarch64", riscv),
      zone("interrupts: { distributor: 0x1000_0000 }"), line: 12, says: "use `plic`"),
    Case(
      "interrupts.redistributors: not this board's", ("board: qemu-virt-aarch64", riscv),
      zone("interrupts: { redistributors: 0x1000_0000 }"), line: 12, says: "has none"),
    Case(
      "interrupts.interface: not this board's", zone("interrupts: { interface: 0x1000_0000 }"),
      line: 12, says: "use `distributor` or `redistributors`"),
    Case(
      "interrupts.plic: not this board's", zone("interrupts: { plic: 0x1000_0000 }"), line: 12,
      says: "use `distributor` or `redistributors`"),
    Case(
      "interrupts.aplic: not this board's", zone("interrupts: { aplic: 0x1000_0000 }"), line: 12,
      says: "has none"),
    Case(
      "interrupts.imsic: not this board's", zone("interrupts: { imsic: 0x1000_0000 }"), line: 12,
      says: "has none"),
  ]
}
