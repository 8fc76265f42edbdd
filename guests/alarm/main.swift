#if hasFeature(Embedded)
internal import GuestSupport

/// Entry. Makes the board's real-time clock interrupt `samples` times (0: 100), one after the other, and counts what that
/// costs in exits: the interrupt, its acknowledgement and its end. `isLevel`: 1 takes the line as a level where an interrupt
/// controller can do otherwise (AIA), 0 as an edge.
@c(guest_main)
public func guestMain(samples: UInt64, isLevel: UInt64, _: UInt64, _: UInt64) {
  Console.line("alarm: start")
  Interrupts.start()
  Interrupts.startCPU(0)
  AlarmClock.start()
  Interrupts.enable(line: AlarmClock.line, cpu: 0, isRaised: isLevel == 0)
  InterruptCount.run("alarm", "device-line", wanted: samples) { AlarmClock.raise() }
  Firmware.systemOff()
}

/// Every interrupt, from the vector.
@c(guest_interrupt)
public func guestInterrupt(entry: UInt64) {
  let line = Interrupts.acknowledge()
  if line == AlarmClock.line {
    AlarmClock.clear()
    InterruptCount.taken.value += 1
  } else if line < Interrupts.special {
    InterruptCount.unexpected.value += 1
  }
  if line < Interrupts.special { Interrupts.end(line) }
}
#else
print("alarm is a bare-metal guest. Build it with guests/build.")
#endif
