#if hasFeature(Embedded)
internal import ArchShims
import LatencyProbe
import RTPartition
import SepKernel
import Synchronization

// The second half of the boot: zones, interrupt controller, other CPUs.

/// Copies what exits need of the Plan into the kernel's blocks, and builds the stage-2 tables.
@_optimize(size)
func describe(
  _ plan: PlanView, _ map: KernelMap, _ kernel: UnsafeMutablePointer<KernelBlock>,
  _ shared: UnsafeMutablePointer<SharedBlock>
) {
  unsafe kernel.pointee.describe(plan)
  let frequency = shim_read_CNTFRQ_EL0()
  unsafe shared.pointee.counterFrequency = frequency
  let controller = plan.interruptController
  unsafe shared.pointee.gicd = controller.regions[0].base
  unsafe shared.pointee.uart = PL011(base: plan.uart.region.base)
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
    unsafe cpuBlock(cpu).pointee.distributorGuest =
      shared.pointee.zones[zone].distributorGuest
    unsafe cpuBlock(cpu).pointee.targets = SGITargets(
      count: Int(kernel.pointee.zones[zone].cpuCount)
    ) { vcpu in
      unsafe shared.pointee.zones[zone].distributor.affinities[vcpu]
    }
  }
}

/// Record `zone` of the kernel's block, which stays where it is.
private func zonePointer(
  _ kernel: UnsafeMutablePointer<KernelBlock>, _ zone: Int
) -> UnsafeMutablePointer<ZoneBlock> {
  // SAFETY: the zones are the first field of the block (asserted by KernelBlockTests), sixteen of them.
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
    cpuCount: count, affinities: affinities)
  let isAArch32 = zone.flags.contains(.aarch32)
  unsafe shared.pointee.zones[index].isAArch32 = isAArch32
  unsafe shared.pointee.zones[index].absentReadsZero = zone.flags.contains(.absentReadsZero)
  unsafe shared.pointee.zones[index].hcr = HypervisorConfiguration.zone(
    aarch32: isAArch32, trapsWait: zone.kind != .zoneR)
  unsafe shared.pointee.zones[index].distributorGuest = zone.interruptControllerGuest(0)
  unsafe shared.pointee.zones[index].redistributorGuest = zone.interruptControllerGuest(1)
  unsafe shared.pointee.zones[index].redistributorSize = UInt64(count) * Redistributor.stride
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
    unsafe refuseZone(index, .tablesExhausted, kernel)
    return
  }
  var tables = TranslationTables(
    store: pool, root: master, startLevel: ZoneTranslation.startLevel)
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
  // The SGI frame of each of its CPUs; the RD frame beside it is emulated.
  let count = unsafe Int(kernel.pointee.zones[index].cpuCount)
  for vcpu in 0..<count where fits {
    let guest =
      zone.interruptControllerGuest(1) + UInt64(vcpu) * Redistributor.stride
      + Redistributor.sgiFrame
    guard let rd = findRedistributor(affinities[vcpu], plan) else {
      fits = true
      continue
    }
    fits = tables.map(
      input: guest, output: rd + Redistributor.sgiFrame, size: 0x1_0000,
      attributes: ZoneTranslation.attributes(
        device: true, read: true, write: true, execute: false))
  }
  unsafe shared.pointee.tableNext = tables.store.next
  unsafe shared.pointee.zones[index].root = live
  unsafe shared.pointee.zones[index].master = master
  unsafe shared.pointee.zones[index].vttbr = ZoneTranslation.vttbr(
    vmid: UInt64(index) + 1, root: live)
  if !fits { unsafe refuseZone(index, .tablesExhausted, kernel) }
}

/// The redistributor whose GICR_TYPER names `affinity`.
func findRedistributor(_ affinity: UInt64, _ plan: PlanView) -> UInt64? {
  let region = plan.interruptController.regions[1]
  let packed = affinity & 0xff_ffff | affinity >> 8 & 0xff00_0000
  var frame = region.base
  let end = region.base + min(region.size, UInt64(cpuCapacity) * Redistributor.stride)
  while frame + Redistributor.stride <= end {
    let typer = shim_load64(frame + 8)
    if typer >> 32 == packed { return frame }
    // Last frame of the region.
    if typer & (1 << 4) != 0 { return nil }
    frame += Redistributor.stride
  }
  return nil
}

