#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// The second part of the boot: the zones as the hardware sees them, and the hardware they share.

/// Copies what exits need of the Plan into the kernel's blocks, and builds the stage-2 tables.
@_optimize(size)
func describe(
  _ plan: PlanView, _ map: KernelMap, _ kernel: UnsafeMutablePointer<KernelBlock>,
  _ shared: UnsafeMutablePointer<SharedBlock>
) {
  unsafe kernel.pointee.describe(plan)
  let frequency = shim_read_CNTFRQ_EL0()
  if plan.counterFrequency != 0, plan.counterFrequency != frequency {
    unsafe refuse("the counter has another frequency than the Plan says", kernel)
  }
  unsafe shared.pointee.counterFrequency = frequency
  InterruptController.describe(plan.interruptController)
  unsafe shared.pointee.uart = plan.kernelUART
  unsafe shared.pointee.recordBase = plan.records.base
  unsafe shared.pointee.tableNext = plan.tables.base
  unsafe shared.pointee.tableEnd = plan.tables.base + plan.tables.size
  for cpu in 0..<plan.cpuCount {
    unsafe shared.pointee.affinities[cpu] = plan.cpu(cpu).hardwareID
    let owner = plan.cpu(cpu).owner
    let block = unsafe cpuBlock(cpu)
    unsafe block.pointee.index = cpu
    unsafe block.pointee.zone = -1
    unsafe block.pointee.kernel = kernel
    unsafe block.pointee.shared = shared
    unsafe block.pointee.root = map.tables.root
    unsafe block.pointee.tcr = KernelTranslation.tcr(paRange: shim_read_ID_AA64MMFR0_EL1())
    unsafe block.pointee.mair = KernelTranslation.mair
    unsafe block.pointee.sctlr = KernelTranslation.sctlr
    guard Int(owner) < plan.zoneCount else { continue }
    unsafe block.pointee.zone = Int(owner)
    // The rank among the zone's CPUs.
    var vcpu: UInt64 = 0
    for lower in 0..<cpu where plan.cpu(lower).owner == owner { vcpu += 1 }
    unsafe block.pointee.vcpu = vcpu
  }
  unsafe describeTranslation(plan, kernel, shared)
  for zone in 0..<plan.zoneCount { unsafe describeZone(zone, plan, kernel, shared) }
  for cpu in 0..<plan.cpuCount {
    let zone = unsafe cpuBlock(cpu).pointee.zone
    guard zone >= 0 else { continue }
    // SAFETY: the shared block stays where it is, and the zone index is below its sixteen records.
    unsafe cpuBlock(cpu).pointee.zoneHardware = withUnsafeMutablePointer(
      to: &shared.pointee.zones[zone]
    ) { unsafe $0 }
    unsafe cpuBlock(cpu).pointee.zoneBlock = zonePointer(kernel, zone)
    unsafe cpuBlock(cpu).pointee.gicd = shared.pointee.gicd
    let distributor = unsafe shared.pointee.zones[zone].distributorGuest
    let isV2 = InterruptController.isV2
    unsafe cpuBlock(cpu).pointee.distributorGuest = isV2 ? CPUBlock.noAddress : distributor
    unsafe cpuBlock(cpu).pointee.softwareInterrupts =
      isV2 ? distributor + 0xf00 : CPUBlock.noAddress
    unsafe cpuBlock(cpu).pointee.targets = SGITargets(
      count: Int(kernel.pointee.zones[zone].cpuCount)
    ) { vcpu in
      unsafe shared.pointee.zones[zone].distributor.affinities[vcpu]
    }
  }
}

/// Takes the memory of the ITS, if somebody owns it, from the end of the table pool.
@inline(never) @_optimize(size)
private func describeTranslation(
  _ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>,
  _ shared: UnsafeMutablePointer<SharedBlock>
) {
  unsafe shared.pointee.translationOwner = SharedBlock.nobody
  guard let its = plan.interruptController.ownedTranslation else { return }
  let owner = plan.interruptController.translationOwner
  let cpus = unsafe UInt64(kernel.pointee.zones[owner].cpuCount)
  let size = TranslationMemory.size(cpus: cpus)
  // The Plan was checked: there is room for it.
  let memory = unsafe (shared.pointee.tableEnd - size) & ~(TranslationMemory.granule - 1)
  unsafe shared.pointee.tableEnd = memory
  for page in stride(from: memory, to: memory + size, by: 4096) { clearTable(page) }
  cleanInvalidate(memory, size)
  unsafe shared.pointee.translation.base = its.base
  unsafe shared.pointee.translation.memory = memory
  unsafe shared.pointee.translation.cpuCount = cpus
  unsafe shared.pointee.translationOwner = owner
}

