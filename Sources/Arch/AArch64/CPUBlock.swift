#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel

/// What a CPU needs on every trap, reached through TPIDR_EL2. Only the CPU itself writes it once it
/// runs. It sits at the end of the CPU's slot; the stack grows down from it to a guard page.
@safe
struct CPUBlock {
  // Read by kernel_secondary_start with the MMU off: keep first and in this order.
  /// Root of the kernel's own tables.
  var root: UInt64
  /// TCR_EL2.
  var tcr: UInt64
  /// MAIR_EL2.
  var mair: UInt64
  /// SCTLR_EL2 with the MMU on.
  var sctlr: UInt64
  /// Counter at the vector of an interrupt that the kernel itself took. Written by vectors-aarch64.S.
  var interruptTick: UInt64
  /// MPIDR_EL1 without U and MT, by which `kernel_released_start` finds the block; 0 until the CPU is started.
  var ownID: UInt64

  /// Index in the Plan.
  var index: Int
  /// Owning zone, or -1.
  var zone: Int
  /// vCPU number in its zone: the rank among the zone's CPUs.
  var vcpu: UInt64
  /// Where its exits are counted, in the records.
  var probe: UnsafeMutablePointer<CPUProbeBlock>
  /// The state all CPUs share.
  var kernel: UnsafeMutablePointer<KernelBlock>
  /// The hardware state all CPUs share.
  var shared: UnsafeMutablePointer<SharedBlock>
  /// Counter at the entry of the trap that is being served on the full path.
  var entryTick: UInt64
  /// ESR_EL2 of that trap.
  var entrySyndrome: UInt64
  /// Which physical CPUs the zone's SGIs may reach.
  var targets: SGITargets
  /// The zone's hardware state and its window of the distributor: what a trapped access needs first.
  var zoneHardware: UnsafeMutablePointer<ZoneHardware>
  /// What the kernel keeps of the zone.
  var zoneBlock: UnsafeMutablePointer<ZoneBlock>
  /// Physical base of the distributor.
  var gicd: UInt64
  /// Where the zone sees the distributor of a GICv3; else `noAddress`.
  var distributorGuest: UInt64
  /// Redistributor of this CPU (GICv3).
  var redistributor: UInt64
  /// Level 3 table of this CPU's 2 MiB copy window, and the window's address.
  var windowEntry: UInt64
  /// Address of the copy window.
  var window: UInt64
  /// Where its exits of the full path are logged, in the records.
  var exitLog: UnsafeMutablePointer<ExitLog>
  /// Where the zone sees GICD_SGIR of a GICv2; else an address that no zone has.
  var softwareInterrupts: UInt64

  /// Beyond the addresses of any zone.
  static let noAddress: UInt64 = 1 << 63

  /// Offset of `interruptTick`; `cpu_interrupt_tick` in vectors-aarch64.S.
  static let interruptTickOffset: UInt64 = 32
}

/// Hardware state all CPUs share; written at boot, and by a zone's own CPUs under its transition.
@safe
struct SharedBlock: ~Copyable {
  /// The admitted Plan.
  var plan: PlanView
  /// Physical base of the distributor.
  var gicd: UInt64
  /// The UART; before the Plan is accepted, the one that the image header names.
  var uart: KernelUART<HardwareBus>
  /// CNTFRQ_EL0 of the boot CPU, Hz.
  var counterFrequency: UInt64
  /// GICR_IIDR, which zones read.
  var redistributorImplementer: UInt32
  /// ARCH_WORKAROUND_1, _2, _3: what firmware answers, as ARCH_FEATURES results.
  var workarounds: InlineArray<3, Int64>
  /// MPIDR_EL1 affinity fields by CPU.
  var affinities: InlineArray<16, UInt64>
  /// Physical address of the RD frame by CPU; 0 until the CPU has found it.
  var redistributors: InlineArray<16, UInt64>
  /// By zone index.
  var zones: InlineArray<16, ZoneHardware>
  /// Physical address of the latency records.
  var recordBase: UInt64
  /// Counter at reset.
  var bootTick: UInt64
  /// Index of the CPU that booted.
  var bootCPU: Int
  /// Next free page of the stage-2 table pool.
  var tableNext: UInt64
  /// End of the stage-2 table pool.
  var tableEnd: UInt64
  /// The zone that owns the ITS, or `nobody`.
  var translationOwner: Int
  /// The ITS, if it is owned.
  var translation: TranslationService<HardwareBus>
  /// Whether the interrupt controller is a GICv2.
  var isGICv2: Bool
  /// Physical base of its CPU interface.
  var gicc: UInt64
  /// CPU interface by CPU, as one bit; 0 until the CPU has come up.
  var interfaces: InlineArray<16, UInt8>

  /// No zone, and not what a CPU without a zone has.
  static let nobody = Int.max

  /// Rounded down.
  var ticksPerMillisecond: UInt64 { counterFrequency / 1000 }
}

/// A zone as the hardware sees it.
@safe
struct ZoneHardware: ~Copyable {
  /// Stage-2 root in use; all zero while the zone's memory is revoked.
  var root: UInt64
  /// The root's contents while the zone runs.
  var master: UInt64
  /// VTTBR_EL2 of its CPUs: VMID and `root`.
  var vttbr: UInt64
  /// HCR_EL2 of its CPUs.
  var hcr: UInt64
  /// Guest-physical base of its distributor.
  var distributorGuest: UInt64
  /// Guest-physical base of what is emulated beside the distributor: its redistributors, or of a GICv2 the second
  /// page of the CPU interface.
  var interfaceGuest: UInt64
  /// Bytes there.
  var interfaceSize: UInt64
  /// Guest-physical base of its console.
  var consoleGuest: UInt64
  /// 4 KiB, or 0 without a console.
  var consoleSize: UInt64
  /// What the emulation of its distributor needs.
  var distributor: Distributor<HardwareBus>.Zone
  /// `PlanZoneFlags.absentReadsZero`.
  var absentReadsZero: Bool
  /// `PlanZoneFlags.aarch32`.
  var isAArch32: Bool
  /// Bytes of its distributor.
  var distributorSize: UInt64
  /// What the emulation of its distributor needs, if it is a GICv2's.
  var distributorV2: DistributorV2<HardwareBus>.Zone
}

/// Largest number of CPUs this image has stacks for (CPU_CAPACITY in Linker/aarch64.ld).
let cpuCapacity = 16
/// Bytes of a CPU's slot (CPU_STRIDE in Linker/aarch64.ld).
let cpuStride: UInt64 = 0x4000
/// Where in its slot the `CPUBlock` is; the stack ends there.
let cpuBlockOffset: UInt64 = 0x3000

/// The calling CPU's block.
@inline(__always)
func currentCPU() -> UnsafeMutablePointer<CPUBlock> {
  // SAFETY: TPIDR_EL2 is set to the CPU's block before its vectors are installed, and never changes.
  unsafe UnsafeMutablePointer(bitPattern: UInt(shim_read_TPIDR_EL2())).unsafelyUnwrapped
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
