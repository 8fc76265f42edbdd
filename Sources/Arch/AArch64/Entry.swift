#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims

// What the image's entry points call. Assembly hands over addresses; here they become pointers.

@inline(__always)
private func frame(_ address: UInt64) -> UnsafeMutablePointer<TrapFrame> {
  // SAFETY: the vectors pass the address of the frame they built on this CPU's stack.
  unsafe UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
}

/// Serves a trap on the short path: 0, or which path shall (`ShortTrap`).
@inline(__always)
public func shortTrap(at address: UInt64, _ syndrome: UInt64) -> UInt32 {
  unsafe shortTrap(frame(address), syndrome).rawValue
}

/// Sends the SGI the short path could not.
public func lateSGI(at address: UInt64) { unsafe lateSGI(frame(address)) }

/// Serves a trap with all registers in the frame.
public func fullTrap(at address: UInt64) { unsafe fullTrap(frame(address)) }

/// An interrupt or SError taken from a zone; `kind` is the vector number.
public func zoneEvent(at address: UInt64, _ kind: UInt64) {
  unsafe zoneEvent(frame(address), kind)
}

/// An exception taken from the kernel itself; `kind` is the vector number.
public func crash(at address: UInt64, _ kind: UInt64) -> Never {
  unsafe crash(frame(address), kind)
}

/// Runs on every other CPU, MMU on, stack ready; `address` is the CPU's block.
public func secondary(at address: UInt64) -> Never {
  // SAFETY: the boot CPU passed the block of this CPU through PSCI.
  unsafe secondary(UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped)
}
#endif
