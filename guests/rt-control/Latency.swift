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
  State.period.value = VirtualTimer.frequency / hertz
  State.deadline.value = VirtualTimer.now + State.period.value
  VirtualTimer.start(State.deadline.value)
  Interrupts.enable()
}

/// Ends `startPeriodicTimer`; interrupts are masked afterwards.
func stopPeriodicTimer() {
  Interrupts.disable()
  VirtualTimer.stop()
  State.timerStamp.value = 0
}

/// Timer latency: counter in the interrupt vector minus programmed deadline, while the interrupted
/// code does nothing but `idle` in a loop. In a zone also the exits of this CPU meanwhile.
func measureTimer(
  _ measurement: Measurement, samples: UInt64, idle: () -> Void
) {
  let isZone = Kernel.isPresent
  State.timerSamples.value = samples
  let before = isZone ? Kernel.exitCount : 0
  startPeriodicTimer(hertz: 50_000, stamp: measurement)
  while State.timer.samples < samples { idle() }
  let after = isZone ? Kernel.exitCount : 0
  stopPeriodicTimer()
  State.timer.report(measurement)
  Console.field("overruns", State.overruns.value)
  // Both calls are exits; the second counts the first.
  if isZone { Console.field("exits", after - before - 1) }
  Console.endLine()
}

/// From before the write to ICC_SGI1R_EL1 to the interrupt vector, on this CPU.
func measureSoftwareInterrupt(samples: UInt64) {
  let statistics = State.other
  statistics.reset()
  let toSelf = Interrupts.sgi(1, toCPU: 0)
  Interrupts.enable()
  for _ in 0..<samples {
    let taken = State.sgiCount.value
    let sent = guest_timed_sgi(toSelf)
    let limit = VirtualTimer.now + VirtualTimer.frequency
    while State.sgiCount.value == taken {
      if VirtualTimer.now > limit { return Console.line("rt-control: FAIL sgi-self not taken") }
    }
    let entry = State.sgiEntry.value
    statistics.add(entry &- sent)
    Stamps.write(.sgiSelf, deadline: sent, entry: entry)
  }
  Interrupts.disable()
  statistics.report(.sgiSelf)
  Console.endLine()
}

/// A read of GICD_TYPER, from before to after.
func measureDistributorRead(samples: UInt64) {
  let statistics = State.other
  statistics.reset()
  for _ in 0..<samples {
    let interval = guest_timed_load32(Interrupts.distributor + 4)
    statistics.add(interval.after &- interval.before)
    Stamps.write(.distributorRead, deadline: interval.before, entry: interval.after)
  }
  statistics.report(.distributorRead)
  Console.endLine()
}

/// A PSCI_VERSION call by HVC, from before to after.
func measureVersionCall(samples: UInt64) {
  let statistics = State.other
  statistics.reset()
  for _ in 0..<samples {
    let interval = guest_timed_hvc(Firmware.psciVersion)
    statistics.add(interval.after &- interval.before)
    Stamps.write(.psciVersion, deadline: interval.before, entry: interval.after)
  }
  statistics.report(.psciVersion)
  Console.endLine()
}
#endif
