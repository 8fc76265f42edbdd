public import LatencyProbe
import LatencyStatistics

extension Report {
  /// Computes the report on a dataset.
  public init(_ dataset: Dataset, options: Options = Options()) {
    let unit = TickUnit(dataset.machine)
    source = dataset.source
    title = Self.title(dataset.machine)
    verdict = Verdict(dataset, options.judgement)
    self.unit = Unit(
      name: unit.name, nanosecondsPerTick: unit.nanosecondsPerTick,
      timebase: dataset.machine.timebase.name, meaning: Self.meaning(dataset, unit))
    machine = MachineReport(dataset.machine)
    isSealed = dataset.isSealed
    zones = dataset.zones
    quantiles = options.quantiles.map(\.name)
    confidence = options.confidence
    measurements = dataset.parts(by: options.split).map { part in
      SeriesReport(part, of: dataset, options: options)
    }
    exits = dataset.cpus.map(CPUReport.init)
    provenance = dataset.provenance
    warnings = dataset.warnings
    notShown = Self.notShown(dataset)
  }

  private static func title(_ machine: Machine) -> String {
    let board = machine.board.isEmpty ? "unnamed board" : machine.board
    switch machine.timebase {
    case .hardware: return "Latency report: \(board)"
    case .icount: return "Path length report: \(board) (emulated, icount)"
    case .emulated: return "Emulator timing, not latency: \(board)"
    case .unknown: return "Unsealed record, taken as emulated: \(board)"
    }
  }

  private static func meaning(_ dataset: Dataset, _ unit: TickUnit) -> String {
    switch dataset.machine.timebase {
    case .hardware where dataset.series.contains(where: \.isImported):
      guard let perTick = unit.nanosecondsPerTick else {
        return "Values of another tool, whose file says neither their unit nor where it ran."
      }
      return "Time as another tool measured it, whose file does not say where it ran. The file's"
        + " resolution is \(trimmed(perTick)) ns; durations are whole multiples of it."
    case .hardware:
      guard let perTick = unit.nanosecondsPerTick else {
        return "Measured on hardware, but the counter's frequency is unknown."
      }
      return "Measured on hardware. The clock's resolution is \(trimmed(perTick)) ns; durations are"
        + " whole ticks of it."
    case .icount:
      let what = "Measured in QEMU under -icount: this is path length, NOT latency."
      return unit == .instructions
        ? what + " One tick is one executed instruction."
        : what + " One tick is not one instruction with this shift and frequency."
    case .emulated:
      return "Measured in an emulator without icount: the numbers depend on the host and mean"
        + " nothing for hardware."
    case .unknown:
      return "Nobody recorded what the clock was; the numbers are treated as an emulator's and mean"
        + " nothing for hardware."
    }
  }

  private static func notShown(_ dataset: Dataset) -> [String] {
    var lines = ["The maximum is the longest that was observed, not a proven bound."]
    switch dataset.machine.timebase {
    case .hardware: break
    case .icount:
      lines.append(
        "Time. Caches, TLBs, memory and bus contention do not exist in this machine; the same path"
          + " takes a varying time on hardware.")
      if dataset.cpus.count > 1 {
        lines.append(
          "Delay. The CPUs of this machine take turns: a value far above its neighbours contains the"
            + " turn of another CPU, and says nothing of the path.")
      }
    case .emulated, .unknown:
      lines.append("Time on hardware. Do not compare these numbers with any other run.")
    }
    if dataset.series.contains(where: \.isStampedByZone) {
      lines.append(
        "Honesty of a zone: stamps are written by the zone itself, the kernel does not check them.")
    }
    if dataset.series.contains(where: \.isImported) {
      lines.append(
        "Where it ran: another tool took the samples, and its file does not say whether the machine"
          + " was real.")
    }
    if !dataset.provenance.contains(where: { $0.key == "load" }) {
      lines.append("Behaviour under load: the record does not say what else was running.")
    }
    if ShortExits(dataset.cpus.filter { $0.log != nil }) != nil {
      lines.append(
        "When exits of the kernel's short path ran: it counts them, and logs none, for an entry would"
          + " make each of them longer. A cause says how many there were and how long, not"
          + " whether one ran inside the sample.")
    }
    if dataset.cpus.contains(where: { $0.probeCost > 0 }) {
      lines.append(
        "What counting exits costs: it comes after the last counter read of an exit, and the zone waits"
          + " about as much longer as is listed.")
    }
    return lines
  }
}

