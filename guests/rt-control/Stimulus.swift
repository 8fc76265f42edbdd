#if hasFeature(Embedded)
internal import GuestSupport
internal import LatencyProbe

/// The line that the kernel makes pending on request, so that cross-CPU latency can be measured.
enum Stimulus {
  /// Enables `line`; 0 means that there is none.
  static func start(line: UInt64) {
    guard line >= Interrupts.firstShared, line < UInt64(Interrupts.special) else { return }
    State.stimulusLine.value = line
    Interrupts.enable(line: UInt32(line), cpu: 0, isRaised: true)
  }

  /// From the interrupt handler.
  static func interrupt(_ entry: UInt64) {
    State.stimulusCount.value &+= 1
    // The kernel knows when it raised the line and puts the two together by order.
    Stamps.write(.stimulus, deadline: 0, entry: entry)
  }

  /// Prints how many came.
  static func report() {
    guard State.stimulusLine.value != 0 else { return }
    Console.write("rt-control: RESULT stimulus")
    Console.field("samples", State.stimulusCount.value)
    Console.endLine()
  }
}
#endif