/// Marks a zone failed before it ever started, and says so.
@_optimize(size)
func refuseZone(
  _ zone: Int, _ failure: ZoneFailure, _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  guard unsafe kernel.pointee.zones[zone].transition(from: .created, to: .failed) else { return }
  unsafe kernel.pointee.zones[zone].failure.store(failure.rawValue, ordering: .relaxed)
  unsafe kernel.pointee.beginMessage()
  unsafe kernel.pointee.put("zone ")
  unsafe kernel.pointee.put(name: zone)
  unsafe kernel.pointee.put(" refused: ")
  unsafe kernel.pointee.put(failure.name)
  unsafe kernel.pointee.endMessage(AArch64Machine())
}

/// Distributor, UART, records, and this CPU's own part.
@_optimize(size)
func takeHardware(
  _ plan: PlanView, _ shared: UnsafeMutablePointer<SharedBlock>,
  _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  GICv3.initialiseDistributor(unsafe shared.pointee.gicd, lineCount: UInt32(plan.lineCount))
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
      unsafe records.setZone(zone, recordZone(zone, plan, kernel))
    }
  }
  unsafe shared.pointee.workarounds[0] = queryFirmware(FirmwareFunction.workaround1)
  unsafe shared.pointee.workarounds[1] = queryFirmware(FirmwareFunction.workaround2)
  unsafe shared.pointee.workarounds[2] = queryFirmware(FirmwareFunction.workaround3)
}

/// What firmware says of an SMCCC architecture service; firmware before SMCCC 1.1 has none.
private func queryFirmware(_ function: UInt32) -> Int64 {
  let version = Int32(
    truncatingIfNeeded: shim_smc(UInt64(FirmwareFunction.smcccVersion), 0, 0, 0))
  guard version >= 0x1_0001 else { return CallStatus.notSupported }
  let answer = shim_smc(UInt64(FirmwareFunction.archFeatures), UInt64(function), 0, 0)
  return Int64(Int32(truncatingIfNeeded: answer))
}

