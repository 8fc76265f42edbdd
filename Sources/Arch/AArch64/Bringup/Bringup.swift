#if BRINGUP && hasFeature(Embedded) && arch(arm64)
import ArchCommon
import Bringup
internal import ArchShims
import LatencyProbe
import RTPartition
import SepKernel

// SAFETY, throughout: as in Sources/Arch/Common/BringupState.swift; blocks of CPUs are reserved by the linker
// script.

// The bring-up image from the entry code to its report (docs/bringup.md). It is the kernel's code as far as the kernel
// has code for it; what is different is that nothing is believed: whatever touches hardware does so under a guard.

/// Runs on the boot CPU with the MMU off. `base` is where the image is.
public func bringup(base: UInt64, tick: UInt64) -> Never {
  let planBase = shim___image_end()
  let planSpace = planSpace(at: planBase)
  let console = KernelUART(bus: HardwareBus(), header: shim_load64(base + 32))
  guard var map = KernelMap(readOnlyEnd: planBase + planSpace) else { halt() }
  if console.base != 0 { _ = map.add(console.base & ~0xfff, 0x1000, KernelTranslation.device) }
  // Until the Plan says which slot is this CPU's: the last.
  enterBringup(unsafe UInt64(UInt(bitPattern: cpuBlock(cpuCapacity - 1))))
  enableMMU(map)
  initialiseBringup()
  let state = unsafe bringupState()
  unsafe sharedBlock().pointee.uart = console
  unsafe sharedBlock().pointee.bootTick = tick
  unsafe kernelBlock().pointee.nameKernel()
  let hardware = AArch64Bringup()
  unsafe admit(planBase, planSpace, base: base, state)
  if let plan = unsafe state.pointee.plan {
    unsafe prepare(plan, console, &map, state)
    if unsafe !state.pointee.mapFailed { hardware.watched(.records) }
  }
  hardware.watched(.identify)
  let cpus = unsafe state.pointee.plan?.cpuCount ?? 0
  let list = CheckList(
    cpuCount: cpus, cacheLevels: CacheGeometry.levels(clidr: shim_read_CLIDR_EL1()))
  var run = BringupRun(hardware, BringupProgress(list))
  run.run { index in unsafe bringupState().pointee.plan?.boardName(index) ?? 0 }
  halt()
}

/// This CPU takes its faults itself, and its words are at `block`.
func enterBringup(_ block: UInt64) {
  shim_write_TPIDR_EL2(block)
  shim_write_VBAR_EL2(shim_bringup_vectors())
  // RW, IMO, AMO: interrupts and errors come here; a program below is AArch64.
  shim_write_HCR_EL2(HypervisorConfiguration.rw | bringupRouting)
  shim_write_CNTHCTL_EL2(3)
  shim_write_CNTHP_CTL_EL2(0)
  shim_write_CNTV_CTL_EL0(0)
  shim_write_CNTP_CTL_EL0(0)
  shim_write_CNTVOFF_EL2(0)
  // As `initialiseCPU`: nothing traps that the checks use.
  shim_write_CPTR_EL2(0x33ff | 1 << 20)
  shim_write_HSTR_EL2(0)
  shim_isb()
}

/// HCR_EL2.IMO and AMO.
let bringupRouting: UInt64 = 1 << 4 | HypervisorConfiguration.amo

/// The Plan behind the image, judged as the kernel judges it.
private func admit(
  _ planBase: UInt64, _ space: UInt64, base: UInt64,
  _ state: UnsafeMutablePointer<BringupState>
) {
  let bytes = unsafe UnsafeRawBufferPointer(
    start: UnsafeRawPointer(bitPattern: UInt(planBase)), count: Int(space))
  let context = PlanContext(
    architecture: .aarch64, image: PlanRegion(base: base, size: planBase - base),
    planBase: planBase,
    hostAddressBits: UInt32(min(physicalAddressBits(mmfr0: shim_read_ID_AA64MMFR0_EL1()), 48)),
    bootHardwareID: shim_read_MPIDR_EL1() & 0xff_00ff_ffff)
  do throws(PlanError) {
    let plan = try unsafe AdmissionRules.admit(bytes, context: context)
    if plan.cpuCount <= cpuCapacity { unsafe state.pointee.plan = plan }
  } catch {
    unsafe state.pointee.planError = error
  }
}

