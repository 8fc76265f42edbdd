#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import RTPartition
import SepKernel
import Synchronization

// The boot CPU, from the entry code to its zone. The order of `boot` is the order of the machine:
// map, check, take the hardware, describe the zones, start the CPUs, start the zones.

/// Runs on the boot CPU with the MMU off. `base` is where the image is, `tick` the counter at reset.
@_optimize(size)
public func boot(base: UInt64, tick: UInt64) -> Never {
  let planBase = shim___image_end()
  let planSpace = planSpace(at: planBase)
  let console = KernelUART(bus: HardwareBus(), header: shim_load64(base + 32))
  guard var map = KernelMap(readOnlyEnd: planBase + planSpace) else { halt() }
  if console.base != 0, !map.add(console.base & ~0xfff, 0x1000, KernelTranslation.device) {
    halt()
  }
  shim_write_VBAR_EL2(shim_kernel_vectors())
  enableMMU(map)

  let kernel = unsafe kernelBlock()
  let shared = unsafe sharedBlock()
  unsafe shared.pointee.uart = console
  console.initialise(receiveInterrupts: false)
  unsafe kernel.pointee.nameKernel()
  let plan = unsafe checkPlan(planBase, planSpace, base: base, kernel)
  unsafe shared.pointee.plan = plan
  unsafe shared.pointee.bootTick = tick
  unsafe kernel.pointee.sayPlan(plan, AArch64Machine())
  unsafe requireRoom(plan, kernel)
  unsafe mapPlan(&map, plan, console, planBase + planSpace, kernel)
  unsafe describe(plan, map, kernel, shared)
  unsafe takeHardware(plan, shared, kernel)
  let own = unsafe takeBootCPU(plan, kernel)
  if plan.baselineSamples > 0 { unsafe measureBoard(own, plan, shared, kernel) }
  // Real-time zones first, and without waiting for anybody else's CPUs.
  let frequency = unsafe shared.pointee.counterFrequency
  let machine = AArch64Machine()
  unsafe kernel.pointee.startZones(
    realTime: true, own: own, plan: plan, frequency: frequency, machine: machine)
  unsafe kernel.pointee.startZones(
    realTime: false, own: own, plan: plan, frequency: frequency, machine: machine)
  park()
}

/// Turns on translation with these tables, and the caches.
@_optimize(size)
func enableMMU(_ map: borrowing KernelMap) {
  // The tables and this stack were written past the caches: drop what these hold of them.
  cleanInvalidate(shim___rodata_end(), shim___data_end() - shim___rodata_end())
  cleanInvalidate(shim___tables_start(), map.tables.store.next - shim___tables_start())
  cleanInvalidate(shim___boot_stack(), shim___boot_stack_top() - shim___boot_stack())
  let features = shim_read_ID_AA64MMFR0_EL1()
  kernel_enable_mmu(
    map.tables.root, KernelTranslation.tcr(paRange: features), KernelTranslation.mair,
    KernelTranslation.sctlr)
}

/// The Plan behind the image, judged. Prints the error and halts when it is refused.
@_optimize(size)
private func checkPlan(
  _ planBase: UInt64, _ space: UInt64, base: UInt64, _ kernel: UnsafeMutablePointer<KernelBlock>
) -> PlanView {
  // SAFETY: mapped read-only just before; nobody writes it.
  let bytes = unsafe UnsafeRawBufferPointer(
    start: UnsafeRawPointer(bitPattern: UInt(planBase)), count: Int(space))
  let context = PlanContext(
    architecture: .aarch64, image: PlanRegion(base: base, size: planBase - base),
    planBase: planBase, hostAddressBits: physicalAddressBits(),
    bootHardwareID: shim_read_MPIDR_EL1() & 0xff_00ff_ffff)
  do throws(PlanError) {
    return try unsafe AdmissionRules.admit(bytes, context: context)
  } catch {
    unsafe kernel.pointee.sayRefused(error, AArch64Machine())
    halt()
  }
}

/// ID_AA64MMFR0_EL1.PARange, in bits.
private func physicalAddressBits() -> UInt32 {
  switch shim_read_ID_AA64MMFR0_EL1() & 0xf {
  case 0: 32
  case 1: 36
  case 2: 40
  case 3: 42
  case 4: 44
  default: 48
  }
}

/// Says `message` and halts: the machine cannot be used as the Plan says.
@_optimize(size)
func refuse(
  _ message: StaticString, _ kernel: UnsafeMutablePointer<KernelBlock>
) -> Never {
  unsafe kernel.pointee.sayRefused(message, AArch64Machine())
  halt()
}

@_optimize(size)
private func requireRoom(_ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>) {
  let needed =
    MemoryLayout<KernelBlock>.stride + 64 + MemoryLayout<SharedBlock>.stride
  if UInt64(needed) > shim___kernel_block_end() - shim___kernel_block() {
    unsafe refuse("kernel block too small", kernel)
  }
  if plan.cpuCount > cpuCapacity {
    unsafe refuse("more CPUs than this image has stacks for", kernel)
  }
}

/// Maps the devices the kernel drives, the rest of its region and the records.
@_optimize(size)
private func mapPlan(
  _ map: inout KernelMap, _ plan: PlanView, _ console: KernelUART<HardwareBus>, _ mapped: UInt64,
  _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  let uart = plan.uart.region
  let tables = plan.tables
  let end = plan.kernel.base + plan.kernel.size
  var fits = true
  if uart.size > 0, uart.base & ~0xfff != console.base & ~0xfff {
    fits = map.add(uart.base, uart.size, KernelTranslation.device)
  }
  fits = fits && map.addHardware(plan)
  // Payloads read-only, the table pool writable.
  if tables.base > mapped {
    fits = fits && map.add(mapped, tables.base - mapped, KernelTranslation.constants)
  }
  let tablesStart = max(tables.base, mapped)
  if tables.base < mapped, tables.size > 0 { fits = false }
  fits =
    fits && map.add(tablesStart, tables.base + tables.size - tablesStart, KernelTranslation.data)
  let rest = tables.base + tables.size
  if rest < end { fits = fits && map.add(rest, end - rest, KernelTranslation.constants) }
  if plan.records.size > 0,
    let layout = RecordLayout(
      cpus: plan.cpuCount, zones: plan.zoneCount, regionBytes: plan.records.size)
  {
    // The stamp areas behind the kernel's part belong to the zones.
    fits = fits && map.add(plan.records.base, UInt64(layout.stampsOffset), KernelTranslation.data)
    for zone in 0..<plan.zoneCount where layout.stampByteCount > 0 {
      // The header, to clear it at boot.
      let header = plan.records.base + UInt64(layout.stampOffset(zone: zone))
      fits = fits && map.add(header, 0x1000, KernelTranslation.data)
    }
  } else {
    unsafe refuse("no room for records", kernel)
  }
  for cpu in 0..<plan.cpuCount {
    guard let entry = map.windowEntry(cpu) else {
      fits = false
      break
    }
    unsafe cpuBlock(cpu).pointee.windowEntry = entry
    unsafe cpuBlock(cpu).pointee.window = KernelMap.windows + UInt64(cpu) << 21
  }
  shim_dsb_ish()
  shim_isb()
  if !fits { unsafe refuse("kernel tables exhausted or regions overlap", kernel) }
}
#endif
