#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import LatencyProbe
import SepKernel

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// What a zone may not do, and what the kernel itself must not: both leave a record on the console.

/// Stops the zone of this CPU for good and says why.
@_optimize(size)
func failZone(
  _ failure: ZoneFailure, _ syndrome: Syndrome, _ block: UnsafeMutablePointer<CPUBlock>,
  address: UInt64? = nil
) -> Never {
  let zone = unsafe block.pointee.zone
  let kernel = unsafe block.pointee.kernel
  let machine = AArch64Machine()
  let stopped = unsafe kernel.pointee.stop(
    zone: zone, final: .failed, failure: failure, caller: block.pointee.index,
    ticksPerMillisecond: block.pointee.shared.pointee.ticksPerMillisecond, machine: machine)
  if stopped {
    unsafe kernel.pointee.sayFailed(
      zone, cpu: block.pointee.index, failure, pc: shim_read_ELR_EL2(),
      address: address ?? shim_read_FAR_EL2(), syndrome: syndrome.bits, machine)
  }
  unsafe leave(failure == .systemError ? .serror : .fault, block)
}

/// An interrupt or SError taken from a zone; `kind` is the vector number. Only SErrors come here
/// (HCR_EL2.AMO); an interrupt would mean the hardware does not route as configured, and is counted.
func zoneEvent(_ frame: UnsafeMutablePointer<TrapFrame>, _ kind: UInt64) {
  let block = unsafe currentCPU()
  unsafe block.pointee.entryTick = shim_read_CNTPCT_EL0()
  if kind & 3 == 3 {
    unsafe failZone(.systemError, Syndrome(shim_read_ESR_EL2()), block)
  }
  unsafe leaveFull(
    .interrupt, from: block.pointee.entryTick, to: shim_read_CNTPCT_EL0(),
    pc: shim_read_ELR_EL2(), block)
}

/// An exception taken from the kernel itself: prints the crash record and halts this CPU. Other CPUs
/// and their zones go on.
@_optimize(size)
func crash(_ frame: UnsafeMutablePointer<TrapFrame>, _ kind: UInt64) -> Never {
  let kernel = unsafe kernelBlock()
  let machine = AArch64Machine()
  unsafe kernel.pointee.put("PANIC vector=")
  unsafe kernel.pointee.put(decimal: kind)
  put(" mpidr=", shim_read_MPIDR_EL1() & 0xff_00ff_ffff)
  put(" esr=", shim_read_ESR_EL2())
  put(" elr=", shim_read_ELR_EL2())
  put(" elr-offset=", shim_read_ELR_EL2() &- shim___image_start())
  put(" far=", shim_read_FAR_EL2())
  put(" spsr=", shim_read_SPSR_EL2())
  for index in 0..<31 {
    unsafe kernel.pointee.put(" x")
    unsafe kernel.pointee.put(decimal: UInt64(index))
    unsafe put("=", frame[register: index])
  }
  unsafe kernel.pointee.put("\r\n")
  // The lock may be held by the code that failed: go around it.
  unsafe kernel.pointee.flushForCrash(machine)
  if shim_read_TPIDR_EL2() != 0, unsafe currentCPU().pointee.zone >= 0 {
    unsafe kernel.pointee.loseZone(currentCPU().pointee.zone)
  }
  halt()
}

private func put(_ text: StaticString, _ value: UInt64) {
  unsafe kernelBlock().pointee.put(text)
  unsafe kernelBlock().pointee.put(hexadecimal: value)
}

/// Stops this CPU.
func halt() -> Never {
  while true { shim_wfi() }
}
#endif
