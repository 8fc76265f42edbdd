#if hasFeature(Embedded)
internal import GuestEntry
internal import GuestSupport
internal import LatencyProbe

/// Starts timer interrupts at `hertz`, each stamped as `stamp` if that is given.
func startPeriodicTimer(hertz: UInt64, stamp: Measurement?) {
  Interrupts.disable()
  State.timer.reset()
  State.overruns.value = 0
  State.timerStamp.value = UInt64(stamp?.rawValue ?? 0)
  State.period.value = Timer.frequency / hertz
  State.deadline.value = Timer.now + State.period.value
  Timer.start(State.deadline.value)
  Interrupts.enable()
}

/// Ends `startPeriodicTimer`; interrupts are masked afterwards.
func stopPeriodicTimer() {
  Interrupts.disable()
  Timer.stop()
  State.timerStamp.value = 0
}

/// Timer latency: clock in the interrupt vector minus programmed deadline, while the interrupted
/// code does nothing but `idle` in a loop. In a zone also the exits of this CPU meanwhile.
func measureTimer(
  _ measurement: Measurement, samples: UInt64, idle: () -> Void
) {
  let isZone = Kernel.isPresent
  State.timerSamples.value = samples
  let before = isZone ? Kernel.exitCount : 0
  startPeriodicTimer(hertz: MeasuredPath.timerHertz, stamp: measurement)
  while State.timer.samples < samples { idle() }
  let after = isZone ? Kernel.exitCount : 0
  stopPeriodicTimer()
  State.timer.report(measurement)
  Console.field("overruns", State.overruns.value)
  // Both calls are exits; the second counts the first.
  if isZone { Console.field("exits", after - before - 1) }
  Console.endLine()
}

/// From before the request of an interrupt to itself to the interrupt vector, on this CPU.
func measureSoftwareInterrupt(samples: UInt64) {
  let statistics = State.other
  statistics.reset()
  Interrupts.enable()
  for _ in 0..<samples {
    let taken = State.softwareCount.value
    let sent = MeasuredPath.softwareInterrupt()
    let limit = Timer.now + Timer.frequency
    while State.softwareCount.value == taken {
      if Timer.now > limit { return Console.line("rt-control: FAIL own interrupt not taken") }
    }
    let entry = State.softwareEntry.value
    statistics.add(entry &- sent)
    Stamps.write(.ipiSelf, deadline: sent, entry: entry)
  }
  Interrupts.disable()
  statistics.report(.ipiSelf)
  Console.endLine()
}

/// A read of a register of the interrupt controller, from before to after.
func measureControllerRead(samples: UInt64) {
  let statistics = State.other
  statistics.reset()
  for _ in 0..<samples {
    let interval = MeasuredPath.controllerRead()
    statistics.add(interval.after &- interval.before)
    Stamps.write(.controllerRead, deadline: interval.before, entry: interval.after)
  }
  statistics.report(.controllerRead)
  Console.endLine()
}

/// A call for the version of the firmware's interface, from before to after.
func measureVersionCall(samples: UInt64) {
  let statistics = State.other
  statistics.reset()
  for _ in 0..<samples {
    let interval = MeasuredPath.versionCall()
    statistics.add(interval.after &- interval.before)
    Stamps.write(.firmwareCall, deadline: interval.before, entry: interval.after)
  }
  statistics.report(.firmwareCall)
  Console.endLine()
}
#endif