extension Report.Verdict {
  init(_ dataset: Dataset, _ judgement: Report.Judgement?) {
    passed = judgement.map(\.hits.isEmpty)
    limits = judgement?.limits ?? []
    hits = judgement?.hits ?? []
    let withDeadline = dataset.series.filter { $0.misses != nil }
    cycles = withDeadline.reduce(0) { sum, series in
      sum + series.distribution.count + series.rejected.values.reduce(0, +)
    }
    guard !withDeadline.isEmpty else {
      deadlineMisses = nil
      text =
        dataset.series.contains(where: \.isImported)
        ? "No deadline was measured: files of other tools have none."
        : "No deadline was measured: the record has no control-loop stamps."
      return
    }
    let misses = withDeadline.reduce(UInt64(0)) { $0 + ($1.misses ?? 0) }
    deadlineMisses = misses
    text = "Deadline misses: \(misses) of \(cycles) recorded cycles"
    if dataset.lostStamps > 0 {
      text += "; \(dataset.lostStamps) later stamps were not recorded"
    }
    switch dataset.machine.timebase {
    case .hardware: text += "."
    case .icount, .emulated, .unknown:
      text += " (emulated: not a statement about hardware)."
    }
  }
}

extension Report.SeriesReport {
  init(_ part: SeriesPart, of dataset: Dataset, options: Report.Options) {
    let series = part.series
    let isTime = TickUnit(dataset.machine).isTime
    measurement = part.measurement
    origin = part.place
    statistics = Statistics(
      series.distribution, quantiles: options.quantiles,
      confidence: isTime ? options.confidence : nil)
    bootstrap = options.bootstrap.map {
      Report.BootstrapReport(series, $0, isTime: isTime, options: options)
    }
    misses = series.misses
    warmUp = series.warmUp
    rejected = series.rejected
    notes = series.notes
    histogram = series.distribution.plotRows()
    values = series.distribution.allRows()
    tail = Report.TailReport(
      series, .peaksOverThreshold, isTime: isTime, deadline: options.deadline)
    tailOfMaxima = Report.TailReport(
      series, .blockMaxima, isTime: isTime, deadline: options.deadline)
    order = Report.OrderReport(
      series, TickUnit(dataset.machine), emulation: dataset.emulatedPattern)
    worst = WorstSample.list(series, of: dataset, limit: options.worst)
  }
}

extension Report.MachineReport {
  init(_ machine: Machine) {
    board = machine.board
    cpuModel = cpuModelName(architecture: machine.architecture, model: machine.cpuModel)
    counterFrequency = machine.counterFrequency
    icountShift = machine.icountShift
    planChecksum = hexadecimal(machine.planChecksum)
    imageHash = machine.imageHash
  }
}

extension Report.CPUReport {
  init(_ residency: CPUResidency) {
    cpu = residency.index
    hardwareID = hexadecimal(residency.hardwareID)
    zone = residency.zone
    total = residency.exitCount
    probeCost = residency.probeCost
    longest = residency.longest
    last = residency.last
    reasons = residency.reasons.map { reason in
      let count = reason.residency.count
      let distribution = Distribution(reason.residency)
      return Report.ReasonReport(
        reason: reason.reason, statistics: Statistics(distribution),
        mean: count == 0 ? 0 : Double(reason.residency.sum) / Double(count),
        values: distribution.allRows())
    }
  }
}

extension Series {
  /// Whether a zone, not the kernel, wrote the samples.
  var isStampedByZone: Bool {
    switch origin {
    case .zone: true
    case .baseline, .kernel, .imported: false
    }
  }

  /// Whether another tool took the samples.
  var isImported: Bool {
    switch origin {
    case .imported: true
    case .zone, .baseline, .kernel: false
    }
  }
}

extension Timebase {
  /// Name in JSON and reports, stable.
  public var name: String {
    switch self {
    case .unknown: "unknown"
    case .hardware: "hardware"
    case .icount: "icount"
    case .emulated: "emulated"
    }
  }
}

/// `0x` and lower-case digits.
func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

/// A number without a needless `.0`.
func trimmed(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
}
