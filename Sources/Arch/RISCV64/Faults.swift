#if hasFeature(Embedded) && arch(riscv64)
internal import ArchShims
import LatencyProbe
import SepKernel

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// What a zone may not do, and what the kernel itself must not: both leave a record on the console.

/// Stops the zone of this CPU for good and says why.
@_optimize(size)
func failZone(
  _ failure: ZoneFailure, _ cause: UInt64, _ block: UnsafeMutablePointer<CPUBlock>,
  address: UInt64
) -> Never {
  let zone = unsafe block.pointee.zone
  let kernel = unsafe block.pointee.kernel
  let machine = RISCV64Machine()
  let stopped = unsafe kernel.pointee.stop(
    zone: zone, final: .failed, failure: failure, caller: block.pointee.index,
    ticksPerMillisecond: block.pointee.shared.pointee.ticksPerMillisecond, machine: machine)
  if stopped {
    unsafe kernel.pointee.sayFailed(
      zone, cpu: block.pointee.index, failure, pc: shim_read_sepc(), address: address,
      syndrome: cause, machine)
  }
  unsafe leave(failure == .systemError ? .serror : .fault, block)
}

/// An exception taken from the kernel itself: prints the crash record and halts this CPU. Other CPUs
/// and their zones go on.
@_optimize(size)
func crash(_ frame: UnsafeMutablePointer<TrapFrame>, _ cause: UInt64) -> Never {
  let kernel = unsafe kernelBlock()
  let hasBlock = shim_read_sscratch() != shim___crash_stack_top()
  unsafe kernel.pointee.put("PANIC cause=")
  unsafe kernel.pointee.put(hexadecimal: cause)
  put(" hart=", hasBlock ? unsafe currentCPU().pointee.hartID : ~0)
  put(" sepc=", shim_read_sepc())
  put(" sepc-offset=", shim_read_sepc() &- shim___image_start())
  put(" stval=", shim_read_stval())
  put(" sstatus=", shim_read_sstatus())
  for index in 1..<32 {
    unsafe kernel.pointee.put(" x")
    unsafe kernel.pointee.put(decimal: UInt64(index))
    unsafe put("=", frame[register: index])
  }
  unsafe kernel.pointee.put("\r\n")
  // The lock may be held by the code that failed: go around it.
  unsafe kernel.pointee.flushForCrash(RISCV64Machine())
  if hasBlock, unsafe currentCPU().pointee.zone >= 0 {
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
  shim_write_sie(0)
  while true { shim_wfi() }
}
#endif
