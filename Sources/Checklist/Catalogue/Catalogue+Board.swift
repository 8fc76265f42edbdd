import SepKernel

extension Catalogue {
  /// What the bring-up image checks before there are zones; the ids are those it prints.
  package enum Board {
    package static let log = CatalogueEntry(
      "log", .board, "The log is of this board, and whole",
      why:
        "A check whose result is lost is a check that nobody made; a board that resets itself in the "
        + "middle does so in service too.",
      advice: "Capture the console from power-on to `bringup: end` and give it with --log FILE "
        + "(`hv image BOARD --bringup` makes the image).")

    package static let exceptionLevel = CatalogueEntry(
      "exception-level", .board, "The kernel starts where it can separate zones",
      why:
        "Without EL2 or HS-mode there is no stage 2, and no zone can be kept from another's memory.",
      advice:
        "AArch64: let the boot loader start the image in EL2 (TF-A BL33, U-Boot `booti`). RISC-V: the "
        + "harts need the H extension, and firmware that starts the image in HS-mode.")

    package static let counterFrequency = CatalogueEntry(
      "counter-frequency", .board, "The counter has the frequency that is written down",
      why:
        "Every deadline and every recorded latency is converted with it: a wrong one makes all of them "
        + "wrong by the same factor, silently.",
      advice:
        "Firmware writes CNTFRQ_EL0 on every CPU (RISC-V: `timebase-frequency` in its tree): correct "
        + "it there if it is wrong, or `counterFrequency` of the board.")

    package static let plan = CatalogueEntry(
      "plan", .board, "The image's own Plan is accepted",
      why: "The image looks where its Plan says; without one it can look at the CPU only.",
      advice:
        "Make the image again with the tool it belongs to (`hv image BOARD --bringup`); if it is refused "
        + "again it was damaged on its way to the board.")

    package static let ram = CatalogueEntry(
      "ram", .board, "RAM keeps what is written, where it is said to be",
      why:
        "A zone whose memory is not there, or is another one's a second time, fails in ways that look like "
        + "errors of its program.",
      advice:
        "Compare the address with the manual and with the firmware's own map: the range is too large, "
        + "belongs to firmware, or repeats lower memory.")

    package static let uart = CatalogueEntry(
      "uart", .board, "The UART is what and where it should be",
      why: "Without it the kernel is mute: no zone's console, no reason of a failure.",
      advice:
        "Compare address, kind and register spacing (`reg-shift`, `reg-io-width`) with the device tree."
    )

    package static let counterMonotonic = CatalogueEntry(
      "counter-monotonic", .board, "The counter never runs backwards",
      why: "A step back makes a timer fire a whole period late and a latency negative.",
      advice:
        "Look for an erratum of the counter (a Cortex-A73 or an Allwinner A64 has one), and for firmware "
        + "that writes it while the system runs.")

    package static let cpuStart = CatalogueEntry(
      "cpu-start", .board, per: .cpu, "The CPU starts when firmware is asked",
      why: "The zones of a CPU that does not come up are refused.",
      advice:
        "Compare its hardware number with the device tree. Firmware may keep it, or it has no power: "
        + "leave it out of the board then.")

    package static let interruptController = CatalogueEntry(
      "interrupt-controller", .board, "The interrupt controller is what and where it should be",
      why: "With another one at that address no interrupt arrives, or every one does.",
      advice: "Compare kind, version and addresses with the device tree and the manual.")

    package static let lineCount = CatalogueEntry(
      "line-count", .board, "The controller has the lines that are given out",
      why: "A line beyond its last one is accepted by the Plan and never delivered.",
      advice: "Set `lineCount` to what the controller says; doorbells must be below it.")

    package static let securityState = CatalogueEntry(
      "security-state", .board, "Lines are the kernel's to configure",
      why:
        "A line that firmware keeps in a secure group is never delivered, and its registers read as "
        + "zero; on RISC-V a source that firmware did not delegate stays in machine mode. Where a GICv3's "
        + "masks have another scale than its priorities, a zone that masks by priority masks others than it means.",
      advice:
        "Let firmware put the lines of all devices into non-secure group 1 (APLIC: delegate them), or "
        + "leave those devices out. Masks are of the priorities' scale when EL3 takes FIQs (SCR_EL3.FIQ)."
    )

    package static let stuckLines = CatalogueEntry(
      "stuck-lines", .board, "No line is raised while nothing happens",
      why:
        "A level line that is never lowered interrupts its zone for ever from the moment it is enabled.",
      advice:
        "Find whose lines they are (`hv boards`, docs/boards.md); quieten the device in the boot "
        + "loader, or let its owner's driver reset it before it enables the line.")

    package static let stage2Granules = CatalogueEntry(
      "stage2-granules", .board, "Stage 2 has the pages the kernel uses",
      why: "Without 4 KiB pages, or Sv39x4, no zone's memory can be described.",
      advice: "There is no remedy in software: this CPU cannot run the kernel.")

    package static let stage2AddressWidth = CatalogueEntry(
      "stage2-address-width", .board, "Addresses are wide enough for all RAM and windows",
      why:
        "What lies above the last address the CPU can form cannot be mapped, and a guest's address "
        + "space larger than it is refused by the hardware.",
      advice: "Leave RAM and windows beyond it out of the board.")

    package static let vmidBits = CatalogueEntry(
      "vmid-bits", .board, "Every zone has a VMID of its own",
      why:
        "With fewer VMIDs than zones, translations of one are used by another, or caches are emptied at "
        + "every entry.",
      advice:
        "A zone keeps its CPUs for good, so that few VMIDs are bearable: see the kernel's notes for the "
        + "architecture before relying on it.")

    package static let pmu = CatalogueEntry(
      "pmu", .board, "CPU cycles and events can be counted",
      why:
        "Without counters of cycles and cache misses, an outlier is seen and cannot be explained.",
      advice:
        "Let firmware allow the counters (AArch64: MDCR_EL3; RISC-V: `mcounteren`, SBI PMU). Latencies "
        + "are measured without them, with the system counter's resolution.")

    package static let cache = CatalogueEntry(
      "cache", .board, per: .level, "Size and sharing of the cache",
      why:
        "What CPUs share, a neighbour can empty: the worst case of a real-time zone is one with cold "
        + "caches.",
      advice:
        "Measure beside a load larger than this cache; put a zoneR on CPUs that share the least.")

    package static let wfiWake = CatalogueEntry(
      "wfi-wake", .board, "A waiting CPU wakes by an interrupt, and how fast",
      why:
        "Firmware or hardware may switch a waiting CPU off; waking it then takes microseconds to "
        + "milliseconds, and that is part of each reaction.",
      advice: "Switch deep idle states off in firmware, or let the real-time zone wait busily.")

    package static let firmware = CatalogueEntry(
      "firmware", .board, "Firmware has the calls the kernel makes",
      why:
        "The kernel starts CPUs and switches off by PSCI 1.0 or SBI 2.0; there is no other way it knows.",
      advice: "Update TF-A, U-Boot or OpenSBI; hand in the version it prints at boot.")

    package static let uartReceive = CatalogueEntry(
      "uart-receive", .board, "A key arrives through the UART",
      why: "Without it nobody can type at a zone's console; no real-time path needs it.",
      advice:
        "Where the UART has no loopback, type at a zone's console once. If nothing arrives, compare line, "
        + "clock and pins of the UART.")

    package static let delivery = CatalogueEntry(
      "delivery", .board, per: .cpu, "An interrupt reaches the CPU it is sent to",
      why: "An interrupt that is lost or goes elsewhere is a deadline that passes unnoticed.",
      advice:
        "Compare the CPU's number at the controller (AArch64: affinity and its redistributor; RISC-V: "
        + "PLIC context, IMSIC page).")

    package static let baseline = CatalogueEntry(
      "baseline", .board, per: .cpu, "Timer latency of the bare CPU",
      why: "No zone can be faster than the CPU under it: this is the floor below every claim.",
      advice:
        "Hand in the record (--record). A long tail without any zone is the board's own: firmware, "
        + "frequency changes, memory refresh.")

    package static let stolenTime = CatalogueEntry(
      "stolen-time", .board, per: .cpu, "Nobody takes the CPU away",
      why:
        "Secure firmware and management interrupts stop the CPU where no kernel sees it: a deadline is "
        + "missed and nothing in the system shows why.",
      advice:
        "Find what runs there (TF-A's secure timer, a watchdog, an SDEI or SSE event, thermal control) and "
        + "switch it off, or add its longest gap to every worst case.")

    package static let all = [
      log, exceptionLevel, counterFrequency, plan, firmware, stage2Granules, stage2AddressWidth,
      vmidBits, pmu, cache, ram, uart, interruptController, lineCount, securityState, stuckLines,
      uartReceive, cpuStart, counterMonotonic, wfiWake, delivery, baseline, stolenTime,
    ]
  }
}
