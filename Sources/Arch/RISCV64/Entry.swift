#if hasFeature(Embedded) && arch(riscv64)
internal import ArchShims

// What the image's entry points call. Assembly hands over addresses; here they become pointers.

@inline(__always)
private func frame(_ address: UInt64) -> UnsafeMutablePointer<TrapFrame> {
  // SAFETY: the vectors pass the address of the frame they built on this CPU's stack.
  unsafe UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
}

/// Serves a trap on the short path, or says that the full path shall (`ShortTrap`).
@inline(__always)
public func shortTrap(at address: UInt64, _ cause: UInt64) -> UInt32 {
  unsafe shortTrap(frame(address), cause)
}

/// Serves a trap with all registers in the frame.
public func fullTrap(at address: UInt64) { unsafe fullTrap(frame(address)) }

/// An exception taken from the kernel itself.
public func crash(at address: UInt64, _ cause: UInt64) -> Never {
  unsafe crash(frame(address), cause)
}

/// Runs on every other CPU, MMU on, stack ready; `address` is the CPU's block.
public func secondary(at address: UInt64) -> Never {
  // SAFETY: the boot CPU passed the block of this CPU through SBI.
  unsafe secondary(UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped)
}
#endif
