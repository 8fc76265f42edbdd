import Foundation
import LatencyProbe
import LatencyReport
import Testing

@Suite struct TextRendererTests {
  private func render(
    _ bytes: [UInt8], _ run: RecordSealer.Run, style: TextRenderer.Style = .init()
  ) throws -> String {
    TextRenderer.render(
      try RecordReader.read(try RecordSealer.seal(bytes, run: run), source: "run.rec"),
      style: style)
  }

  /// The whole report, to the letter: what a person signs should not change by accident.
  @Test func golden() throws {
    let text = try render(
      SampleRecord.typical(cycles: 30),
      .init(
        timebase: .icount, icountShift: 4,
        provenance: [
          ProvenanceItem("tool", "hv 0.1, QEMU 10.0.2"),
          ProvenanceItem("load", "linux: two busy loops and a block copy, started 1 s before"),
        ]))
    #expect(text == Self.report)
  }

  @Test(arguments: [
    (Timebase.hardware, "Latency report: qemu-virt", "Measurements (ns)"),
    (.icount, "Path length report: qemu-virt (emulated, icount)", "Measurements (instructions)"),
    (.emulated, "Emulator timing, not latency: qemu-virt", "Measurements (ticks (emulated))"),
  ])
  func saysWhatTheNumbersAre(timebase: Timebase, title: String, heading: String) throws {
    let text = try render(
      SampleRecord.typical(cycles: 30),
      .init(timebase: timebase, icountShift: timebase == .icount ? 4 : nil))
    #expect(text.hasPrefix(title + "\n"))
    #expect(text.contains("\n\(heading)\n"))
    #expect((timebase == .hardware) == !text.contains("(emulated: not a"))
    #expect(timebase == .hardware || !text.contains(" ns"), "emulated numbers called time")
  }

  @Test func linesFitTheWidth() throws {
    for width in [60, 80, 132] {
      let text = try render(
        SampleRecord.typical(cycles: 30), .init(timebase: .icount, icountShift: 4),
        style: .init(width: width))
      let tableWidth = 76
      for line in text.split(separator: "\n") {
        #expect(line.count <= max(width, tableWidth), "\(line)")
      }
      #expect(text.split(separator: "\n").contains { $0.contains("##") && $0.count > width - 4 })
    }
  }

  @Test func colorOnlyWhenAsked() throws {
    let bytes = SampleRecord.typical(cycles: 30)
    let run = RecordSealer.Run(timebase: .icount, icountShift: 4)
    #expect(try !render(bytes, run).contains("\u{1b}"))
    #expect(try render(bytes, run, style: .init(color: true)).contains("\u{1b}[32m"))
    let missed = SampleRecord.raw { _, writer in
      writer.write(Stamp(deadline: 1, entry: 2, id: 7, flags: Stamp.deadlineMissed))
    }
    #expect(try render(missed, run, style: .init(color: true)).contains("\u{1b}[31m"))
  }

  /// Names from a record must not steer the reader's terminal.
  @Test func controlCharactersDoNotReachTheTerminal() throws {
    var bytes = SampleRecord.typical(cycles: 2)
    for (index, byte) in [0x1b, 0x5b, 0x32, 0x4a, 0x0a, 0xff].enumerated() {
      bytes[0x2_9000 + 64 + index] = UInt8(byte)  // zone name
      bytes[80 + index] = UInt8(byte)  // board
    }
    let text = try render(
      bytes,
      .init(timebase: .emulated, provenance: [ProvenanceItem("note", "\u{1b}]0;x\u{7}\u{202e}")]))
    let allowed: (Unicode.Scalar) -> Bool = {
      $0 == "\n" || $0.properties.generalCategory != .control
    }
    #expect(text.unicodeScalars.allSatisfy(allowed))
    #expect(!text.contains("\u{202e}"))
  }

  @Test func anEmptyRecordIsAReportToo() throws {
    let text = try render(
      SampleRecord.raw(), .init(timebase: .hardware), style: .init())
    #expect(text.contains("No deadline was measured"))
    #expect(text.contains("cpu 0 wrote no block"))
    #expect(text.contains("nothing: no CPU block, baseline or stamp in the record"))
  }