/// Record `zone` of the kernel's block, which stays where it is.
private func zonePointer(
  _ kernel: UnsafeMutablePointer<KernelBlock>, _ zone: Int
) -> UnsafeMutablePointer<ZoneBlock> {
  // SAFETY: the zones are the first field of the block (asserted by KernelDescribeTests), sixteen of them.
  unsafe UnsafeMutableRawPointer(kernel).assumingMemoryBound(to: ZoneBlock.self) + zone
}

@_optimize(size)
private func describeZone(
  _ index: Int, _ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>,
  _ shared: UnsafeMutablePointer<SharedBlock>
) {
  let zone = plan.zone(index)
  let count = unsafe kernel.pointee.zones[index].cpuCount
  var affinities = InlineArray<16, UInt64>(repeating: 0)
  for vcpu in 0..<Int(count) {
    affinities[vcpu] =
      unsafe shared.pointee.affinities[Int(kernel.pointee.zones[index].cpus[vcpu])]
  }
  unsafe shared.pointee.zones[index].distributor = Distributor<HardwareBus>.Zone(
    cpuCount: count, affinities: affinities,
    hasMessages: index == shared.pointee.translationOwner)
  unsafe shared.pointee.zones[index].distributorV2 = DistributorV2<HardwareBus>.Zone(
    cpuCount: count)
  let isAArch32 = zone.flags.contains(.aarch32)
  unsafe shared.pointee.zones[index].isAArch32 = isAArch32
  unsafe shared.pointee.zones[index].absentReadsZero = zone.flags.contains(.absentReadsZero)
  unsafe shared.pointee.zones[index].hcr = HypervisorConfiguration.zone(
    aarch32: isAArch32, trapsWait: zone.kind != .zoneR)
  unsafe shared.pointee.zones[index].distributorGuest = zone.interruptControllerGuest(0)
  let isV2 = InterruptController.isV2
  let second = zone.interruptControllerGuest(1)
  unsafe shared.pointee.zones[index].distributorSize = isV2 ? 0x1000 : 0x1_0000
  unsafe shared.pointee.zones[index].interfaceGuest = isV2 ? second + deactivateOffset : second
  unsafe shared.pointee.zones[index].interfaceSize =
    isV2 ? 0x1000 : UInt64(count) * Redistributor.stride
  unsafe shared.pointee.zones[index].consoleGuest = zone.consoleGuest
  unsafe shared.pointee.zones[index].consoleSize = zone.flags.contains(.console) ? 0x1000 : 0
  unsafe buildStage2(index, zone, affinities, plan, kernel, shared)
}

/// Stage-2 tables of a zone, into the master root; the live root stays empty until the zone starts.
@_optimize(size)
private func buildStage2(
  _ index: Int, _ zone: PlanZoneView, _ affinities: InlineArray<16, UInt64>, _ plan: PlanView,
  _ kernel: UnsafeMutablePointer<KernelBlock>, _ shared: UnsafeMutablePointer<SharedBlock>
) {
  var pool = unsafe TablePool(next: shared.pointee.tableNext, end: shared.pointee.tableEnd)
  guard let live = pool.allocate(), let master = pool.allocate() else {
    unsafe kernel.pointee.refuse(zone: index, .tablesExhausted, AArch64Machine())
    return
  }
  var tables = TranslationTables<Descriptor, TablePool>(
    store: pool, root: master, startLevel: ZoneTranslation.startLevel)
  let frame = ZoneTranslation.attributes(device: true, read: true, write: true, execute: false)
  var fits = true
  for number in 0..<zone.rangeCount where fits {
    let range = zone.range(number)
    let permissions = PlanPermissions(rawValue: range.permissions)
    fits = tables.map(
      input: range.guest, output: range.host, size: range.size,
      attributes: ZoneTranslation.attributes(
        device: range.kind == PlanRangeKind.device.rawValue,
        read: permissions.contains(.read), write: permissions.contains(.write),
        execute: permissions.contains(.execute)))
  }
  if InterruptController.isV2, fits {
    fits = tables.map(
      input: zone.interruptControllerGuest(1), output: unsafe shared.pointee.gicc,
      size: deactivateOffset, attributes: frame)
  }
  // The SGI frame of each of its CPUs; the RD frame beside it is emulated.
  let count = unsafe InterruptController.isV2 ? 0 : Int(kernel.pointee.zones[index].cpuCount)
  for vcpu in 0..<count where fits {
    let guest =
      zone.interruptControllerGuest(1) + UInt64(vcpu) * Redistributor.stride
      + Redistributor.sgiFrame
    // A CPU that has none does not come up, and its zone is refused (`initialiseCPU`).
    guard let rd = findRedistributor(affinities[vcpu], plan) else { continue }
    fits = tables.map(
      input: guest, output: rd + Redistributor.sgiFrame, size: 0x1_0000,
      attributes: frame)
  }
  unsafe shared.pointee.tableNext = tables.store.next
  unsafe shared.pointee.zones[index].root = live
  unsafe shared.pointee.zones[index].master = master
  unsafe shared.pointee.zones[index].vttbr = ZoneTranslation.vttbr(
    vmid: UInt64(index) + 1, root: live)
  if !fits { unsafe kernel.pointee.refuse(zone: index, .tablesExhausted, AArch64Machine()) }
}

