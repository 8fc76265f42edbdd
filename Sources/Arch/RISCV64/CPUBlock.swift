#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

/// What a CPU needs on every trap, reached through sscratch. Only the CPU itself writes it once it runs.
/// It sits at the end of the CPU's slot; the stack grows down from it to a guard page.
@safe
struct CPUBlock {
  // Read and written by assembly: keep first and in this order.
  /// satp of the kernel's own tables; kernel_secondary_start.
  var satp: UInt64
  /// Cycle counter at the vector of an interrupt that the kernel itself took; kernel_baseline_vector.
  var interruptCycle: UInt64
  /// The system counter a few instructions later.
  var interruptTime: UInt64
  /// A register of what was interrupted.
  var interruptScratch: UInt64

  /// Index in the Plan.
  var index: Int
  /// Owning zone, or -1.
  var zone: Int
  /// vCPU number in its zone: the rank among the zone's CPUs.
  var vcpu: UInt64
  /// What SBI calls it.
  var hartID: UInt64
  /// Whether latency records count cycles (`PlanBoard.cycleFrequency`).
  var countsCycles: Bool
  /// Whether the zone has a timer of its own (Sstc).
  var hasTimerCompare: Bool
  /// Whether the zone has an interrupt file (AIA); else the kernel passes signals of a PLIC on.
  var hasInterruptFile: Bool
  /// Where its exits are counted, in the records.
  var probe: UnsafeMutablePointer<CPUProbeBlock>
  /// Where exits of the full path are logged, in the records.
  var exitLog: UnsafeMutablePointer<ExitLog>
  /// The state all CPUs share.
  var kernel: UnsafeMutablePointer<KernelBlock>
  /// The hardware state all CPUs share.
  var shared: UnsafeMutablePointer<SharedBlock>
  /// Record clock at the entry of the trap that is being served on the full path.
  var entryTick: UInt64
  /// scause of that trap.
  var entryCause: UInt64
  /// The zone's hardware state: what a trapped access needs first.
  var zoneHardware: UnsafeMutablePointer<ZoneHardware>
  /// What the kernel keeps of the zone.
  var zoneBlock: UnsafeMutablePointer<ZoneBlock>
  /// Physical base of the APLIC's supervisor domain, or of the PLIC.
  var controller: UInt64
  /// Where the zone sees it, and bytes of that window.
  var controllerGuest: UInt64
  var controllerSize: UInt64
  /// Last level table of this CPU's 2 MiB copy window, and the window's address.
  var windowEntry: UInt64
  /// Address of the copy window.
  var window: UInt64

  /// Time in the unit of the latency records.
  @inline(__always)
  var recordTime: UInt64 { countsCycles ? shim_read_cycle() : shim_read_time() }
}

/// Hardware state all CPUs share; written at boot, and by a zone's own CPUs under its transition.
@safe
struct SharedBlock: ~Copyable {
  /// The admitted Plan.
  var plan: PlanView
  /// The UART; before the Plan is accepted, the one that the image header names.
  var uart: KernelUART<HardwareBus>
  /// Of the system counter, Hz, as the Plan says.
  var counterFrequency: UInt64
  /// Hart id by CPU.
  var hartIDs: InlineArray<16, UInt64>
  /// By CPU: bit 0, another CPU of the zone sent it an IPI.
  var requests: InlineArray<16, Atomic<UInt32>>
  /// By zone index.
  var zones: InlineArray<16, ZoneHardware>
  /// Physical address of the latency records.
  var recordBase: UInt64
  /// Counter at reset, in the unit of the records.
  var bootTick: UInt64
  /// Index of the CPU that booted.
  var bootCPU: Int
  /// Guest-physical translation of this machine.
  var guestMode: TranslationMode
  /// Next free page of the table pool for zones.
  var tableNext: UInt64
  /// End of that pool.
  var tableEnd: UInt64

  /// Rounded down.
  var ticksPerMillisecond: UInt64 { counterFrequency / 1000 }
}

/// A zone as the hardware sees it.
@safe
struct ZoneHardware: ~Copyable {
  /// Guest-physical root in use; all zero while the zone's memory is revoked.
  var root: UInt64
  /// The root's contents while the zone runs.
  var master: UInt64
  /// hgatp of its CPUs.
  var hgatp: UInt64
  /// Guest-physical base of its interrupt controller.
  var controllerGuest: UInt64
  /// Guest-physical base of its console.
  var consoleGuest: UInt64
  /// 4 KiB, or 0 without a console.
  var consoleSize: UInt64
  /// What the emulation of its APLIC needs.
  var aplic: APLIC<HardwareBus>.Zone
  /// What the emulation of its PLIC needs.
  var plic: PLIC<HardwareBus>.Zone
  /// `PlanZoneFlags.absentReadsZero`.
  var absentReadsZero: Bool
}

/// `SharedBlock.requests`.
enum CPURequest {
  /// Another CPU of the zone sent an IPI.
  static let softwareInterrupt: UInt32 = 1 << 0
}

/// Largest number of CPUs this image has stacks for (CPU_CAPACITY in Linker/riscv64.ld).
let cpuCapacity = 16
/// Bytes of a CPU's slot (CPU_STRIDE in Linker/riscv64.ld).
let cpuStride: UInt64 = 0x4000
/// Where in its slot the `CPUBlock` is; the stack ends there.
let cpuBlockOffset: UInt64 = 0x3000

/// The calling CPU's block.
@inline(__always)
func currentCPU() -> UnsafeMutablePointer<CPUBlock> {
  // SAFETY: in the kernel sscratch is the CPU's block from before its zone is entered.
  unsafe UnsafeMutablePointer(bitPattern: UInt(shim_read_sscratch())).unsafelyUnwrapped
}

/// Block of CPU `index`.
func cpuBlock(_ index: Int) -> UnsafeMutablePointer<CPUBlock> {
  let address = shim___cpus_start() + UInt64(index) * cpuStride + cpuBlockOffset
  // SAFETY: the linker script reserves `cpuCapacity` slots; callers pass indices below it.
  return unsafe UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
}

/// The shared kernel state, at the start of the block the linker script reserves.
func kernelBlock() -> UnsafeMutablePointer<KernelBlock> {
  // SAFETY: reserved, zeroed, and large enough (checked at boot).
  unsafe UnsafeMutablePointer(bitPattern: UInt(shim___kernel_block())).unsafelyUnwrapped
}

/// The shared hardware state, behind it.
func sharedBlock() -> UnsafeMutablePointer<SharedBlock> {
  let offset = (MemoryLayout<KernelBlock>.stride + 63) & ~63
  // SAFETY: as above.
  return unsafe UnsafeMutablePointer(bitPattern: UInt(shim___kernel_block()) + UInt(offset))
    .unsafelyUnwrapped
}
#endif
