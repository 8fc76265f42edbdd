#if hasFeature(Embedded)
  internal import GuestEntry
  internal import GuestSupport

  /// Starts periodic timer interrupts, every 20 us of the counter's time if it runs at its nominal
  /// rate, or at `hertz`.
  func startPeriodicTimer(hertz: UInt64, stamp: UInt64) {
    Interrupts.disable()
    State.timer.reset()
    State.overruns.value = 0
    State.timerStamp.value = stamp
    State.period.value = VirtualTimer.frequency / hertz
    State.deadline.value = VirtualTimer.now + State.period.value
    VirtualTimer.start(State.deadline.value)
    Interrupts.enable()
  }

  func stopPeriodicTimer() {
    Interrupts.disable()
    VirtualTimer.stop()
    State.timerStamp.value = 0
  }

  /// Timer latency: counter in the interrupt vector minus programmed deadline, while the interrupted
  /// code does nothing but `idle` in a loop. In a zone also the exits of this CPU meanwhile.
  func measureTimer(_ name: StaticString, _ id: StampID, samples: UInt64, idle: () -> Void) {
    let isZone = Kernel.isPresent
    startPeriodicTimer(hertz: 50_000, stamp: id.rawValue)
    let before = isZone ? Kernel.exitCount : 0
    while State.timer.samples < samples { idle() }
    let after = isZone ? Kernel.exitCount : 0
    stopPeriodicTimer()
    State.timer.report(name)
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
      Stamps.write(StampID.softwareInterrupt.rawValue, deadline: sent, entry: entry)
    }
    Interrupts.disable()
    statistics.report("sgi-self")
    Console.endLine()
  }

  /// A read of GICD_TYPER, from before to after.
  func measureDistributorRead(samples: UInt64) {
    let statistics = State.other
    statistics.reset()
    for _ in 0..<samples {
      let interval = guest_timed_load32(Interrupts.distributor + 4)
      statistics.add(interval.after &- interval.before)
      Stamps.write(
        StampID.distributorRead.rawValue, deadline: interval.before, entry: interval.after)
    }
    statistics.report("gicd-read")
    Console.endLine()
  }

  /// A PSCI_VERSION call by HVC, from before to after.
  func measureVersionCall(samples: UInt64) {
    let statistics = State.other
    statistics.reset()
    for _ in 0..<samples {
      let interval = guest_timed_hvc(Firmware.psciVersion)
      statistics.add(interval.after &- interval.before)
      Stamps.write(StampID.versionCall.rawValue, deadline: interval.before, entry: interval.after)
    }
    statistics.report("psci-version")
    Console.endLine()
  }
#endif