private func recordZone(
  _ index: Int, _ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>
) -> RecordZone {
  var cpus: UInt64 = 0
  let count = unsafe kernel.pointee.zones[index].cpuCount
  for vcpu in 0..<Int(count) {
    cpus |= 1 << UInt64(unsafe kernel.pointee.zones[index].cpus[vcpu])
  }
  return RecordZone(
    name: unsafe kernel.pointee.consoles.ports[index].name,
    kind: UInt32(unsafe kernel.pointee.zones[index].kind), cpuCount: count, cpus: cpus)
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

/// This CPU's part of the hardware: trap registers, redistributor, probe block. False when its
/// redistributor is not there or does not wake up.
@_optimize(size)
func initialiseCPU(_ block: UnsafeMutablePointer<CPUBlock>) -> Bool {
  shim_write_TPIDR_EL2(UInt64(UInt(bitPattern: block)))
  shim_write_VBAR_EL2(shim_kernel_vectors())
  shim_isb()
  let features = shim_read_ID_AA64MMFR0_EL1()
  shim_write_HCR_EL2(HypervisorConfiguration.zone(aarch32: false, trapsWait: false))
  shim_write_VTCR_EL2(ZoneTranslation.vtcr(paRange: features))
  shim_write_VTTBR_EL2(0)
  shim_write_VPIDR_EL2(shim_read_MIDR_EL1())
  // CPTR_EL2: trace, SVE and SME trap, floating point does not.
  shim_write_CPTR_EL2(0x33ff | 1 << 20)
  shim_write_HSTR_EL2(0)
  // Reset values of these are unknown (DDI 0487, D23): no fine-grained trap, no extended feature.
  if features >> 56 & 0xf != 0 {
    shim_write_HFGRTR_EL2(0)
    shim_write_HFGWTR_EL2(0)
    shim_write_HFGITR_EL2(0)
    shim_write_HDFGRTR_EL2(0)
    shim_write_HDFGWTR_EL2(0)
  }
  if shim_read_ID_AA64MMFR1_EL1() >> 40 & 0xf != 0 { shim_write_HCRX_EL2(0) }
  if PerformanceMonitor.isPresent {
    // All counters are the zone's: MDCR_EL2.HPMN = PMCR_EL0.N.
    shim_write_MDCR_EL2(1 << 14 | shim_read_PMCR_EL0() >> 11 & 0x1f)
  } else {
    shim_write_MDCR_EL2(1 << 14)
  }
  // Both timers are the zone's (EL1PCTEN, EL1PCEN); the kernel uses none.
  shim_write_CNTHCTL_EL2(3)
  shim_write_CNTHP_CTL_EL2(0)
  shim_write_CNTVOFF_EL2(0)
  shim_tlbi_alle1()
  shim_write_ICC_SRE_EL2(0xf)
  shim_isb()
  shim_write_ICC_SRE_EL1(7)
  // TC: SGIs and the other common registers trap. En stays 0: no list registers.
  shim_write_ICH_HCR_EL2(1 << 10)
  shim_isb()
  let plan = unsafe block.pointee.shared.pointee.plan
  let index = unsafe block.pointee.index
  guard let rd = findRedistributor(plan.cpu(index).hardwareID, plan), GICv3.wakeRedistributor(rd)
  else { return false }
  unsafe block.pointee.redistributor = rd
  unsafe block.pointee.shared.pointee.redistributors[index] = rd
  unsafe block.pointee.shared.pointee.redistributorImplementer = shim_load32(rd + 4)
  guard let records = recordRegion() else { return false }
  let probe = unsafe records.initialiseCPU(
    index, hardwareID: plan.cpu(index).hardwareID,
    zone: plan.cpu(index).owner == PlanOwner.nobody
      ? CPUProbeBlock.nobody : UInt32(plan.cpu(index).owner))
  unsafe block.pointee.probe = probe
  unsafe measureProbe(probe)
  return true
}

/// What one `recordExit` costs, itself included in the records it makes. The trial is erased.
private func measureProbe(_ probe: UnsafeMutablePointer<CPUProbeBlock>) {
  let start = shim_read_CNTPCT_EL0()
  unsafe probe.pointee.recordExit(reason: .other, ticks: 0, pc: 0)
  let cost = shim_read_CNTPCT_EL0() &- start
  unsafe probe.pointee.residency[Int(ExitReason.other.rawValue)] = Histogram()
  unsafe probe.pointee.probeCost = cost
}

/// Makes this CPU the one the Plan has for it, and gives its index.
func takeBootCPU(_ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>) -> Int {
  let own = shim_read_MPIDR_EL1() & 0xff_00ff_ffff
  var boot: Int?
  for cpu in 0..<plan.cpuCount where plan.cpu(cpu).hardwareID == own { boot = cpu }
  guard let boot else { unsafe refuse("the boot CPU is not in the Plan", kernel) }
  if unsafe !initialiseCPU(cpuBlock(boot)) { unsafe refuse("no redistributor", kernel) }
  unsafe kernel.pointee.cpus[boot].state.store(
    CPUState.idle.rawValue, ordering: .sequentiallyConsistent)
  return boot
}

/// Brings up the CPUs of the real-time zones, or all others, and starts those zones. A CPU that does
/// not come up is reported and its zone refused; no wait is longer than 200 ms for all together.
@_optimize(size)
func startZones(
  realTime: Bool, _ own: Int, _ plan: PlanView, _ shared: UnsafeMutablePointer<SharedBlock>,
  _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  for cpu in 0..<plan.cpuCount where cpu != own && isRealTime(cpu, plan) == realTime {
    unsafe powerOn(cpu, plan, kernel)
  }
  let limit = unsafe shim_read_CNTPCT_EL0() &+ shared.pointee.counterFrequency / 5
  for cpu in 0..<plan.cpuCount where cpu != own && isRealTime(cpu, plan) == realTime {
    unsafe awaitCPU(cpu, limit, kernel)
  }
  for zone in 0..<plan.zoneCount where (plan.zone(zone).kind == .zoneR) == realTime {
    unsafe startAtBoot(zone, own, plan, kernel)
  }
  if realTime { unsafe awaitStarts(own, plan, shared, kernel) }
}

private func isRealTime(_ cpu: Int, _ plan: PlanView) -> Bool {
  let owner = Int(plan.cpu(cpu).owner)
  return owner < plan.zoneCount && plan.zone(owner).kind == .zoneR
}

private func isOffline(_ cpu: Int, _ kernel: UnsafeMutablePointer<KernelBlock>) -> Bool {
  unsafe kernel.pointee.cpus[cpu].state.load(ordering: .sequentiallyConsistent)
    == CPUState.offline.rawValue
}

private func awaitCPU(
  _ cpu: Int, _ limit: UInt64, _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  // Firmware said no: reported already.
  if unsafe kernel.pointee.cpus[cpu].entry.load(ordering: .relaxed) != 0 { return }
  while unsafe isOffline(cpu, kernel) {
    if Int64(bitPattern: shim_read_CNTPCT_EL0() &- limit) > 0 {
      unsafe reportCPU(cpu, "it did not answer in 200 ms", kernel)
      return
    }
  }
}

@_optimize(size)
private func startAtBoot(
  _ zone: Int, _ own: Int, _ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  for vcpu in 0..<plan.zone(zone).cpuCount {
    if unsafe isOffline(Int(kernel.pointee.zones[zone].cpus[vcpu]), kernel) {
      unsafe refuseZone(zone, .missingCPU, kernel)
      return
    }
  }
  if plan.zone(zone).flags.contains(.manualStart) { return }
  _ = unsafe kernel.pointee.restart(
    zone: zone, caller: own, ticksPerMillisecond: 1, machine: AArch64Machine())
}

/// Gives the real-time zones a head start: until each is in its memory, at most two seconds. The one
/// on this CPU is loaded here and entered when the others have been started.
private func awaitStarts(
  _ own: Int, _ plan: PlanView, _ shared: UnsafeMutablePointer<SharedBlock>,
  _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  let limit = unsafe shim_read_CNTPCT_EL0() &+ shared.pointee.counterFrequency * 2
  for zone in 0..<plan.zoneCount where plan.zone(zone).kind == .zoneR {
    if unsafe currentCPU().pointee.zone == zone,
      unsafe kernel.pointee.takeCommand(cpu: own, zone: zone) == .startZone
    {
      prepareZone()
      unsafe kernel.pointee.cpus[own].command.store(
        CPUCommand.enterZone.rawValue, ordering: .sequentiallyConsistent)
    }
    while unsafe kernel.pointee.zones[zone].state.load(ordering: .sequentiallyConsistent)
      == ZoneState.starting.rawValue, Int64(bitPattern: shim_read_CNTPCT_EL0() &- limit) < 0
    {}
  }
}

private func powerOn(
  _ cpu: Int, _ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  let block = unsafe cpuBlock(cpu)
  let address = UInt64(UInt(bitPattern: block))
  cleanInvalidate(address, UInt64(MemoryLayout<CPUBlock>.stride))
  let status = Int64(
    bitPattern: shim_smc(
      UInt64(FirmwareFunction.cpuOn | FirmwareFunction.smc64), plan.cpu(cpu).hardwareID,
      shim_kernel_secondary_start(), address))
  if status == 0 { return }
  unsafe kernel.pointee.cpus[cpu].entry.store(1, ordering: .relaxed)
  unsafe reportCPU(cpu, status == -2 ? "no such CPU" : "PSCI CPU_ON refused", kernel)
}

private func reportCPU(
  _ cpu: Int, _ reason: StaticString, _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  unsafe kernel.pointee.beginMessage()
  unsafe kernel.pointee.put("cpu ")
  unsafe kernel.pointee.put(decimal: UInt64(cpu))
  unsafe kernel.pointee.put(" did not start: ")
  unsafe kernel.pointee.put(reason)
  unsafe kernel.pointee.endMessage(AArch64Machine())
}

/// Runs on every other CPU, MMU on, stack ready.
func secondary(_ block: UnsafeMutablePointer<CPUBlock>) -> Never {
  if unsafe !initialiseCPU(block) { halt() }
  park()
}
#endif