  static let report = """
    Path length report: qemu-virt (emulated, icount)
    ================================================
    Deadline misses: 0 of 30 recorded cycles (emulated: not a statement about
    hardware).
    Measured in QEMU under -icount: this is path length, NOT latency. One tick is
    one executed instruction.
    Warning: cpu 1 wrote no block: it did not start

    What was measured
    -----------------
    source     run.rec
    board      qemu-virt, Arm Cortex-A53 r0p4, counter 62500000 Hz
    zone       linux (zone0) on cpu 0,1, 1 starts
    zone       rt-control (zoneR) on cpu 2, 1 starts

    Measurements (instructions)
    ---------------------------
                        samples  over  min  p50  p99  p99.9  p99.99  max
    kernel cpu 0
      kernel-residency       81     0   62  100    -      -       -  700
    baseline cpu 2
      timer-busy             30     0    4    4    -      -       -    4
    zone rt-control
      timer-busy             30     0    4    4    -      -       -    4
      timer-idle             30     0    4    4    -      -       -    5
      ipi-self               30     0   88   88    -      -       -   88
      stimulus               30     0   51   51    -      -       -   51
      controller-read        30     0  118  118    -      -       -  118
      firmware-call          30     0   62   62    -      -       -   62
      control-loop           30     0  600  600    -      -       -  600
    control-loop, zone rt-control: 0 deadline misses
    -: refused, too few samples to support the quantile (p50 needs 20, p99 needs
      1000, p99.9 needs 10000, p99.99 needs 100000)

    Spread (instructions)
    ---------------------
                        jitter   mean  deviation
    kernel cpu 0
      kernel-residency     638   98.2       73.4
    baseline cpu 2
      timer-busy             0    4.0        0.0
    zone rt-control
      timer-busy             0    4.0        0.0
      timer-idle             1    4.5        0.5
      ipi-self               0   88.0        0.0
      stimulus               0   51.0        0.0
      controller-read        0  118.0        0.0
      firmware-call          0   62.0        0.0
      control-loop           0  600.0        0.0

    kernel-residency, kernel cpu 0 (instructions; bars: log of count)
        62-63  40 #################################################################
      100-103   4 ############################
      104-107   4 ############################
      108-111   4 ############################
      112-115   4 ############################
      116-119   4 ############################
      120-123   4 ############################
      124-127   4 ############################
      128-135   8 ######################################
      136-143   4 ############################
      672-703   1 ############

    timer-busy, baseline cpu 2 (instructions; bars: log of count)
      4  30 #######################################################################

    timer-busy, zone rt-control (instructions; bars: log of count)
      4  30 #######################################################################

    timer-idle, zone rt-control (instructions; bars: log of count)
      4  15 #######################################################################
      5  15 #######################################################################

    ipi-self, zone rt-control (instructions; bars: log of count)
      88  30 ######################################################################

    stimulus, zone rt-control (instructions; bars: log of count)
      51  30 ######################################################################

    controller-read, zone rt-control (instructions; bars: log of count)
      118  30 #####################################################################

    firmware-call, zone rt-control (instructions; bars: log of count)
      62  30 ######################################################################

    control-loop, zone rt-control (instructions; bars: log of count)
      600  30 #####################################################################

    Longest samples
    ---------------
    kernel-residency, kernel cpu 0
      700
        cause: this exit of cpu 0: console, 700 instructions, guest pc
          0xffff800008020000
    timer-idle, zone rt-control
      5 (sample 1), 5 (sample 3), 5 (sample 5), 5 (sample 7), 5 (sample 9)
        cause: the kernel took nothing from cpu 2 in the whole run (0 exits): the
          cause is the zone itself or the machine

    Order of the samples
    --------------------
    kernel-residency (kernel cpu 0); timer-busy (baseline cpu 2)
      not assessed: the order of the samples is not known
    timer-busy, timer-idle, ipi-self, stimulus, controller-read, firmware-call,
    control-loop (zone rt-control)
      not assessed: 30 samples, 1000 are needed

    Tail beyond the samples
    -----------------------
    all measurements
      no model: the values are no time: a model of their tail would say nothing of
        hardware

    Kernel exits (residency in instructions)
    ----------------------------------------
    cpu  zone        reason                exits    min  p50  p99  max   mean
    0    linux       firmware-call            40     62   62    -   62   62.0
    0    linux       interrupt-controller     40    100  119    -  139  119.5
    0    linux       console                   1  >=688    -    -  700  700.0
    0    linux       all                      81
    2    rt-control  all                       0
    cpu 0: longest exit 700 (console, guest pc 0xffff800008020000); counting an exit
      costs 19

    Provenance
    ----------
    tool           hv 0.1, QEMU 10.0.2
    load           linux: two busy loops and a block copy, started 1 s before
    plan-checksum  0x1234
    image-hash     01000000000000000200000000000000
    icount-shift   4

    What this does not show
    -----------------------
    - The maximum is the longest that was observed, not a proven bound.
    - Time. Caches, TLBs, memory and bus contention do not exist in this machine;
      the same path takes a varying time on hardware.
    - Delay. The CPUs of this machine take turns: a value far above its neighbours
      contains the turn of another CPU, and says nothing of the path.
    - Honesty of a zone: stamps are written by the zone itself, the kernel does not
      check them.
    - What counting exits costs: it comes after the last counter read of an exit,
      and the zone waits about as much longer as is listed.

    """
}

