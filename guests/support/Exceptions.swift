#if hasFeature(Embedded)
internal import GuestEntry

/// Called by the vectors for every exception but an interrupt. Returns the address to go on at,
/// which is the end of `guest_try` when that is what was interrupted; panics otherwise.
@c(guest_exception)
public func guestException(frame: UInt64, vector: UInt64) -> UInt64 {
  let recovery = guest_recovery_address()
  if guest_load64(recovery) != 0 {
    guest_store64(recovery, 0)
    guest_store64(recovery + 16, guest_load64(frame + Frame.syndrome))
    guest_store64(recovery + 24, guest_load64(frame + Frame.faultAddress))
    guest_store64(recovery + 32, guest_load64(frame + Frame.returnAddress))
    guest_store64(recovery + 40, vector)
    return guest_try_landing_address()
  }
  Console.write("\r\nguest: PANIC exception")
  Frame.report(frame, vector: vector)
  guest_halt()
}

/// Reports `reason` and halts this CPU.
public func panic(_ reason: StaticString) -> Never {
  Console.write("\r\nguest: PANIC ")
  Console.line(reason)
  guest_halt()
}

/// How a call that may fault ended.
public enum Attempt {
  /// It returned this value.
  case returned(UInt64)
  /// It took the exception with this syndrome (ESR_EL1, scause), fault address and preferred return
  /// address, by this vector (AArch64: 0-15 in table order).
  case faulted(syndrome: UInt64, address: UInt64, pc: UInt64, vector: UInt64)
}

/// Calls the code at `function` with up to three arguments and survives what it raises. Registers
/// and stack pointer may be anything when it faults.
public func attempt(
  _ function: UInt64, _ a: UInt64 = 0, _ b: UInt64 = 0, _ c: UInt64 = 0
) -> Attempt {
  let recovery = guest_recovery_address()
  if guest_try(function, a, b, c) == 0 { return .returned(guest_load64(recovery + 8)) }
  return .faulted(
    syndrome: guest_load64(recovery + 16), address: guest_load64(recovery + 24),
    pc: guest_load64(recovery + 32), vector: guest_load64(recovery + 40))
}
#endif
