#if hasFeature(Embedded)
internal import GuestSupport

private var taken: Cell { Cell(0) }
private var unexpected: Cell { Cell(1) }

/// Entry. Makes the board's real-time clock interrupt `samples` times (0: 100), one after the other, and counts what that
/// costs in exits: the interrupt, its acknowledgement and its end. `isLevel`: 1 takes the line as a level where an interrupt
/// controller can do otherwise (AIA), 0 as an edge.
@c(guest_main)
public func guestMain(samples: UInt64, isLevel: UInt64, _: UInt64, _: UInt64) {
  let wanted = samples == 0 ? 100 : samples
  Console.line("alarm: start")
  Interrupts.start()
  Interrupts.startCPU(0)
  AlarmClock.start()
  Interrupts.enable(line: AlarmClock.line, cpu: 0, isRaised: isLevel == 0)
  Interrupts.enable()
  let before = Kernel.exitCount
  for sample in 1...wanted {
    AlarmClock.raise()
    var patience = 50_000_000
    while taken.value != sample, patience > 0 { patience -= 1 }
    if patience == 0 { break }
  }
  // The second call counts the first.
  let exits = Kernel.exitCount - before - 1
  Interrupts.disable()
  Console.write("alarm: RESULT device-line")
  Console.field("samples", taken.value)
  Console.field("exits", exits)
  Console.field("unexpected", unexpected.value)
  Console.endLine()
  Firmware.systemOff()
}

/// Every interrupt, from the vector.
@c(guest_interrupt)
public func guestInterrupt(entry: UInt64) {
  let line = Interrupts.acknowledge()
  if line == AlarmClock.line {
    AlarmClock.clear()
    taken.value += 1
  } else if line < Interrupts.special {
    unexpected.value += 1
  }
  if line < Interrupts.special { Interrupts.end(line) }
}
#else
print("alarm is a bare-metal guest. Build it with guests/build.")
#endif
