#if hasFeature(Embedded)
internal import GuestSupport
internal import LatencyProbe

/// Every interrupt, from the vector. `entry` is the clock as read by the vector's second
/// instruction.
@c(guest_interrupt)
public func guestInterrupt(entry: UInt64) {
  let line = Interrupts.acknowledge()
  if line == Interrupts.timer {
    timerInterrupt(entry)
  } else if Interrupts.isSoftware(line) {
    State.softwareEntry.value = entry
    State.softwareCount.value &+= 1
  } else if line < Interrupts.special, UInt64(line) == State.stimulusLine.value {
    Stimulus.interrupt(entry)
  } else if line < Interrupts.special {
    State.unexpectedCount.value &+= 1
  } else {
    State.spuriousCount.value &+= 1
  }
  if line < Interrupts.special { Interrupts.end(line) }
}

/// Notes the latency and sets the timer for the next period that is still to come.
private func timerInterrupt(_ entry: UInt64) {
  let deadline = State.deadline.value
  let stamp = State.timerStamp.value
  if stamp != 0, State.timer.samples < State.timerSamples.value {
    let due = Clock.due(deadline)
    State.timer.add(entry &- due)
    Stamps.write(Stamp(deadline: due, entry: entry, id: UInt32(truncatingIfNeeded: stamp)))
  }
  let period = State.period.value
  var next = deadline &+ period
  let now = Timer.now
  while next <= now {
    next &+= period
    State.overruns.value &+= 1
  }
  State.deadline.value = next
  Timer.set(next)
}
#endif
