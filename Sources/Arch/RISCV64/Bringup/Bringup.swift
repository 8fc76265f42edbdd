#if BRINGUP && hasFeature(Embedded) && arch(riscv64)
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

/// Runs on the boot hart with translation off; the arguments are those of `boot`.
public func bringup(base: UInt64, time: UInt64, hart: UInt64, cycle: UInt64) -> Never {
  let planBase = shim___image_end()
  let planSpace = planSpace(at: planBase)
  let console = KernelUART(bus: HardwareBus(), header: shim_load64(base + 40))
  // Until the Plan says which slot is this hart's: the last.
  enterBringup(unsafe UInt64(UInt(bitPattern: cpuBlock(cpuCapacity - 1))))
  guard var map = KernelMap.enabled(readOnlyEnd: planBase + planSpace, console: console.base)
  else { halt() }
  initialiseBringup()
  let state = unsafe bringupState()
  unsafe sharedBlock().pointee.uart = console
  unsafe kernelBlock().pointee.nameKernel()
  let hardware = RISCV64Bringup()
  unsafe admit(planBase, planSpace, base: base, map.mode, hart: hart, state)
  if let plan = unsafe state.pointee.plan {
    unsafe sharedBlock().pointee.bootTick = plan.cycleFrequency == 0 ? time : cycle
    unsafe prepare(plan, console, &map, hart: hart, state)
    if unsafe !state.pointee.mapFailed { hardware.watched(.records) }
  }
  hardware.watched(.identify)
  // Nothing tells a RISC-V hart's caches.
  let list = CheckList(cpuCount: unsafe state.pointee.plan?.cpuCount ?? 0, cacheLevels: 0)
  var run = BringupRun(hardware, BringupProgress(list))
  run.run { index in unsafe bringupState().pointee.plan?.boardName(index) ?? 0 }
  halt()
}

/// This hart takes its traps itself, and its words are at `block`.
func enterBringup(_ block: UInt64) {
  shim_write_sscratch(block)
  shim_write_stvec(shim_bringup_vectors())
  shim_write_sie(0)
}

/// The Plan behind the image, judged as the kernel judges it.
private func admit(
  _ planBase: UInt64, _ space: UInt64, base: UInt64, _ mode: TranslationMode, hart: UInt64,
  _ state: UnsafeMutablePointer<BringupState>
) {
  let bytes = unsafe UnsafeRawBufferPointer(
    start: UnsafeRawPointer(bitPattern: UInt(planBase)), count: Int(space))
  let context = PlanContext(
    architecture: .riscv64, image: PlanRegion(base: base, size: planBase - base),
    planBase: planBase, hostAddressBits: KernelMap.addressBits(mode), bootHardwareID: hart)
  do throws(PlanError) {
    let plan = try unsafe AdmissionRules.admit(bytes, context: context)
    if plan.cpuCount <= cpuCapacity { unsafe state.pointee.plan = plan }
  } catch {
    unsafe state.pointee.planError = error
  }
}

/// Maps what the Plan names, and describes the harts.
private func prepare(
  _ plan: PlanView, _ console: KernelUART<HardwareBus>, _ map: inout KernelMap, hart: UInt64,
  _ state: UnsafeMutablePointer<BringupState>
) {
  let shared = unsafe sharedBlock()
  let controller = plan.interruptController
  unsafe shared.pointee.plan = plan
  unsafe shared.pointee.counterFrequency = plan.counterFrequency
  unsafe shared.pointee.recordBase = plan.records.base
  unsafe state.pointee.frequency = plan.counterFrequency
  var fits = true
  let uart = plan.uart.region
  if uart.size > 0, uart.base & ~0xfff != console.base & ~0xfff {
    fits = map.add(uart.base, uart.size, PageAttributes.data)
  }
  fits =
    fits && map.add(controller.regions[0].base, controller.regions[0].size, PageAttributes.data)
    && map.add(plan.tables.base, plan.tables.size, PageAttributes.data)
  if plan.records.size > 0 {
    fits = fits && map.add(plan.records.base, plan.records.size, PageAttributes.data)
  }
  if let entry = map.windowEntry(0) {
    unsafe state.pointee.windowEntry = entry
    unsafe state.pointee.window = map.windows
  } else {
    fits = false
  }
  shim_fence()
  shim_sfence_vma(0)
  unsafe state.pointee.mapFailed = !fits
  for cpu in 0..<plan.cpuCount {
    let id = plan.cpu(cpu).hardwareID
    unsafe shared.pointee.hartIDs[cpu] = id
    let block = unsafe cpuBlock(cpu)
    unsafe block.pointee.satp = map.satp
    unsafe block.pointee.index = cpu
    unsafe block.pointee.zone = -1
    unsafe block.pointee.hartID = id
    unsafe block.pointee.countsCycles = plan.cycleFrequency != 0
    unsafe block.pointee.hasInterruptFile =
      controller.kind == PlanInterruptControllerKind.aia.rawValue
    unsafe block.pointee.kernel = kernelBlock()
    unsafe block.pointee.shared = shared
    unsafe block.pointee.controller = controller.regions[0].base
    if id == hart { unsafe state.pointee.own = cpu }
  }
  let own = unsafe state.pointee.own
  unsafe state.pointee.present = 1 << UInt64(own)
  enterBringup(unsafe UInt64(UInt(bitPattern: cpuBlock(own))))
  if fits { unsafe buildGuestTables(plan, state) }
}

/// Guest-physical tables of the program below: the image's text, and nothing else.
private func buildGuestTables(_ plan: PlanView, _ state: UnsafeMutablePointer<BringupState>) {
  var pool = TablePool(next: plan.tables.base, end: plan.tables.base + plan.tables.size)
  guard let root = allocateRoot(&pool) else { return }
  // A table for each level below may be needed; the mode with fewer levels, if the hart has it.
  let mode: TranslationMode = RISCV64Bringup.hasGuestMode(.sv39) ? .sv39 : .sv48
  var tables = TranslationTables<SvDescriptor, TablePool>(
    store: pool, root: root, startLevel: mode.startLevel, rootMask: 0x7ff)
  let start = shim___image_start()
  let isMapped = tables.map(
    input: start, output: start, size: shim___text_end() - start,
    attributes: PageAttributes.zone(read: true, write: false, execute: true))
  if isMapped { unsafe state.pointee.guestTables = mode.guest(root: root, vmid: 1) }
}

/// Runs on every other hart, MMU on; `block` is the hart's.
public func bringupSecondary(at block: UInt64) -> Never {
  enterBringup(block)
  RISCV64Bringup().serve()
}
#endif
