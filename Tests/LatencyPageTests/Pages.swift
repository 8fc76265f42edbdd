import Foundation
import LatencyProbe
import LatencyStatistics

@testable import LatencyReport

/// Datasets whose pages the tests look at.
enum Pages {
  /// A name as somebody would choose it who wants to break a page.
  static let hostile =
    "</title><script>document.title='broken'</script>\"'><img src=x onerror=x>&\u{202e}\u{0}"

  /// Samples of a machine with a timer tick of 100 ns: a body around 3 µs, exponential delays above it,
  /// and one long gap.
  static func samples(_ count: Int = 60_000, seed: UInt64 = 7) -> [UInt64] {
    var random = SeededGenerator(seed: seed)
    var values = (0..<count).map { _ -> UInt64 in
      var value = 2800 + Double(random.next() % 400)
      if random.next() % 4 == 0 {
        value += -log(Double(random.next() % 1_000_000 + 1) / 1_000_001) * 900
      }
      return UInt64(value)
    }
    values[count / 3] = 19_013
    return values
  }

  /// A run on hardware (1 tick = 1 ns), with samples in order.
  static func hardware(name: String = "timer", samples: [UInt64]? = nil) -> Dataset {
    let values = samples ?? self.samples()
    let times = values.indices.map { UInt64($0) * 1_000_000 }
    return Dataset(
      source: "\(name).csv", machine: Machine(name: "board \(name)", ticksPerSecond: 1_000_000_000),
      provenance: [
        ProvenanceItem("tool", "made for a test, \(name)"),
        ProvenanceItem("load", "two busy loops and a block copy"),
      ],
      series: [
        Series(
          measurement: name, origin: .imported("thread 0"), distribution: Distribution(values),
          samples: OrderedSamples(values: values, times: times))
      ], warnings: name == "timer" ? [] : ["odd: \(name)"])
  }

  /// A run under icount with a constant path and one with two values; misses as given.
  static func emulated(misses: UInt64 = 0) -> Dataset {
    var machine = Machine(name: "qemu-virt-aarch64", ticksPerSecond: 62_500_000)
    machine.timebase = .icount
    machine.icountShift = 4
    var dataset = Dataset(
      source: "run.hvlat", machine: machine, provenance: [], series: [], warnings: [])
    dataset.series = [
      Series(
        measurement: "timer-busy", origin: .zone("rt"),
        distribution: Distribution([UInt64](repeating: 2, count: 1000))),
      Series(
        measurement: "control-loop", origin: .zone("rt"),
        distribution: Distribution(
          [UInt64](repeating: 116, count: 990) + [UInt64](repeating: 122, count: 10)),
        misses: misses),
    ]
    return dataset
  }
}
