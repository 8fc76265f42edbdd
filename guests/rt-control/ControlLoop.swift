#if hasFeature(Embedded)
internal import GuestSupport
internal import LatencyProbe

/// Q16.16 fixed point, saturating nowhere: the loop keeps its values far below the range.
private typealias Fixed = Int64
private let one: Fixed = 1 << 16

/// Cycles of the control loop per second.
let controlHertz: UInt64 = 1000

/// A PI controller and the plant it controls: a first-order lag, as a heater or a motor's speed.
struct ControlSystem {
  private var output: Fixed = 0
  private var integral: Fixed = 0
  private var setpoint: Fixed = 0

  /// Time constant of the plant is 20 cycles, gain 1. Gains from pole placement: the closed loop
  /// has a double pole at 5 cycles' time constant.
  private let plantRate: Fixed = one / 20
  private let proportional: Fixed = 7 * one
  private let integralGain: Fixed = 8 * one / 10

  /// Setpoint minus output after the latest step, Q16.16.
  var error: Int64 { setpoint - output }

  /// One cycle: sample, control, actuate; the plant then moves by one cycle.
  mutating func step(setpoint: Int64) {
    self.setpoint = setpoint
    let difference = setpoint - output
    integral += multiply(difference, integralGain)
    let actuation = multiply(difference, proportional) + integral
    output += multiply(actuation - output, plantRate)
  }

  private func multiply(_ a: Fixed, _ b: Fixed) -> Fixed { (a * b) >> 16 }
}

/// Runs the controller at 1 kHz. Each cycle is released by the timer and must be complete when the next
/// one is released; the setpoint is a square wave of 200 cycles, and by the end of
/// each half wave the plant must have settled.
func runControlLoop(cycles: UInt64) {
  var system = ControlSystem()
  let response = State.other
  response.reset()
  var misses: UInt64 = 0
  var unsettled: UInt64 = 0
  startPeriodicTimer(hertz: controlHertz, stamp: nil)
  let period = State.period.value
  var release = State.deadline.value
  for cycle in 0..<cycles {
    waitForTimer(past: release)
    system.step(setpoint: cycle / 100 & 1 == 0 ? 1 << 16 : 0)
    if cycle % 100 == 99, system.error.magnitude > 1 << 16 / 100 { unsettled += 1 }
    let done = Clock.now
    let due = Clock.due(release)
    response.add(done &- due)
    let isLate = done &- due > Clock.length(period)
    if isLate { misses += 1 }
    Stamps.write(
      .controlLoop, deadline: due + Clock.length(period), entry: done,
      flags: isLate ? Stamp.deadlineMissed : 0)
    release += period
  }
  stopPeriodicTimer()
  response.report(.controlLoop)
  Console.field("misses", misses)
  Console.field("overruns", State.overruns.value)
  Console.field("unsettled", unsettled)
  Console.endLine()
}

/// Sleeps until the interrupt that was due at `release` has been handled.
private func waitForTimer(past release: UInt64) {
  while true {
    Interrupts.disable()
    // Masked interrupts still end a WFI, so that none is lost between the test and the sleep.
    if State.deadline.value > release { return Interrupts.enable() }
    Interrupts.wait()
    Interrupts.enable()
  }
}
#endif
