#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// The second part of the boot: the zones as the hardware sees them, and the hardware they share.

/// Copies what exits need of the Plan into the kernel's blocks, and builds the guest-physical tables.
@_optimize(size)
func describe(
  _ plan: PlanView, _ map: KernelMap, _ kernel: UnsafeMutablePointer<KernelBlock>,
  _ shared: UnsafeMutablePointer<SharedBlock>
) {
  unsafe kernel.pointee.describe(plan)
  let controller = plan.interruptController
  let isAIA = controller.kind == PlanInterruptControllerKind.aia.rawValue
  unsafe shared.pointee.counterFrequency = plan.counterFrequency
  unsafe shared.pointee.uart = plan.kernelUART
  unsafe shared.pointee.recordBase = plan.records.base
  unsafe shared.pointee.tableNext = plan.tables.base
  unsafe shared.pointee.tableEnd = plan.tables.base + plan.tables.size
  // Guest addresses are below 2^39: the mode with fewer levels, if the hart has it.
  shim_write_hgatp(TranslationMode.sv39.guest(root: 0, vmid: 0))
  unsafe shared.pointee.guestMode =
    TranslationMode(of: shim_read_hgatp()) == .sv39 ? .sv39 : .sv48
  shim_write_hgatp(0)
  for cpu in 0..<plan.cpuCount {
    let hart = plan.cpu(cpu).hardwareID
    unsafe shared.pointee.hartIDs[cpu] = hart
    let owner = plan.cpu(cpu).owner
    let block = unsafe cpuBlock(cpu)
    unsafe block.pointee.satp = map.satp
    unsafe block.pointee.index = cpu
    unsafe block.pointee.zone = -1
    unsafe block.pointee.hartID = hart
    unsafe block.pointee.countsCycles = plan.cycleFrequency != 0
    unsafe block.pointee.hasInterruptFile = isAIA
    unsafe block.pointee.kernel = kernel
    unsafe block.pointee.shared = shared
    unsafe block.pointee.controller = controller.regions[0].base
    guard Int(owner) < plan.zoneCount else { continue }
    unsafe block.pointee.zone = Int(owner)
    // The rank among the zone's CPUs.
    var vcpu: UInt64 = 0
    for lower in 0..<cpu where plan.cpu(lower).owner == owner { vcpu += 1 }
    unsafe block.pointee.vcpu = vcpu
  }
  for zone in 0..<plan.zoneCount { unsafe describeZone(zone, plan, kernel, shared) }
  for cpu in 0..<plan.cpuCount {
    let block = unsafe cpuBlock(cpu)
    let zone = unsafe block.pointee.zone
    guard zone >= 0 else { continue }
    // SAFETY: the shared block stays where it is, and the zone index is below its sixteen records.
    unsafe block.pointee.zoneHardware = withUnsafeMutablePointer(to: &shared.pointee.zones[zone]) {
      unsafe $0
    }
    unsafe block.pointee.zoneBlock = zonePointer(kernel, zone)
    unsafe block.pointee.controllerGuest = shared.pointee.zones[zone].controllerGuest
    unsafe block.pointee.controllerSize =
      isAIA ? APLIC<HardwareBus>.size : PLIC<HardwareBus>.size
  }
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
  var indexes = InlineArray<16, UInt32>(repeating: 0)
  for vcpu in 0..<Int(count) {
    indexes[vcpu] = UInt32(
      plan.cpu(Int(unsafe kernel.pointee.zones[index].cpus[vcpu])).controllerIndex)
  }
  var doorbells = InlineArray<32, UInt32>(repeating: 0)
  for line in 1..<plan.lineCount
  where Int(plan.line(line).owner) == index && plan.line(line).kind == PlanLine.doorbell {
    doorbells[line >> 5] |= 1 << UInt32(line & 31)
  }
  unsafe shared.pointee.zones[index].aplic = APLIC<HardwareBus>.Zone(
    cpuCount: count, hartIndexes: indexes, doorbells: doorbells)
  // Its atomics are zero already; a new value would have to destroy the old ones.
  unsafe shared.pointee.zones[index].plic.cpuCount = count
  unsafe shared.pointee.zones[index].plic.contexts = indexes
  unsafe shared.pointee.zones[index].plic.virtualWord =
    plan.interruptController.parameter / 32 + 1
  // The console of the UART's owner may have the UART's own line.
  unsafe shared.pointee.zones[index].plic.sharedLine =
    zone.consoleLine == plan.uart.line ? zone.consoleLine : 0
  unsafe shared.pointee.zones[index].absentReadsZero = zone.flags.contains(.absentReadsZero)
  unsafe shared.pointee.zones[index].controllerGuest = zone.interruptControllerGuest(0)
  unsafe shared.pointee.zones[index].consoleGuest = zone.consoleGuest
  unsafe shared.pointee.zones[index].consoleSize = zone.flags.contains(.console) ? 0x1000 : 0
  unsafe buildTables(index, zone, indexes, plan, kernel, shared)
}

