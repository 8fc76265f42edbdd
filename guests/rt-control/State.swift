#if hasFeature(Embedded)
internal import GuestSupport
internal import LatencyProbe

/// Variables shared with the interrupt handler. Deadline and period are in ticks of the timer, all other
/// times in those of the clock.
enum State {
  /// When the timer is next due.
  static var deadline: Cell { Cell(0) }
  /// From one timer deadline to the next.
  static var period: Cell { Cell(1) }
  /// How many timer interrupts to measure; later ones are handled and not counted.
  static var timerSamples: Cell { Cell(2) }
  /// Stamp identifier of the timer interrupts, 0 when they are not measured.
  static var timerStamp: Cell { Cell(3) }
  /// Periods that passed before their interrupt could be set.
  static var overruns: Cell { Cell(4) }
  /// Interrupts from itself taken.
  static var softwareCount: Cell { Cell(5) }
  /// Clock in the vector of the latest one.
  static var softwareEntry: Cell { Cell(6) }
  /// INTID, 0 for none.
  static var stimulusLine: Cell { Cell(7) }
  /// Stimuli taken.
  static var stimulusCount: Cell { Cell(8) }
  /// Interrupts taken that nobody asked for.
  static var unexpectedCount: Cell { Cell(9) }
  /// Interrupts that were gone when they were to be acknowledged.
  static var spuriousCount: Cell { Cell(10) }
  /// Latency of the timer interrupts.
  static var timer: Statistics { Statistics(firstCell: 16) }
  /// For measurements made outside of interrupts.
  static var other: Statistics { Statistics(firstCell: 24) }
}

extension State {
  /// Prints what was taken so far, but for the timer's: the first are all its own, the others must be
  /// none.
  static func reportInterrupts() {
    Console.write("rt-control: INTERRUPTS")
    Console.field("ipi", softwareCount.value)
    Console.field("unexpected", unexpectedCount.value)
    Console.field("spurious", spuriousCount.value)
    Console.endLine()
  }
}

/// Exact minimum, maximum and sum of samples, and how many equal the minimum; kept in five cells.
struct Statistics {
  private let minimum: Cell
  private let maximum: Cell
  private let sum: Cell
  private let count: Cell
  private let countAtMinimum: Cell

  /// Kept in cells `firstCell` to `firstCell + 4`.
  init(firstCell: UInt64) {
    minimum = Cell(firstCell)
    maximum = Cell(firstCell + 1)
    sum = Cell(firstCell + 2)
    count = Cell(firstCell + 3)
    countAtMinimum = Cell(firstCell + 4)
  }

  /// How many were added.
  var samples: UInt64 { count.value }

  /// Forgets all samples.
  func reset() {
    minimum.value = UInt64.max
    maximum.value = 0
    sum.value = 0
    count.value = 0
    countAtMinimum.value = 0
  }

  /// Adds a sample.
  func add(_ sample: UInt64) {
    if sample < minimum.value {
      minimum.value = sample
      countAtMinimum.value = 0
    }
    if sample == minimum.value { countAtMinimum.value &+= 1 }
    if sample > maximum.value { maximum.value = sample }
    sum.value &+= sample
    count.value &+= 1
  }

  /// Prints `rt-control: RESULT NAME samples=.. min=.. max=.. sum=.. at-min=..`, without ending the line.
  func report(_ measurement: Measurement) {
    Console.write("rt-control: RESULT ")
    Console.write(measurement.name)
    Console.field("samples", samples)
    Console.field("min", minimum.value)
    Console.field("max", maximum.value)
    Console.field("sum", sum.value)
    Console.field("at-min", countAtMinimum.value)
  }
}
#endif
