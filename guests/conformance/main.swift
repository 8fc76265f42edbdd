#if hasFeature(Embedded)
internal import GuestSupport

/// Entry. For a zone with two CPUs; no arguments.
@c(guest_main)
public func guestMain(_: UInt64, _: UInt64, _: UInt64, _: UInt64) {
  Console.line("conformance: start")
  Interrupts.start()
  Interrupts.startCPU(0)
  checkEverything()
  Console.write("conformance: DONE")
  Console.field("checks", Expect.checks.value)
  Console.field("fails", Expect.failures.value)
  Console.endLine()
  Firmware.systemOff()
}

/// No interrupt is enabled but the timer's, which is taken masked: it only ends a standby.
@c(guest_interrupt)
public func guestInterrupt(entry: UInt64) { panic("an interrupt, and they are masked") }
#else
print("conformance is a bare-metal guest. Build it with guests/build.")
#endif
