#if hasFeature(Embedded)
internal import GuestSupport
internal import LatencyProbe

/// Entry from the assembly. `arguments` and the rest are described in guests/README.md.
@c(guest_main)
public func guestMain(
  arguments: UInt64, stampArea: UInt64, stampBytes: UInt64, stimulusLine: UInt64
) {
  let options = Options(arguments)
  Clock.start()
  Console.write("rt-control: start")
  Console.field("counter-hz", Clock.frequency)
  Console.field("samples", options.samples)
  Console.field("zone", Kernel.isPresent ? 1 : 0)
  Console.endLine()
  Console.write("rt-control: RESULT boot")
  Console.field("ticks", Clock.boot)
  Console.endLine()

  Stamps.open(area: stampArea, bytes: stampBytes)
  Interrupts.start()
  Interrupts.startCPU(0)
  Stimulus.start(line: stimulusLine)

  if options.callsKernel {
    measureTimer(.timerBusy, samples: options.samples) { _ = Kernel.exitCount }
  } else {
    measureTimer(.timerBusy, samples: options.samples) {}
    measureTimer(.timerIdle, samples: options.samples) { Interrupts.wait() }
    measureSoftwareInterrupt(samples: options.samples)
    measureControllerRead(samples: options.samples)
    measureVersionCall(samples: options.samples)
    runControlLoop(cycles: options.controlCycles)
  }
  State.reportInterrupts()
  Stimulus.report()
  Console.line("rt-control: DONE")

  if options.runsForEver {
    while true {
      // Once a second the interrupt path again, so that what happens beside it later can be judged.
      measureTimer(.timerBusy, samples: options.samples) {}
      runControlLoop(cycles: 1000)
    }
  }
  Firmware.systemOff()
}
#else
print("rt-control is a bare-metal guest. Build it with guests/build.")
#endif