@Suite struct JSONRendererTests {
  @Test func roundTrip() throws {
    let report = Report(
      try RecordReader.read(
        try RecordSealer.seal(
          SampleRecord.typical(cycles: 1200, stampBytes: 1 << 19),
          run: .init(timebase: .hardware)),
        source: "a/b"))
    let text = try JSONRenderer.render([report, report])
    let back = try JSONDecoder().decode([String: [Report]].self, from: Data(text.utf8))
    #expect(back == ["reports": [report, report]])
    #expect(text.contains("\"a/b\""))
  }

  /// The names scripts rely on.
  @Test func stableNames() throws {
    let report = Report(
      try RecordReader.read(
        try RecordSealer.seal(
          SampleRecord.typical(cycles: 1200, stampBytes: 1 << 19),
          run: .init(timebase: .icount, icountShift: 4)),
        source: "x"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(try JSONRenderer.render([report]).utf8))
        as? [String: [[String: Any]]])
    let first = try #require(object["reports"]?.first)
    #expect(first["format"] as? String == "hvlat-report")
    #expect(first["version"] as? Int == 1)
    #expect((first["verdict"] as? [String: Any])?["deadlineMisses"] as? Int == 0)
    #expect((first["unit"] as? [String: Any])?["name"] as? String == "instructions")
    #expect((first["unit"] as? [String: Any])?["timebase"] as? String == "icount")
    let series = try #require(
      (first["measurements"] as? [[String: Any]])?.first {
        $0["measurement"] as? String == "timer-idle"
      })
    let statistics = try #require(series["statistics"] as? [String: Any])
    #expect(statistics["samples"] as? Int == 1200)
    #expect(statistics["maximum"] as? Int == 5)
    #expect(statistics["jitter"] as? Int == 1)
    let quantiles = try #require(statistics["quantiles"] as? [String: [String: Any]])
    #expect(quantiles["p99"]?["ticks"] as? Int == 5)
    #expect(quantiles["p99"]?["exact"] as? Bool == true)
    #expect(quantiles["p99.9"]?["refused"] as? String == "needs 10000 samples, has 1200")
    let exits = try #require((first["exits"] as? [[String: Any]])?.first)
    #expect(exits["total"] as? Int == 81)
    let reasons = try #require(exits["reasons"] as? [[String: Any]])
    let values = try #require(reasons.map { $0["values"] as? [[String: Int]] }[1])
    #expect(values.count == 40, "every path length of the distributor has a row of its own")
    #expect(values.first == ["low": 100, "high": 100, "count": 1])
  }
}
