import Foundation
import LatencyFormats
import LatencyReport

/// Small files of every format, made for these tests from what the tools are known to write.
enum Fixtures {
  /// Old cyclictest -h: rows of zeros, a total; thread 1 has overflow.
  static let cyclictest = """
    # /dev/cpu_dma_latency set to 0us
    T: 0 ( 2440) P:95 I:200 C:    951 Min:      5 Act:    6 Avg:    6 Max:      41
    T: 1 ( 2441) P:95 I:200 C:    993 Min:      5 Act:    6 Avg:    6 Max:     977
    # Histogram
    000000 000000\t000000
    000005 000100\t000050
    000006 000700\t000800
    000007 000000\t000000
    000009 000150\t000140
    000041 000001\t000000
    000042 000000\t000000
    # Total: 000000951 000000990
    # Min Latencies: 00005 00005
    # Avg Latencies: 00006 00009
    # Max Latencies: 00041 00977
    # Histogram Overflows: 00000 00003
    # Histogram Overflow at cycle number:
    # Thread 0:
    # Thread 1: 00100 00200 # 00001 others

    """

  /// New cyclictest -H: no rows of zeros, no total, a summary column that Min and Avg lack.
  static let cyclictestAll = """
    # Histogram
    000002 000090\t000010\t000100
    000003 000009\t000040\t000049
    # Min Latencies: 00002 00002
    # Avg Latencies: 00002 00002
    # Max Latencies: 00900 00003 00900
    # Histogram Overflows: 00001 00000 00001
    # Histogram Overflow at cycle number:
    # Thread 0: 00017
    # Thread 1:

    """

  static let cyclictestJSON = """
    {
      "file_version": 1,
      "cmdline:": "cyclictest -h400 --json=x.json",
      "rt_test_version:": "2.80",
      "start_time": "Mon, 31 Aug 2026 00:23:41 -0500",
      "return_code": 0,
      "sysinfo": {
        "sysname": "Linux", "nodename": "bench", "release": "6.6.0-rt", "version": "#1",
        "machine": "aarch64", "realtime": 1
      },
      "num_threads": 2,
      "resolution_in_ns": 0,
      "thread": {
        "0": {
          "histogram": { "2": 9000, "3": 900, "5": 99, "40": 1 },
          "cycles": 10000, "min": 2, "max": 40, "avg": 2.19, "cpu": 3, "node": 0
        },
        "1": {
          "histogram": { "1": 9898 },
          "cycles": 10000, "min": 1, "max": 12000, "avg": 3.50, "cpu": 2, "node": 0
        }
      }
    }

    """

  /// A CPU dropped (001), missing rows, buckets of 5.
  static let rtla = """
    # RTLA timerlat histogram
    # Time unit is microseconds (us)
    # Duration:   0 00:00:10
    Index   IRQ-000   Thr-000   Usr-000   IRQ-002   Thr-002   Usr-002
    0          9990         0         0      9000         0         0
    5            10      9000        90       998      9999        20
    20            0       900         9         0         0         0
    over:         0       101         1         2         1         0
    count:    10000     10001       100     10000     10000        20
    min:          0         5         6         0         5         5
    avg:          0         6         7         1         5         6
    max:          8       230        99        31        40         9
    ALL:        IRQ       Thr       Usr
    count:    20000     20001       120
    min:          0         5         5
    avg:          0         6         7
    max:         31       230        99

    """

  static let osnoise = """
    # RTLA osnoise histogram
    # Time unit is nanoseconds (ns)
    # Duration:   0 00:00:10
    Index   CPU-000   CPU-003
    10          100         0
    20            1         7
    over:         0         2
    count:      101         9
    min:         10        20
    avg:      10.10     97.50
    max:         20       400

    """

  static let jitterdebugger = """
    {
      "version": 3,
      "sysinfo": {
        "sysname": "Linux", "nodename": "bench", "release": "6.6.0-rt", "version": "#1",
        "machine": "aarch64", "cpus_online": 2, "resolution_in_ns": 1000
      },
      "cpu": {
        "0": {
          "histogram": { "3": 3678, "4": 220, "5": 1 },
          "count": 3899, "min": 3, "max": 5, "avg": 3.06
        },
        "1": {
          "histogram": { "3": 30 },
          "count": 32, "min": 3, "max": 2500, "avg": 3.06
        }
      }
    }

    """

