#if hasFeature(Embedded)
  internal import GuestSupport

  /// Every interrupt, from the vector. `entry` is the counter as read by the vector's second
  /// instruction.
  @c(guest_interrupt)
  public func guestInterrupt(entry: UInt64) {
    let line = Interrupts.acknowledge()
    if line == Interrupts.virtualTimer {
      timerInterrupt(entry)
    } else if line < 16 {
      State.sgiEntry.value = entry
      State.sgiCount.value &+= 1
    } else if line < Interrupts.special, UInt64(line) == State.stimulusLine.value {
      Stimulus.interrupt(entry)
    }
    if line < Interrupts.special { Interrupts.end(line) }
  }

  /// Notes the latency and sets the timer for the next period that is still to come.
  private func timerInterrupt(_ entry: UInt64) {
    let deadline = State.deadline.value
    State.timer.add(entry &- deadline)
    State.timerCount.value &+= 1
    let stamp = State.timerStamp.value
    if stamp != 0 { Stamps.write(stamp, deadline: deadline, entry: entry) }
    let period = State.period.value
    var next = deadline &+ period
    let now = VirtualTimer.now
    while next <= now {
      next &+= period
      State.overruns.value &+= 1
    }
    State.deadline.value = next
    VirtualTimer.set(next)
  }
#endif
