// What the assembly of the RISC-V bring-up image calls by name, and what it leads to.
#if BRINGUP && hasFeature(Embedded) && arch(riscv64)
import ArchRISCV64

/// Boot hart, from `_start`.
@c(kernel_boot) @_noLocks
public func kernelBoot(_ base: UInt64, _ time: UInt64, _ hart: UInt64, _ cycle: UInt64) {
  bringup(base: base, time: time, hart: hart, cycle: cycle)
}

/// Other harts, from `kernel_secondary_start`.
@c(kernel_secondary) @_noLocks
public func kernelSecondary(_ block: UInt64) {
  bringupSecondary(at: block)
}

/// A step under a guard, from `bringup_guard`.
@c(bringup_step) @_noLocks
public func bringupStepEntry(_ step: UInt64, _ argument: UInt64) {
  bringupStep(step, argument)
}

// The kernel's vectors are in this image, too, and serve only its first instructions. These are what they would call.

@c(kernel_trap) @_noLocks
public func kernelTrap(_ frame: UInt64, _ cause: UInt64) -> UInt32 { 1 }

@c(kernel_trap_full) @_noLocks
public func kernelTrapFull(_ frame: UInt64) {}

@c(kernel_crash) @_noLocks
public func kernelCrash(_ frame: UInt64, _ cause: UInt64) {}
#endif