/// Guest-physical tables of a zone, into the master root; the live root stays empty until the zone
/// starts.
@_optimize(size)
private func buildTables(
  _ index: Int, _ zone: PlanZoneView, _ hartIndexes: InlineArray<16, UInt32>, _ plan: PlanView,
  _ kernel: UnsafeMutablePointer<KernelBlock>, _ shared: UnsafeMutablePointer<SharedBlock>
) {
  var pool = unsafe TablePool(next: shared.pointee.tableNext, end: shared.pointee.tableEnd)
  guard let live = allocateRoot(&pool), let master = allocateRoot(&pool) else {
    unsafe kernel.pointee.refuse(zone: index, .tablesExhausted, RISCV64Machine())
    return
  }
  let mode = unsafe shared.pointee.guestMode
  var tables = TranslationTables<SvDescriptor, TablePool>(
    store: pool, root: master, startLevel: mode.startLevel, rootMask: 0x7ff)
  var fits = true
  for number in 0..<zone.rangeCount where fits {
    let range = zone.range(number)
    let permissions = PlanPermissions(rawValue: range.permissions)
    fits = tables.map(
      input: range.guest, output: range.host, size: range.size,
      attributes: PageAttributes.zone(
        read: permissions.contains(.read), write: permissions.contains(.write),
        execute: permissions.contains(.execute)))
  }
  let controller = plan.interruptController
  if controller.kind == PlanInterruptControllerKind.aia.rawValue {
    // The guest interrupt file of each of its CPUs, and no other file.
    for vcpu in 0..<Int(unsafe kernel.pointee.zones[index].cpuCount) where fits {
      fits = tables.map(
        input: zone.interruptControllerGuest(1) + UInt64(vcpu) * 0x1000,
        output: InterruptFile.guestAddress(
          base: controller.regions[1].base, hartIndex: UInt64(hartIndexes[vcpu]),
          guestIndexBits: UInt64(controller.parameter)),
        size: 0x1000, attributes: PageAttributes.zone(read: true, write: true, execute: false))
    }
  }
  unsafe shared.pointee.tableNext = tables.store.next
  unsafe shared.pointee.zones[index].root = live
  unsafe shared.pointee.zones[index].master = master
  unsafe shared.pointee.zones[index].hgatp = mode.guest(root: live, vmid: UInt64(index) + 1)
  if !fits { unsafe kernel.pointee.refuse(zone: index, .tablesExhausted, RISCV64Machine()) }
}

/// A zeroed root of 16 KiB, aligned to its size (18.2.10).
@_optimize(size)
func allocateRoot(_ pool: inout TablePool) -> UInt64? {
  while pool.next & 0x3fff != 0 {
    if pool.allocate() == nil { return nil }
  }
  guard let root = pool.allocate() else { return nil }
  for _ in 0..<3 where pool.allocate() == nil { return nil }
  return root
}

/// Interrupt controller, UART and records.
@_optimize(size)
func takeHardware(
  _ plan: PlanView, _ shared: UnsafeMutablePointer<SharedBlock>,
  _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  if plan.interruptController.kind == PlanInterruptControllerKind.aia.rawValue {
    APLIC(bus: HardwareBus(), base: plan.interruptController.regions[0].base)
      .initialise(lineCount: UInt32(plan.lineCount))
  }
  let server = unsafe Int(kernel.pointee.consoleServer)
  let serverHasLine =
    server < plan.zoneCount && plan.zone(server).consoleLine == plan.uart.line
  unsafe shared.pointee.uart.initialise(receiveInterrupts: serverHasLine)
  guard let records = recordRegion() else { return }
  var board = InlineArray<32, UInt8>(repeating: 0)
  for index in 0..<32 { board[index] = plan.boardName(index) }
  records.initialise(
    RecordIdentity(
      architecture: PlanArchitecture.riscv64.rawValue,
      counterFrequency: plan.cycleFrequency == 0 ? plan.counterFrequency : plan.cycleFrequency,
      planChecksum: plan.header.checksum, imageHash: plan.header.imageHash,
      // marchid, the only one of the three that names a design.
      cpuModel: shim_sbi_value(SBIExtension.base, 5, 0), board: board,
      bootTick: unsafe shared.pointee.bootTick))
  for zone in 0..<plan.zoneCount {
    unsafe records.setZone(zone, kernel.pointee.recordZone(zone))
  }
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
