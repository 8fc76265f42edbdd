extension PlanError {
  /// Which invariant a Plan breaks. The raw value is the stable code that tools and logs may rely on:
  /// 1xx header, 2xx board, 3xx CPUs, 4xx lines, 5xx zones, 6xx ranges, 7xx payloads, 8xx zoneR rules.
  public enum Reason: UInt16, Sendable {

    // MARK: Header

    /// Fewer bytes are available than the header says the Plan has.
    case truncated = 101
    /// The Plan does not start at a multiple of 8 bytes.
    case misaligned = 102
    /// `PlanHeader.magic` is wrong: this is no Plan.
    case magic = 103
    /// `PlanHeader.version` is not the one this kernel reads.
    case version = 104
    /// The Plan is for another instruction set.
    case architecture = 105
    /// More zones than `Plan.zoneCapacity`.
    case zoneCount = 106
    /// `PlanHeader.byteCount` is not that of the Plan's number of zones.
    case byteCount = 107
    /// The stored bytes do not have the stored checksum.
    case checksum = 108
    /// No CPU, or more than `Plan.cpuCapacity`.
    case cpuCount = 109
    /// More lines than `Plan.lineCapacity`.
    case lineCount = 110
    /// No RAM region, or more than `Plan.ramCapacity`.
    case ramCount = 111
    /// More device windows than `Plan.deviceCapacity`.
    case deviceCount = 112
    /// A reserved field of the header is not zero.
    case headerReserved = 113

    // MARK: Board

    /// The board's name is empty, not printable ASCII or not NUL-padded.
    case boardName = 201
    /// A reserved field of the board is not zero.
    case boardReserved = 202
    /// A RAM region is not in 4 KiB granules.
    case ramAlignment = 203
    /// A RAM region has no bytes.
    case ramEmpty = 204
    /// A RAM region wraps around or lies beyond the host-physical limit.
    case ramAddress = 205
    /// A RAM region does not lie after the one before it.
    case ramOrder = 206
    /// A RAM entry beyond `ramCount` is not zero.
    case ramUnused = 207
    /// A device window is not in 4 KiB granules.
    case windowAlignment = 208
    /// A device window has no bytes.
    case windowEmpty = 209
    /// A device window wraps around or lies beyond the host-physical limit.
    case windowAddress = 210
    /// A device window overlaps a RAM region (`otherItem`).
    case windowOverRAM = 211
    /// A device entry beyond `deviceCount` is not zero.
    case windowUnused = 212
    /// The interrupt controller's kind is unknown or of another architecture.
    case controllerKind = 213
    /// An entry the interrupt controller does not use is not zero.
    case controllerUnused = 214
    /// A region of a device the kernel drives is not aligned (4 KiB; GIC frames 64 KiB; IMSIC
    /// files as many as a hart has).
    case kernelDeviceAlignment = 215
    /// A region of a device the kernel drives is too small for its registers, or larger than
    /// `PlanLimits.kernelDeviceSize`.
    case kernelDeviceSize = 216
    /// A region of a device the kernel drives wraps around or lies beyond the host-physical limit.
    case kernelDeviceAddress = 217
    /// A region of a device the kernel drives overlaps a RAM region (`otherItem`).
    case kernelDeviceOverRAM = 218
    /// Two devices the kernel drives overlap.
    case kernelDeviceOverlap = 219
    /// The UART's kind is unknown.
    case uartKind = 220
    /// A UART of kind `none` has a region or a line.
    case uartUnused = 221
    /// The UART's line is no line of the board that can be owned.
    case uartLine = 222
    /// The kernel region is not in 4 KiB granules.
    case kernelAlignment = 223
    /// The kernel image is not at the base of the kernel region.
    case kernelBase = 224
    /// The kernel region is not inside one RAM region.
    case kernelOutsideRAM = 225
    /// The kernel image does not end inside the kernel region.
    case kernelImage = 226
    /// The Plan is not inside the kernel region.
    case kernelPlan = 227
    /// The table pool is not in 4 KiB granules.
    case tablesAlignment = 228
    /// The table pool has no root table for each zone, or no room for the tables of the ITS.
    case tablesSize = 229
    /// The table pool is not inside the kernel region.
    case tablesOutsideKernel = 230
    /// The table pool overlaps the kernel image.
    case tablesOverImage = 231
    /// The table pool overlaps the Plan.
    case tablesOverPlan = 232
    /// There are no records, but they have an address.
    case recordsUnused = 233
    /// The records are not in 4 KiB granules.
    case recordsAlignment = 234
    /// The records are not inside one RAM region.
    case recordsOutsideRAM = 235
    /// The records overlap the kernel region.
    case recordsOverKernel = 236
    /// The records do not hold the part that the kernel writes (`RecordLayout`).
    case recordsSize = 237
    /// More samples of the board baseline than `Plan.baselineLimit`.
    case baselineSamples = 238
    /// The interrupt controller's parameter is none its kind has.
    case controllerParameter = 239
    /// No frequency of the system counter on a board where no register tells it.
    case counterFrequency = 240
    /// The UART's register shift and width are none its kind has.
    case uartRegisters = 241

    // MARK: CPUs

    /// A hardware id has bits that no CPU of the architecture has in it.
    case cpuHardwareID = 301
    /// Two CPUs have one hardware id.
    case cpuDuplicate = 302
    /// A CPU's owner is neither a zone of the Plan nor nobody.
    case cpuOwner = 303
    /// A reserved field of a CPU is not zero.
    case cpuReserved = 304
    /// A CPU entry beyond `cpuCount` is not (0, nobody).
    case cpuUnused = 305
    /// The CPU that runs the check is not in the Plan.
    case bootCPUMissing = 306
    /// The interrupt controller has no place for a CPU's index.
    case cpuController = 307
    /// Two CPUs have one index in the interrupt controller.
    case cpuControllerDuplicate = 308
    /// A CPU's release address is not aligned, in memory or a device of somebody, another CPU's, on a
    /// RISC-V board, or not there although other CPUs have one.
    case cpuRelease = 309

    // MARK: Lines

    /// A line's owner is neither a zone of the Plan, the kernel nor nobody.
    case lineOwner = 401
    /// A line's kind is unknown.
    case lineKind = 402
    /// A line that is private to each CPU, or line 0 of a RISC-V board, has an owner or a kind.
    case linePrivate = 403
    /// A line number with a special meaning has an owner or a kind.
    case lineSpecial = 404
    /// A line beyond `lineCount` has an owner or a kind.
    case lineBeyondCount = 405
    /// A zone owns the line of the kernel's UART as a wired line.
    case uartLineWired = 406
    /// On a PLIC, a doorbell other than the UART's line has a source, or a wired line has none.
    case lineSource = 407

    // MARK: Zones

    /// A zone's name is empty, not of [a-z0-9-] or not NUL-padded.
    case zoneName = 501
    /// A zone is named `kernel`.
    case zoneNameReserved = 502
    /// Two zones have one name.
    case zoneNameDuplicate = 503
    /// A zone's kind is unknown.
    case zoneKind = 504
    /// There are two zones of kind zone0.
    case zoneDuplicateZone0 = 505
    /// A reserved field of a zone is not zero.
    case zoneReserved = 506
    /// A zone has unknown flags.
    case zoneFlags = 507
    /// A zone is to be started by zone0, and no other zone is zone0.
    case zoneManualStart = 508
    /// A zone's `cpuCount` is not the number of CPUs it owns.
    case zoneCPUCount = 509
    /// A zone that starts at boot has no CPU.
    case zoneWithoutCPU = 510
    /// More ranges than `Plan.rangeCapacity`.
    case rangeCount = 511
    /// More payloads than `Plan.payloadCapacity`.
    case payloadCount = 512
    /// An emulated device of a zone is not aligned (4 KiB; GIC frames 64 KiB).
    case guestWindowAlignment = 513
    /// An emulated device of a zone lies beyond the guest-physical limit.
    case guestWindowAddress = 514
    /// Two emulated devices of a zone overlap.
    case guestWindowOverlap = 515
    /// A zone without a console has a console address or line.
    case consoleUnused = 516
    /// The line of a zone's console is not a doorbell of that zone.
    case consoleLine = 517
    /// The stimulus line of a zone is not a doorbell of that zone.
    case stimulusLine = 518
    /// A zone's console and stimulus use one line.
    case stimulusShared = 519
    /// A zone's entry is not aligned to an instruction.
    case entryAlignment = 520
    /// A zone's entry is not in an executable RAM range of it.
    case entryAddress = 521
    /// An AArch32 zone's entry is at or above 4 GiB.
    case entryBeyond32Bit = 522
    /// A zone has an address for a window that its kind of interrupt controller does not have.
    case guestWindowUnused = 523
    /// A zone is to start in AArch32 state on another architecture.
    case zoneExecution = 524

    // MARK: Memory ranges

    /// A range's kind is unknown.
    case rangeKind = 601
    /// A range has unknown permission bits.
    case rangePermissions = 602
    /// A range is not readable.
    case rangeUnreadable = 603
    /// A device or stamps range is executable.
    case rangeExecutable = 604
    /// A reserved field of a range is not zero.
    case rangeReserved = 605
    /// A range is not in 4 KiB granules.
    case rangeAlignment = 606
    /// A range has no bytes.
    case rangeEmpty = 607
    /// A range wraps around or lies beyond the guest-physical limit.
    case rangeGuestAddress = 608
    /// A RAM range is not inside one RAM region of the board.
    case rangeOutsideRAM = 609
    /// A device range is not inside one device window of the board.
    case rangeOutsideWindow = 610
    /// A stamps range is not inside the zone's own stamp area of the records (`RecordLayout`).
    case rangeOutsideStamps = 611
    /// A RAM range overlaps the kernel region.
    case rangeOverKernel = 612
    /// A RAM range overlaps the records.
    case rangeOverRecords = 613
    /// A device range overlaps a device the kernel drives (`otherItem`).
    case rangeOverKernelDevice = 614
    /// Two ranges share a host-physical page: it would have two owners, or one owner at two
    /// addresses.
    case rangeHostOverlap = 615
    /// Two ranges of a zone overlap in guest-physical memory.
    case rangeGuestOverlap = 616
    /// A range overlaps an emulated device of its zone (`otherItem`).
    case rangeOverGuestWindow = 617
    /// A range entry beyond `rangeCount` is not zero.
    case rangeUnused = 618

    // MARK: Payloads

    /// A payload's source or destination is not 8-byte aligned.
    case payloadAlignment = 701
    /// A payload occupies no memory.
    case payloadEmpty = 702
    /// A payload's `fileSize` is above its `memorySize`.
    case payloadSizes = 703
    /// A payload's destination is not inside one RAM range of its zone.
    case payloadDestination = 704
    /// A payload's source is not inside the kernel region.
    case payloadSource = 705
    /// A payload's source overlaps the kernel image: it would show the zone the kernel's memory.
    case payloadOverImage = 706
    /// A payload's source overlaps the Plan.
    case payloadOverPlan = 707
    /// A payload's source overlaps the table pool, which the kernel overwrites.
    case payloadOverTables = 708
    /// Two payloads of a zone overlap in guest-physical memory.
    case payloadOverlap = 709
    /// A payload entry beyond `payloadCount` is not zero.
    case payloadUnused = 710

    // MARK: Real-time zones (judged by RTPartition)

    /// A zoneR owns no CPU.
    case realtimeWithoutCPU = 801
    /// A zoneR has no RAM it can write.
    case realtimeWithoutMemory = 802
    /// A zoneR's entry is in no payload, so that another zone would have to load it.
    case realtimeEntryNotLoaded = 803
  }
}

#if !hasFeature(Embedded)
extension PlanError.Reason: CaseIterable {}
#endif
