import LatencyReport

/// `results.json` of jitterdebugger.
///
/// Facts from jitterdebugger.c (`dump_stats`, `start_measuring`, `worker`): bins of zero are left
/// out, a value of `hist_size` or more is in `count` only, and `hist_size` is 10^9 / resolution /
/// 1000, that is 1 ms. Files before version 3 have no `sysinfo` and are in microseconds.
enum JitterdebuggerReader {
  static func read(_ root: JSONNode, _ options: ReadOptions) throws(FormatError) -> Draft {
    let version = root["version"]?.integer
    let resolution = root["sysinfo"]?["resolution_in_ns"]?.integer
    let ticks = try JSONReader.ticksPerSecond(
      root, resolution: resolution ?? 1_000_000_000 / (options.unit ?? .microseconds).perSecond)
    var draft = Draft(.jitterdebugger, ticksPerSecond: ticks)
    draft.note("tool", "jitterdebugger, file version \(version.map { "\($0)" } ?? "unknown")")
    if let system = root["sysinfo"] {
      draft.host = system["nodename"]?.text ?? ""
      draft.note("kernel", system["release"]?.text)
      draft.note("kernel-version", system["version"]?.text)
      draft.note("machine", system["machine"]?.text)
    }
    let node = try JSONReader.member(root, "cpu")
    guard let cpus = node.members, !cpus.isEmpty else {
      throw JSONReader.error(node, "no CPUs", "the file is damaged; get it again")
    }
    var histograms: [(JSONNode, ToolHistogram)] = []
    for (name, cpu) in cpus {
      var histogram = ToolHistogram(measurement: "jitterdebugger", place: "cpu \(name)")
      histogram.points = try JSONReader.histogram(try JSONReader.member(cpu, "histogram"))
      histogram.overflow = try JSONReader.overflow(
        cpu, counted: try JSONReader.integer(cpu, "count"), histogram)
      histogram.minimum = try JSONReader.integer(cpu, "min")
      histogram.maximum = try JSONReader.integer(cpu, "max")
      histograms.append((cpu, histogram))
    }
    let highest = histograms.compactMap { $0.1.points.last?.bounds.upperBound }.max()
    let known = version == 3 ? ticks / 1000 : 0
    for (cpu, histogram) in histograms {
      var histogram = histogram
      histogram.overflowBound = max(known, highest.map { $0.addingSaturating(1) } ?? 0)
      if histogram.overflow > 0 {
        histogram.notes.append("overflow is count less the sum of the bins: no field states it")
      }
      try JSONReader.check(cpu, histogram)
      draft.series.append(histogram.series)
    }
    return draft
  }
}