/// Maps what the Plan names, and describes the CPUs.
private func prepare(
  _ plan: PlanView, _ console: KernelUART<HardwareBus>, _ map: inout KernelMap,
  _ state: UnsafeMutablePointer<BringupState>
) {
  let shared = unsafe sharedBlock()
  unsafe shared.pointee.plan = plan
  // Firmware that left the register empty has its failure in the report; what is counted needs a number.
  let register = shim_read_CNTFRQ_EL0()
  let frequency = register == 0 ? plan.counterFrequency : register
  unsafe shared.pointee.counterFrequency = frequency
  unsafe state.pointee.frequency = frequency
  InterruptController.describe(plan.interruptController)
  unsafe shared.pointee.recordBase = plan.records.base
  var fits = true
  let uart = plan.uart.region
  if uart.size > 0, uart.base & ~0xfff != console.base & ~0xfff {
    fits = map.add(uart.base, uart.size, KernelTranslation.device)
  }
  fits = fits && map.addHardware(plan)
  if plan.records.size > 0 {
    fits =
      fits
      && map.add(plan.records.base, plan.records.size, KernelTranslation.data)
  }
  if let entry = map.windowEntry(0) {
    unsafe state.pointee.windowEntry = entry
    unsafe state.pointee.window = KernelMap.windows
  } else {
    fits = false
  }
  unsafe state.pointee.mapFailed = !fits
  unsafe buildGuestTables(&map, state)
  shim_dsb_ish()
  shim_isb()
  for cpu in 0..<plan.cpuCount {
    let id = plan.cpu(cpu).hardwareID
    unsafe shared.pointee.affinities[cpu] = id
    let block = unsafe cpuBlock(cpu)
    unsafe block.pointee.index = cpu
    unsafe block.pointee.zone = -1
    unsafe block.pointee.kernel = kernelBlock()
    unsafe block.pointee.shared = shared
    unsafe block.pointee.root = map.tables.root
    unsafe block.pointee.tcr = KernelTranslation.tcr(paRange: shim_read_ID_AA64MMFR0_EL1())
    unsafe block.pointee.mair = KernelTranslation.mair
    unsafe block.pointee.sctlr = KernelTranslation.sctlr
    if id == shim_read_MPIDR_EL1() & 0xff_00ff_ffff { unsafe state.pointee.own = cpu }
  }
  let own = unsafe state.pointee.own
  unsafe state.pointee.present = 1 << UInt64(own)
  enterBringup(unsafe UInt64(UInt(bitPattern: cpuBlock(own))))
}

/// Stage 2 of the program below: the image's text and what a zone has of a GICv2's CPU interface.
private func buildGuestTables(_ map: inout KernelMap, _ state: UnsafeMutablePointer<BringupState>) {
  guard let root = map.tables.store.allocate() else { return }
  var tables = TranslationTables<Descriptor, TablePool>(
    store: map.tables.store, root: root,
    startLevel: ZoneTranslation.startLevel)
  let start = shim___image_start()
  var isMapped = tables.map(
    input: start, output: start, size: shim___text_end() - start,
    attributes: ZoneTranslation.attributes(device: false, read: true, write: false, execute: true))
  if InterruptController.isV2 {
    let interface = unsafe sharedBlock().pointee.gicc
    isMapped =
      isMapped
      && tables.map(
        input: interface, output: interface, size: deactivateOffset,
        attributes: ZoneTranslation.attributes(
          device: true, read: true, write: true, execute: false))
  }
  map.tables.store = tables.store
  if isMapped { unsafe state.pointee.guestTables = ZoneTranslation.vttbr(vmid: 1, root: root) }
}

/// Runs on every other CPU, MMU on; `block` is the CPU's.
public func bringupSecondary(at block: UInt64) -> Never {
  enterBringup(block)
  AArch64Bringup().serve()
}
#endif
