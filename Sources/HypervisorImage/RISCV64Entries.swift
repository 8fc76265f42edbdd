// What the assembly of the RISC-V kernel calls by name, and what it leads to.
#if hasFeature(Embedded) && arch(riscv64)
import ArchRISCV64

/// Boot hart, from `_start`.
@c(kernel_boot) @_noLocks
public func kernelBoot(_ base: UInt64, _ time: UInt64, _ hart: UInt64, _ cycle: UInt64) {
  boot(base: base, time: time, hart: hart, cycle: cycle)
}

/// Other harts, from `kernel_secondary_start`.
@c(kernel_secondary) @_noLocks
public func kernelSecondary(_ block: UInt64) {
  secondary(at: block)
}

/// Traps of a zone: 0 when served, 1 for the full path.
@c(kernel_trap) @_noLocks
public func kernelTrap(_ frame: UInt64, _ cause: UInt64) -> UInt32 {
  shortTrap(at: frame, cause)
}

/// The same with all registers saved.
@c(kernel_trap_full) @_noLocks
public func kernelTrapFull(_ frame: UInt64) {
  fullTrap(at: frame)
}

/// Exceptions of the kernel itself.
@c(kernel_crash) @_noLocks
public func kernelCrash(_ frame: UInt64, _ cause: UInt64) {
  crash(at: frame, cause)
}
#endif
