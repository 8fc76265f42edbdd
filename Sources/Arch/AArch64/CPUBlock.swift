#if hasFeature(Embedded)
internal import ArchShims
import LatencyProbe
import SepKernel

/// What a CPU needs on every trap, reached through TPIDR_EL2. Only the CPU itself writes it once it
/// runs. It sits at the end of the CPU's slot; the stack grows down from it to a guard page.
@safe
struct CPUBlock {
  // Read by kernel_secondary_start with the MMU off: keep first and in this order.
  var root: UInt64
  var tcr: UInt64
  var mair: UInt64
  var sctlr: UInt64
  /// Counter at the vector of an interrupt that the kernel itself took. Written by vectors-aarch64.S.
  var interruptTick: UInt64

  var index: Int
  /// Owning zone, or -1.
  var zone: Int
  var vcpu: UInt64
  var probe: UnsafeMutablePointer<CPUProbeBlock>
  var kernel: UnsafeMutablePointer<KernelBlock>
  var shared: UnsafeMutablePointer<SharedBlock>
  /// Counter at the entry of the trap that is being served on the full path.
  var entryTick: UInt64
  var entrySyndrome: UInt64
  var targets: SGITargets
  /// The zone's hardware state and its window of the distributor: what a trapped access needs first.
  var zoneHardware: UnsafeMutablePointer<ZoneHardware>
  var zoneBlock: UnsafeMutablePointer<ZoneBlock>
  var gicd: UInt64
  var distributorGuest: UInt64
  /// Redistributor of this CPU.
  var redistributor: UInt64
  /// Level 3 table of this CPU's 2 MiB copy window, and the window's address.
  var windowEntry: UInt64
  var window: UInt64

  /// Offset of `interruptTick`; `cpu_interrupt_tick` in vectors-aarch64.S.
  static let interruptTickOffset: UInt64 = 32
}

/// Hardware state all CPUs share; written at boot, and by a zone's own CPUs under its transition.
@safe
struct SharedBlock: ~Copyable {
  var plan: PlanView
  var gicd: UInt64
  var uart: PL011
  var counterFrequency: UInt64
  var redistributorImplementer: UInt32
  /// ARCH_WORKAROUND_1, _2, _3: what firmware answers, as ARCH_FEATURES results.
  var workarounds: InlineArray<3, Int64>
  var affinities: InlineArray<16, UInt64>
  var redistributors: InlineArray<16, UInt64>
  var zones: InlineArray<16, ZoneHardware>
  var recordBase: UInt64
  var bootTick: UInt64
  /// Index of the CPU that booted.
  var bootCPU: Int
  var tableNext: UInt64
  var tableEnd: UInt64

  var ticksPerMillisecond: UInt64 { counterFrequency / 1000 }
}

/// A zone as the hardware sees it.
@safe
struct ZoneHardware: ~Copyable {
  /// Stage-2 root in use; all zero while the zone's memory is revoked.
  var root: UInt64
  /// The root's contents while the zone runs.
  var master: UInt64
  var vttbr: UInt64
  var hcr: UInt64
  var distributorGuest: UInt64
  var redistributorGuest: UInt64
  var redistributorSize: UInt64
  var consoleGuest: UInt64
  var consoleSize: UInt64
  var distributor: Distributor<HardwareBus>.Zone
  var absentReadsZero: Bool
  var isAArch32: Bool
}

/// Largest number of CPUs this image has stacks for (CPU_CAPACITY in Linker/aarch64.ld).
let cpuCapacity = 16
let cpuStride: UInt64 = 0x4000
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