  static let osadl = """
    {
      "format": { "name": "RT Dataset", "version": "1.0" },
      "timestamps": { "origin": "2026-06-23T12:43:23+02:00" },
      "system": { "hostname": "rack0slot8.example.org" },
      "processor": { "family": "x86", "vendor": "Intel", "type": "Core i9" },
      "kernel": { "version": "6.6-rt", "config": ["CONFIG_X=y"], "cmdline": "quiet" },
      "condition": {
        "load": "idle", "cycles": 1000, "interval": 200, "cyclictest": "cyclictest -l1000 -h3"
      },
      "latency": {
        "granularity": "microseconds",
        "cores": [[0, 1, 2], [0, 990, 5], [10, 980, 0], [0, 500, 499]],
        "maxima": [7, 1, 2]
      }
    }

    """

  static let hgrm = """
           Value     Percentile TotalCount 1/(1-Percentile)

           1.500 0.000000000000         10           1.00
           2.000 0.500000000000         60           2.00
           2.000 0.550000000000         60           2.22
           9.250 1.000000000000        100
    #[Mean    =        3.123, StdDeviation   =        1.234]
    #[Max     =        9.250, Total count    =          100]
    #[Buckets =           20, SubBuckets     =         2048]

    """

  static let csv = "12\n15\n12\n900\n12\n"

  static let csvColumns = """
    time_s;cpu;latency_us
    1.5;0;12.25
    1.6;1;13.5
    1.7;0;-1
    1.8;0;12.25

    """

  /// Samples of two CPUs as jitterdebugger writes them.
  static let samples: [UInt8] = {
    var bytes: [UInt8] = []
    for (cpu, seconds, nanoseconds, value): (UInt32, UInt64, UInt64, UInt64) in [
      (0, 100, 5, 3), (1, 100, 7, 4), (0, 100, 1000, 3), (1, 101, 0, 2_000_000), (0, 101, 1, 9),
    ] {
      bytes += little(cpu) + little(seconds) + little(nanoseconds) + little(value)
    }
    return bytes
  }()

  static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
  }

  static func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] { little(value).reversed() }

  /// Text fixtures with their formats.
  static let texts: [(Format, String)] = [
    (.cyclictest, cyclictest), (.cyclictest, cyclictestAll), (.cyclictestJSON, cyclictestJSON),
    (.rtla, rtla), (.rtla, osnoise), (.jitterdebugger, jitterdebugger), (.osadl, osadl),
    (.hgrm, hgrm), (.csv, csv), (.csv, csvColumns), (.hdr, HDRFixtures.log),
  ]

  /// All fixtures.
  static let all: [(Format, [UInt8])] =
    texts.map { ($0.0, Array($0.1.utf8)) } + [(.jitterdebuggerSamples, samples)]
}

/// Reads bytes as the tool would read a file.
func read(
  _ bytes: [UInt8], as format: Format? = nil, unit: TimeUnit? = nil
) throws(FormatError) -> Dataset {
  try DatasetReader.read(
    ByteStream(bytes), source: "x", as: format, options: ReadOptions(unit: unit))
}

/// Reads text as the tool would read a file.
func read(
  _ text: String, as format: Format? = nil, unit: TimeUnit? = nil
) throws(FormatError) -> Dataset {
  try read(Array(text.utf8), as: format, unit: unit)
}

extension Dataset {
  /// The one series with this origin, and measurement if given.
  func series(_ place: String, _ measurement: String? = nil) -> Series? {
    let found = series.filter {
      $0.origin == .imported(place) && (measurement == nil || $0.measurement == measurement)
    }
    return found.count == 1 ? found.first : nil
  }
}

extension Distribution {
  /// Lower bounds with their counts.
  var bins: [UInt64: UInt64] {
    Dictionary(uniqueKeysWithValues: points.map { ($0.bounds.lowerBound, $0.count) })
  }
}
