// What the assembly of the AArch64 bring-up image calls by name, and what it leads to.
#if BRINGUP && hasFeature(Embedded) && arch(arm64)
import ArchAArch64

/// Boot CPU, from `_start`.
@c(kernel_boot) @_noLocks
public func kernelBoot(_ base: UInt64, _ tick: UInt64) {
  bringup(base: base, tick: tick)
}

/// Other CPUs, from `kernel_secondary_start`.
@c(kernel_secondary) @_noLocks
public func kernelSecondary(_ block: UInt64) {
  bringupSecondary(at: block)
}

/// A step under a guard, from `bringup_guard`.
@c(bringup_step) @_noLocks
public func bringupStepEntry(_ step: UInt64, _ argument: UInt64) {
  bringupStep(step, argument)
}

// The kernel's vectors are in this image, too, and are never installed. These are what they would call.

@c(kernel_trap) @_noLocks
public func kernelTrap(_ frame: UInt64, _ syndrome: UInt64) -> UInt32 { 1 }

@c(kernel_trap_sgi) @_noLocks
public func kernelTrapSGI(_ frame: UInt64) {}

@c(kernel_trap_full) @_noLocks
public func kernelTrapFull(_ frame: UInt64) {}

@c(kernel_event) @_noLocks
public func kernelEvent(_ frame: UInt64, _ kind: UInt64) {}

@c(kernel_crash) @_noLocks
public func kernelCrash(_ frame: UInt64, _ kind: UInt64) {}
#endif
