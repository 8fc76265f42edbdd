extension Catalogue {
  /// What can be said of a board's facts without the board.
  package enum Facts {
    package static let facts = CatalogueEntry(
      "facts", .facts, "Every fact of the board is there",
      why: "The kernel has no board code: what is missing or wrong here is wrong in every Plan.",
      advice: "Fill in what is named, from the board's manual or its device tree.")

    package static let cpus = CatalogueEntry(
      "cpus", .facts, "CPUs are numbered as the hardware numbers them",
      why: "A CPU with another's number is started in its place, or not at all; on a GIC its "
        + "interrupts go to the other one.",
      advice: "Compare with the `reg` of each CPU in the device tree (AArch64: MPIDR_EL1 affinity; "
        + "RISC-V: hart id), and with the contexts in `interrupts-extended` of the PLIC.")

    package static let ramRanges = CatalogueEntry(
      "ram-ranges", .facts, "RAM is whole pages, ascending and disjoint",
      why: "RAM that is listed twice has two owners, and they overwrite each other.",
      advice:
        "Correct the ranges; `memory@` in the device tree and the firmware's own map name them.")

    package static let reserved = CatalogueEntry(
      "reserved", .facts, "What firmware keeps is left out of RAM",
      why:
        "Firmware that stays resident (TF-A, OpenSBI, OP-TEE) is called in every start of a CPU. "
        + "A zone that gets its memory breaks it, or gets a fault no kernel can explain.",
      advice:
        "Look for `reserved-memory` and `/memreserve/` in the tree the firmware hands over, and "
        + "for its own messages at boot; add what is missing.")

    package static let kernelLoad = CatalogueEntry(
      "kernel-load", .facts, "The load address is free RAM on a 2 MiB boundary",
      why:
        "What the boot loader or firmware still uses there is overwritten before the first line is "
        + "printed: the board is silent.",
      advice:
        "Choose an address inside RAM, outside of every reserved range, and give the boot loader "
        + "the same one.")

    package static let kernelFits = CatalogueEntry(
      "kernel-fits", .facts, "Kernel, Plan and images fit above the load address",
      why: "An image that runs into a reserved range or the end of RAM is cut or destroyed.",
      advice: "Move the load address down, or the reserved range away; `hv plan` shows how large a "
        + "system's image is.")

    package static let windows = CatalogueEntry(
      "windows", .facts, "Windows are whole pages within reach",
      why:
        "Stage 2 gives out whole pages of 4 KiB below 2^39: a smaller window brings its neighbour's "
        + "registers along, one beyond cannot be given to a zone.",
      advice: "Make devices that share a page one device; leave out windows that are out of reach.")

    package static let windowOverlap = CatalogueEntry(
      "window-overlap", .facts, "No two windows overlap, and none lies in RAM",
      why:
        "Two owners of one register page, or a zone with the interrupt controller's registers: it "
        + "could stop a real-time zone's interrupts.",
      advice:
        "Compare both windows with the manual's memory map; one of them has a wrong base or size.")

    package static let lines = CatalogueEntry(
      "lines", .facts, "Interrupt lines exist and have one device each",
      why: "A line beyond the controller's is never delivered; a line of two devices delivers one "
        + "zone's interrupts to another.",
      advice:
        "GIC: SPI n of the device tree is line n + 32. PLIC and APLIC: the source as it stands in "
        + "the tree. Join devices that share a line.")

    package static let doorbells = CatalogueEntry(
      "doorbells", .facts, "There are lines that no device drives",
      why:
        "Consoles and stimuli raise lines by software. A device that drives the same line interrupts "
        + "a zone that did not ask for it.",
      advice:
        "Choose lines the controller has and the device tree names nowhere (with a PLIC those above "
        + "its sources); one for each zone with a console and one for each zoneR.")

    package static let dma = CatalogueEntry(
      "dma", .facts, "Devices that write memory by themselves are known",
      why:
        "Stage 2 does not hold a bus master back. Without an IOMMU its owner reaches every page of the "
        + "board, the kernel's too: all claims of separation end there.",
      advice:
        "Give such a device only to a zone that is trusted with the whole board, and say so in the "
        + "safety case; or leave it to nobody.")

    package static let system = CatalogueEntry(
      "system", .facts, "The system passes every check of the Plan",
      why:
        "The kernel checks the Plan again before it touches anything, and halts if it is refused.",
      advice: "Do what the message says; every rule is in docs/invariants.md. Without a system: "
        + "--system FILE.")

    package static let all = [
      facts, cpus, ramRanges, reserved, kernelLoad, kernelFits, windows, windowOverlap, lines,
      doorbells,
      dma, system,
    ]
  }
}
