#if !hasFeature(Embedded)
extension PlanError: CustomStringConvertible {
  /// One sentence for a person: what is wrong, where, and what to do. Host only.
  public var description: String { "plan: \(sentence) [\(reason.name) \(code)]" }

  private var sentence: String {
    let z = zone ?? -1
    let i = item ?? -1
    let oz = otherZone ?? -1
    let oi = otherItem ?? -1
    return switch reason {
    case .truncated:
      "the Plan is cut short: the file or memory ends before the Plan does. Write the "
        + "boot image again."
    case .misaligned:
      "the Plan does not start at a multiple of 8 bytes. Place it on a 4 KiB boundary."
    case .magic:
      "there is no Plan here: the magic number is wrong. Check the offset, and that the "
        + "file was not copied in text mode."
    case .version:
      "the Plan has another format version. Use host tools and kernel of one release."
    case .architecture:
      "the Plan is for another instruction set than the kernel. Choose a board of the "
        + "kernel's architecture."
    case .zoneCount:
      "there are more than 16 zones. Remove zones."
    case .byteCount:
      "header.byteCount does not follow from header.zoneCount. Write the Plan again."
    case .checksum:
      "the checksum is wrong: the Plan was damaged or edited. Write it again from its "
        + "system.yaml."
    case .cpuCount:
      "header.cpuCount must be 1 to 64, with a GICv2 1 to 8."
    case .lineCount:
      "header.lineCount must be at most 1024."
    case .ramCount:
      "board.ramCount must be 1 to 16."
    case .deviceCount:
      "board.deviceCount must be at most 64."
    case .headerReserved:
      "a reserved field of the header is not zero. Write zero there."
    case .boardName:
      "the board's name must be 1 to 32 printable ASCII characters, padded with NUL."
    case .boardReserved:
      "a reserved field of the board is not zero. Write zero there."
    case .ramAlignment:
      "RAM region \(i) does not start and end on 4 KiB boundaries. Round its start up and "
        + "its end down."
    case .ramEmpty:
      "RAM region \(i) is empty. Remove it."
    case .ramAddress:
      "RAM region \(i) ends beyond the largest host-physical address. Correct the board."
    case .ramOrder:
      "RAM region \(i) does not lie after the region before it. Sort the regions and "
        + "merge those that overlap."
    case .ramUnused:
      "an entry of board.ram after the last one in use is not zero. Write zero there."
    case .windowAlignment:
      "device window \(i) does not start and end on 4 KiB boundaries. Extend it to whole "
        + "granules."
    case .windowEmpty:
      "device window \(i) is empty. Remove it."
    case .windowAddress:
      "device window \(i) ends beyond the largest host-physical address. Correct the "
        + "board."
    case .windowOverRAM:
      "device window \(i) overlaps RAM region \(oi). Correct the board: an address is RAM "
        + "or a device."
    case .windowUnused:
      "an entry of board.devices after the last one in use is not zero. Write zero there."
    case .controllerKind:
      "the kind of interrupt controller is unknown to this kernel. A GICv3 is needed on "
        + "AArch64, a PLIC or an AIA on RISC-V."
    case .controllerUnused:
      "an interrupt controller region this kind does not use is not zero. Write zero "
        + "there."
    case .kernelDeviceAlignment:
      "\(Self.deviceName(i)) is not aligned: GICv3 frames need 64 KiB, IMSIC files as many "
        + "pages as a hart has, the others 4 KiB. Correct the board."
    case .kernelDeviceSize:
      "\(Self.deviceName(i)) has the wrong size: GICv3 distributor 64 KiB, redistributors "
        + "128 KiB for each CPU of the board, ITS 128 KiB, PLIC 0x201000, APLIC 16 KiB, IMSIC the "
        + "files of a hart, UART 4 KiB at least, 64 MiB at most."
    case .kernelDeviceAddress:
      "\(Self.deviceName(i)) ends beyond the largest host-physical address. Correct the "
        + "board."
    case .kernelDeviceOverRAM:
      "\(Self.deviceName(i)) overlaps RAM region \(oi). Correct the board."
    case .kernelDeviceOverlap:
      "\(Self.deviceName(i)) overlaps \(Self.deviceName(oi)). Correct the board."
    case .uartKind:
      "the kind of UART is unknown to this kernel. Use `none`, `pl011` or "
        + "`ns16550`."
    case .uartUnused:
      "the UART is of kind `none` but has a region or a line. Write zero there."
    case .uartLine:
      "line \(i) of the UART is private to each CPU, beyond header.lineCount or no source of the "
        + "PLIC. Correct the board."
    case .kernelAlignment:
      "board.kernel does not start and end on 4 KiB boundaries. Round its size up."
    case .kernelBase:
      "the kernel image was not loaded at board.kernel.base. Load the boot image at that "
        + "address."
    case .kernelOutsideRAM:
      "board.kernel is not inside one RAM region of the board."
    case .kernelImage:
      "board.kernel is smaller than the kernel image. Enlarge the region."
    case .kernelPlan:
      "the Plan itself is not inside board.kernel. Enlarge the region."
    case .tablesAlignment:
      "board.tables does not start and end on 4 KiB boundaries."
    case .tablesSize:
      "board.tables is too small: each zone needs at least its root, 4 KiB, on RISC-V 16 KiB, and an "
        + "ITS 512 KiB and 64 KiB for each CPU of its owner."
    case .tablesOutsideKernel:
      "board.tables is not inside board.kernel."
    case .tablesOverImage:
      "board.tables overlaps the kernel image. Place the pool after the payloads."
    case .tablesOverPlan:
      "board.tables overlaps the Plan. Place the pool after the payloads."
    case .recordsUnused:
      "board.records has size 0 but an address. Write zero there."
    case .recordsAlignment:
      "board.records does not start and end on 4 KiB boundaries."
    case .recordsOutsideRAM:
      "board.records is not inside one RAM region of the board."
    case .recordsOverKernel:
      "board.records overlaps board.kernel. Place the records outside."
    case .recordsSize:
      "board.records is smaller than the part the kernel writes. Enlarge it."
    case .baselineSamples:
      "board.baselineSamples must be at most 100000."
    case .controllerParameter:
      "the parameter of the interrupt controller must be 0 for a GICv2, the number of the zone that owns "
        + "the ITS (from 1; 0: none) for a GICv3, the highest source (1 to "
        + "1023) for a PLIC, the guest index bits (1 to 7) for an AIA."
    case .counterFrequency:
      "board.counterFrequency is 0, and no register of a RISC-V board tells it. Take it from "
        + "`timebase-frequency` in the board's device tree."
    case .uartRegisters:
      "the register shift and width of the UART must be 0 to 2 and 1, or 2 and 4, for an ns16550, "
        + "and 0 for others."
    case .cpuHardwareID:
      "CPU \(i) has a hardware id with bits outside MPIDR_EL1's affinity fields (AArch64) or "
        + "above 32 bits (RISC-V). Mask them."
    case .cpuDuplicate:
      "CPU \(i) has the same hardware id as CPU \(oi). One physical CPU can be listed "
        + "once."
    case .cpuOwner:
      "CPU \(i) belongs to no zone of the Plan. Its owner must be a zone index or 0xff "
        + "for nobody."
    case .cpuReserved:
      "a reserved field of CPU \(i) is not zero. Write zero there."
    case .cpuUnused:
      "CPU entry \(i) lies after the last CPU in use. Its hardware id must be 0 and its "
        + "owner 0xff for nobody."
    case .bootCPUMissing:
      "the CPU that booted is not in the Plan. Add its hardware id to the board."
    case .cpuController:
      "CPU \(i) has an index in the interrupt controller that lies beyond the controller's "
        + "registers, or is not 0 with a GICv3. Correct the board."
    case .cpuControllerDuplicate:
      "CPU \(i) has the same index in the interrupt controller as CPU \(oi). Correct the board."
    case .cpuRelease:
      "the address at which CPU \(i) waits for its start must be a multiple of 8, its own, and outside RAM "
        + "and devices. All CPUs have one, on AArch64 without PSCI, or none. Correct the board."
    case .lineOwner:
      "line \(i) belongs to no zone of the Plan. Its owner must be a zone index, 0xfe for "
        + "the kernel or 0xff for nobody."
    case .lineKind:
      "line \(i) is neither wired (0) nor a doorbell (1)."
    case .linePrivate:
      "line \(i) is private to each CPU (GIC: 0 to 31) or does not exist (RISC-V: 0), and cannot be "
        + "given to a zone."
    case .lineSpecial:
      "line \(i) has a special meaning to the GIC (1020 to 1023) and cannot be given to a "
        + "zone."
    case .lineBeyondCount:
      "line \(i) is beyond header.lineCount and cannot be given to a zone. The board has "
        + "fewer lines."
    case .uartLineWired:
      "line \(i) is driven by the kernel's UART. A zone can have it only as a doorbell."
    case .lineSource:
      "line \(i) has a source in the PLIC but is a doorbell, or is wired but has none. Doorbells of "
        + "a PLIC are the UART's line and the 32 lines from the first multiple of 32 above its "
        + "highest source."
    case .zoneName:
      "the name of zone \(z) must be 1 to 16 characters of a-z, 0-9 and '-', padded with "
        + "NUL."
    case .zoneNameReserved:
      "zone \(z) is named `kernel`, which the console uses for the kernel itself. Choose "
        + "another name."
    case .zoneNameDuplicate:
      "zones \(z) and \(oz) have the same name. Rename one."
    case .zoneKind:
      "the kind of zone \(z) is unknown. Use zone0, zoneU or zoneR."
    case .zoneDuplicateZone0:
      "zones \(z) and \(oz) are both of kind zone0. Only one may manage the others."
    case .zoneReserved:
      "a reserved field of zone \(z) is not zero. Write zero there."
    case .zoneFlags:
      "zone \(z) has flags this kernel does not know. Write zero there."
    case .zoneManualStart:
      "zone \(z) is started by zone0 only, but no other zone is zone0. Add a zone0, or "
        + "start the zone at boot."
    case .zoneCPUCount:
      "cpuCount of zone \(z) is not the number of CPUs it owns."
    case .zoneWithoutCPU:
      "zone \(z) starts at boot but owns no CPU. Give it one."
    case .rangeCount:
      "zone \(z) has more than 64 memory ranges. Merge ranges that touch."
    case .payloadCount:
      "zone \(z) has more than 16 payloads. Merge segments."
    case .guestWindowAlignment:
      "\(Self.windowName(i)) of zone \(z) is not aligned: GICv3 frames need 64 KiB, the "
        + "others 4 KiB."
    case .guestWindowAddress:
      "\(Self.windowName(i)) of zone \(z) ends beyond 2^39, the largest guest-physical "
        + "address."
    case .guestWindowOverlap:
      "\(Self.windowName(i)) of zone \(z) overlaps \(Self.windowName(oi)). Move one."
    case .consoleUnused:
      "zone \(z) has no console but a console address or line. Write zero there, or set "
        + "the console flag."
    case .consoleLine:
      "line \(i) of the console of zone \(z) is not a doorbell line that the zone owns."
    case .stimulusLine:
      "stimulus line \(i) of zone \(z) is not a doorbell line that the zone owns."
    case .stimulusShared:
      "line \(i) of zone \(z) serves its console and the stimulus. Choose another line "
        + "for one."
    case .entryAlignment:
      "the entry of zone \(z) is not aligned to an instruction: 4 bytes, RISC-V 2 (AArch32: an odd "
        + "entry starts in T32 state)."
    case .entryAddress:
      "the entry of zone \(z) is not in an executable RAM range of the zone. Check the "
        + "image's entry against the zone's memory."
    case .entryBeyond32Bit:
      "the entry of zone \(z) is at or above 4 GiB, which AArch32 cannot reach."
    case .guestWindowUnused:
      "zone \(z) has an address for \(Self.windowName(i)), which its interrupt controller does not "
        + "have. Write zero there."
    case .zoneExecution:
      "zone \(z) starts in AArch32 state, which only AArch64 boards have. Remove the flag."
    case .rangeKind:
      "the kind of range \(i) of zone \(z) is unknown."
    case .rangePermissions:
      "range \(i) of zone \(z) has unknown permission bits."
    case .rangeUnreadable:
      "range \(i) of zone \(z) is not readable. Every range must be."
    case .rangeExecutable:
      "range \(i) of zone \(z) is executable but not RAM. Only RAM may be executed."
    case .rangeReserved:
      "a reserved field of range \(i) of zone \(z) is not zero. Write zero there."
    case .rangeAlignment:
      "range \(i) of zone \(z) is not a whole number of 4 KiB granules at 4 KiB "
        + "boundaries. A device that shares its granule with another cannot be given away "
        + "alone."
    case .rangeEmpty:
      "range \(i) of zone \(z) is empty. Remove it."
    case .rangeGuestAddress:
      "range \(i) of zone \(z) ends beyond 2^39, the largest guest-physical address."
    case .rangeOutsideRAM:
      "range \(i) of zone \(z) is not inside one RAM region of the board."
    case .rangeOutsideWindow:
      "range \(i) of zone \(z) is not inside one device window of the board."
    case .rangeOutsideStamps:
      "range \(i) of zone \(z) is not inside the zone's own stamp area of board.records."
    case .rangeOverKernel:
      "range \(i) of zone \(z) overlaps board.kernel: kernel image, Plan, payloads or "
        + "stage-2 tables."
    case .rangeOverRecords:
      "range \(i) of zone \(z) overlaps board.records. Only stamps ranges may lie there."
    case .rangeOverKernelDevice:
      "range \(i) of zone \(z) overlaps \(Self.deviceName(oi)), which the kernel drives."
    case .rangeHostOverlap:
      "range \(i) of zone \(z) and range \(oi) of zone \(oz) share host-physical pages. A "
        + "page has one owner and one address."
    case .rangeGuestOverlap:
      "ranges \(i) and \(oi) of zone \(z) overlap in guest-physical memory."
    case .rangeOverGuestWindow:
      "range \(i) of zone \(z) overlaps \(Self.windowName(oi)) of the zone in "
        + "guest-physical memory."
    case .rangeUnused:
      "an entry after the last range of zone \(z) is not zero. Write zero there."
    case .payloadAlignment:
      "source and guest address of payload \(i) of zone \(z) must be multiples of 8."
    case .payloadEmpty:
      "payload \(i) of zone \(z) occupies no memory. Remove it."
    case .payloadSizes:
      "payload \(i) of zone \(z) has more bytes in the file than in memory."
    case .payloadDestination:
      "payload \(i) of zone \(z) does not fit into one RAM range of the zone. Enlarge the "
        + "zone's memory or move the image."
    case .payloadSource:
      "the source of payload \(i) of zone \(z) is not inside board.kernel."
    case .payloadOverImage:
      "the source of payload \(i) of zone \(z) overlaps the kernel image."
    case .payloadOverPlan:
      "the source of payload \(i) of zone \(z) overlaps the Plan."
    case .payloadOverTables:
      "the source of payload \(i) of zone \(z) overlaps board.tables."
    case .payloadOverlap:
      "payloads \(i) and \(oi) of zone \(z) overlap in guest-physical memory."
    case .payloadUnused:
      "an entry after the last payload of zone \(z) is not zero. Write zero there."
    case .realtimeWithoutCPU:
      "zone \(z) is a zoneR and owns no CPU. A real-time zone has its own CPUs from boot."
    case .realtimeWithoutMemory:
      "zone \(z) is a zoneR and has no writable RAM of its own."
    case .realtimeEntryNotLoaded:
      "the entry of zone \(z), a zoneR, is in none of its payloads. A real-time zone must "
        + "start and restart from its pristine image alone."
    }
  }

  private static func deviceName(_ index: Int) -> String {
    switch index {
    case 0: "the interrupt controller (GIC distributor, PLIC, APLIC)"
    case 1: "the interrupt controller of the CPUs (GIC redistributors, IMSIC)"
    case 2: "the GIC ITS"
    default: "the UART"
    }
  }

  private static func windowName(_ index: Int) -> String {
    switch index {
    case 0: "the emulated interrupt controller (distributor, PLIC, APLIC)"
    case 1: "the interrupt controller of its CPUs (redistributors, IMSIC)"
    case 3: "the ITS, which is where the board has it,"
    default: "the emulated console"
    }
  }
}
#endif