/// The redistributor whose GICR_TYPER names `affinity`.
@_optimize(size)
func findRedistributor(_ affinity: UInt64, _ plan: PlanView) -> UInt64? {
  let region = plan.interruptController.regions[1]
  var frame = region.base
  let end = region.base + region.size
  while frame + Redistributor.stride <= end {
    let typer = shim_load64(frame + 8)
    if Redistributor.belongs(typer, to: affinity) { return frame }
    // Last frame of the region.
    if typer & (1 << 4) != 0 { return nil }
    frame += Redistributor.stride
  }
  return nil
}

/// Distributor, UART, records, and this CPU's own part.
@_optimize(size)
func takeHardware(
  _ plan: PlanView, _ shared: UnsafeMutablePointer<SharedBlock>,
  _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  InterruptController.initialise(lineCount: UInt32(plan.lineCount))
  let server = unsafe Int(kernel.pointee.consoleServer)
  let serverHasLine =
    server < plan.zoneCount && plan.zone(server).consoleLine == plan.uart.line
  unsafe shared.pointee.uart.initialise(receiveInterrupts: serverHasLine)
  if let records = recordRegion() {
    var board = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<32 { board[index] = plan.boardName(index) }
    records.initialise(
      RecordIdentity(
        architecture: PlanArchitecture.aarch64.rawValue,
        counterFrequency: shim_read_CNTFRQ_EL0(), planChecksum: plan.header.checksum,
        imageHash: plan.header.imageHash, cpuModel: shim_read_MIDR_EL1(), board: board,
        bootTick: unsafe shared.pointee.bootTick))
    for zone in 0..<plan.zoneCount {
      unsafe records.setZone(zone, kernel.pointee.recordZone(zone))
    }
  }
  unsafe shared.pointee.workarounds[0] = queryFirmware(FirmwareFunction.workaround1)
  unsafe shared.pointee.workarounds[1] = queryFirmware(FirmwareFunction.workaround2)
  unsafe shared.pointee.workarounds[2] = queryFirmware(FirmwareFunction.workaround3)
}

/// What firmware says of an SMCCC architecture service; firmware before SMCCC 1.1 has none. Where there is no PSCI,
/// nobody answers an SMC.
@_optimize(size)
private func queryFirmware(_ function: UInt32) -> Int64 {
  guard unsafe sharedBlock().pointee.plan.startsByFirmware else { return CallStatus.notSupported }
  let version = Int32(
    truncatingIfNeeded: shim_smc(UInt64(FirmwareFunction.smcccVersion), 0, 0, 0))
  guard version >= 0x1_0001 else { return CallStatus.notSupported }
  let answer = shim_smc(UInt64(FirmwareFunction.archFeatures), UInt64(function), 0, 0)
  return Int64(Int32(truncatingIfNeeded: answer))
}

/// The records, as the Plan lays them out.
func recordRegion() -> RecordRegion? {
  let plan = unsafe sharedBlock().pointee.plan
  guard
    let layout = RecordLayout(
      cpus: plan.cpuCount, zones: plan.zoneCount, regionBytes: plan.records.size),
    // SAFETY: mapped at boot for exactly this layout.
    let base = unsafe UnsafeMutableRawPointer(bitPattern: UInt(plan.records.base))
  else { return nil }
  return unsafe RecordRegion(base: base, layout: layout)
}
#endif
