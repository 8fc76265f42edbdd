// What the assembly of the AArch64 kernel calls by name, and what it leads to.
#if hasFeature(Embedded) && arch(arm64)
import ArchAArch64

/// Boot CPU, from `_start`.
@c(kernel_boot) @_noLocks
public func kernelBoot(_ base: UInt64, _ tick: UInt64) {
  boot(base: base, tick: tick)
}

/// Other CPUs, from `kernel_secondary_start`.
@c(kernel_secondary) @_noLocks
public func kernelSecondary(_ block: UInt64) {
  secondary(at: block)
}

/// Synchronous traps of a zone: 0 when served, 1 for the full path, 3 for `kernel_trap_sgi`.
@c(kernel_trap) @_noLocks
public func kernelTrap(_ frame: UInt64, _ syndrome: UInt64) -> UInt32 {
  shortTrap(at: frame, syndrome)
}

/// An SGI from a register the short path does not have.
@c(kernel_trap_sgi) @_noLocks
public func kernelTrapSGI(_ frame: UInt64) {
  lateSGI(at: frame)
}

/// The same with all registers saved.
@c(kernel_trap_full) @_noLocks
public func kernelTrapFull(_ frame: UInt64) {
  fullTrap(at: frame)
}

/// Interrupts and SErrors of a zone.
@c(kernel_event) @_noLocks
public func kernelEvent(_ frame: UInt64, _ kind: UInt64) {
  zoneEvent(at: frame, kind)
}

/// Exceptions of the kernel itself.
@c(kernel_crash) @_noLocks
public func kernelCrash(_ frame: UInt64, _ kind: UInt64) {
  crash(at: frame, kind)
}
#endif
