#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import RTPartition
import SepKernel
import Synchronization

// The boot hart, from the entry code to its zone. The order of `boot` is the order of the machine:
// map, check, take the hardware, describe the zones, start the CPUs, start the zones.

/// Runs on the boot hart with translation off. `base` is where the image is, `time` and `cycle` the
/// counters at entry, `hart` what the firmware calls this hart. `cycle` is 0 where it cannot be read.
@_optimize(size)
public func boot(base: UInt64, time: UInt64, hart: UInt64, cycle: UInt64) -> Never {
  let planBase = shim___image_end()
  let planSpace = planSpace(at: planBase)
  let console = KernelUART(bus: HardwareBus(), header: shim_load64(base + 40))
  guard let mode = widestMode(), var map = KernelMap(mode: mode, readOnlyEnd: planBase + planSpace)
  else { halt() }
  if console.base != 0, !map.add(console.base & ~0xfff, 0x1000, PageAttributes.data) { halt() }
  kernel_enable_mmu(map.satp)

  let kernel = unsafe kernelBlock()
  let shared = unsafe sharedBlock()
  let machine = RISCV64Machine()
  unsafe shared.pointee.uart = console
  console.initialise(receiveInterrupts: false)
  unsafe kernel.pointee.nameKernel()
  let plan = unsafe checkPlan(planBase, planSpace, base: base, map, hart: hart, kernel)
  unsafe shared.pointee.plan = plan
  unsafe kernel.pointee.sayPlan(plan, machine)
  unsafe requireRoom(plan, kernel)
  unsafe mapPlan(&map, plan, console, planBase + planSpace, kernel)
  unsafe describe(plan, map, kernel, shared)
  unsafe shared.pointee.bootTick = plan.cycleFrequency == 0 ? time : cycle
  unsafe takeHardware(plan, shared, kernel)
  let own = unsafe takeBootCPU(plan, hart: hart, kernel)
  if plan.baselineSamples > 0 { unsafe measureBoard(own, plan, shared, kernel) }
  // Real-time zones first, and without waiting for anybody else's CPUs.
  let frequency = unsafe shared.pointee.counterFrequency
  unsafe kernel.pointee.startZones(
    realTime: true, own: own, plan: plan, frequency: frequency, machine: machine)
  unsafe kernel.pointee.startZones(
    realTime: false, own: own, plan: plan, frequency: frequency, machine: machine)
  park()
}

/// Sv48, or Sv39: satp keeps its value when a mode is not there (12.1.11). Only the mode is tried, with
/// an identity-mapped root made of one gigabyte leaf for this code.
@_optimize(size)
func widestMode() -> TranslationMode? {
  let here = shim___image_start()
  let table = shim___tables_start()
  for mode in 0..<2 {
    let candidate: TranslationMode = mode == 0 ? .sv48 : .sv39
    clearTable(table)
    clearTable(table + 4096)
    let leaf = SvDescriptor.leaf(
      here & ~0x3fff_ffff, PageAttributes.data | PageAttributes.code, level: 1)
    if candidate == .sv48 {
      shim_store64(table + (here >> 39 & 0x1ff) * 8, SvDescriptor.table(at: table + 4096))
      shim_store64(table + 4096 + (here >> 30 & 0x1ff) * 8, leaf)
    } else {
      shim_store64(table + (here >> 30 & 0x1ff) * 8, leaf)
    }
    kernel_enable_mmu(candidate.supervisor(root: table))
    let taken = TranslationMode(of: shim_read_satp()) == candidate
    kernel_enable_mmu(0)
    if taken { return candidate }
  }
  return nil
}

/// The Plan behind the image, judged. Prints the error and halts when it is refused.
@_optimize(size)
private func checkPlan(
  _ planBase: UInt64, _ space: UInt64, base: UInt64, _ map: borrowing KernelMap, hart: UInt64,
  _ kernel: UnsafeMutablePointer<KernelBlock>
) -> PlanView {
  // SAFETY: mapped read-only just before; nobody writes it.
  let bytes = unsafe UnsafeRawBufferPointer(
    start: UnsafeRawPointer(bitPattern: UInt(planBase)), count: Int(space))
  let context = PlanContext(
    architecture: .riscv64, image: PlanRegion(base: base, size: planBase - base),
    planBase: planBase, hostAddressBits: KernelMap.addressBits(map.mode), bootHardwareID: hart)
  do throws(PlanError) {
    return try unsafe AdmissionRules.admit(bytes, context: context)
  } catch {
    unsafe kernel.pointee.sayRefused(error, RISCV64Machine())
    halt()
  }
}

/// Says `message` and halts: the machine cannot be used as the Plan says.
@_optimize(size)
func refuse(_ message: StaticString, _ kernel: UnsafeMutablePointer<KernelBlock>) -> Never {
  unsafe kernel.pointee.sayRefused(message, RISCV64Machine())
  halt()
}

@_optimize(size)
private func requireRoom(_ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>) {
  let needed = MemoryLayout<KernelBlock>.stride + 64 + MemoryLayout<SharedBlock>.stride
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
    fits = map.add(uart.base, uart.size, PageAttributes.data)
  }
  // The APLIC or the PLIC. Interrupt files are the zones', the kernel has no business there.
  let controller = plan.interruptController.regions[0]
  fits = fits && map.add(controller.base, controller.size, PageAttributes.data)
  // Payloads read-only, the table pool writable.
  if tables.base > mapped {
    fits = fits && map.add(mapped, tables.base - mapped, PageAttributes.constants)
  }
  if tables.base < mapped, tables.size > 0 { fits = false }
  let tablesStart = max(tables.base, mapped)
  fits = fits && map.add(tablesStart, tables.base + tables.size - tablesStart, PageAttributes.data)
  let rest = tables.base + tables.size
  if rest < end { fits = fits && map.add(rest, end - rest, PageAttributes.constants) }
  if plan.records.size > 0,
    let layout = RecordLayout(
      cpus: plan.cpuCount, zones: plan.zoneCount, regionBytes: plan.records.size)
  {
    // The stamp areas behind the kernel's part belong to the zones.
    fits = fits && map.add(plan.records.base, UInt64(layout.stampsOffset), PageAttributes.data)
    for zone in 0..<plan.zoneCount where layout.stampByteCount > 0 {
      // The header, to clear it at boot.
      let header = plan.records.base + UInt64(layout.stampOffset(zone: zone))
      fits = fits && map.add(header, 0x1000, PageAttributes.data)
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
    unsafe cpuBlock(cpu).pointee.window = map.windows + UInt64(cpu) << 21
  }
  shim_fence()
  if !fits { unsafe refuse("kernel tables exhausted or regions overlap", kernel) }
}
#endif
