import LatencyReport

/// `cyclictest --json`.
///
/// Facts from rt-tests 2.x: src/lib/rt-utils.c (`rt_write_json`: the keys `"cmdline:"` and
/// `"rt_test_version:"` end in a colon) and src/cyclictest/cyclictest.c (`write_stats`:
/// `resolution_in_ns` is 1 with -N and 0 for microseconds; bins of zero are left out; samples outside
/// the histogram are in `cycles` only).
enum CyclictestJSONReader {
  static func read(_ root: JSONNode) throws(FormatError) -> Draft {
    let version = try JSONReader.integer(root, "file_version")
    guard version == 1 else {
      throw JSONReader.error(root, "file_version \(version), known is 1", "use a newer hvlat")
    }
    let resolution = try JSONReader.integer(root, "resolution_in_ns")
    var draft = Draft(
      .cyclictestJSON,
      ticksPerSecond: resolution == 0
        ? 1_000_000 : try JSONReader.ticksPerSecond(root, resolution: resolution))
    let command = root["cmdline:"]?.text ?? root["cmdline"]?.text
    draft.note("command", command)
    let tool = root["rt_test_version:"]?.text ?? root["rt_test_version"]?.text
    draft.note("tool", tool.map { "cyclictest \($0)" })
    draft.note("date", root["start_time"]?.text)
    draft.note("end", root["end_time"]?.text)
    if let system = root["sysinfo"] {
      draft.host = system["nodename"]?.text ?? ""
      draft.note("kernel", system["release"]?.text)
      draft.note("kernel-version", system["version"]?.text)
      draft.note("machine", system["machine"]?.text)
      draft.note("preempt-rt", system["realtime"]?.integer == 1 ? "yes" : "no")
    }
    if let code = root["return_code"]?.text, code != "0" {
      draft.warnings.append("cyclictest returned \(code)")
    }
    try readThreads(root, command: command, &draft)
    return draft
  }

  private static func readThreads(
    _ root: JSONNode, command: String?, _ draft: inout Draft
  ) throws(FormatError) {
    let node = try JSONReader.member(root, "thread")
    guard let threads = node.members, !threads.isEmpty else {
      throw JSONReader.error(node, "no threads", "the file is damaged; get it again")
    }
    if let claimed = root["num_threads"]?.integer, claimed != UInt64(threads.count) {
      throw JSONReader.error(
        node, "\(threads.count) threads, \"num_threads\" says \(claimed)",
        "threads are missing; get the file again")
    }
    var histograms: [(JSONNode, UInt64, ToolHistogram)] = []
    for (name, thread) in threads {
      var histogram = ToolHistogram(measurement: "cyclictest", place: "thread \(name)")
      guard let bins = thread["histogram"] else {
        throw JSONReader.error(
          thread, "thread \(name) has no histogram", "run cyclictest with -h or -H and --json")
      }
      histogram.points = try JSONReader.histogram(bins)
      let cycles = try JSONReader.integer(thread, "cycles")
      histogram.overflow = try JSONReader.overflow(thread, counted: cycles, histogram)
      histogram.minimum = try JSONReader.integer(thread, "min")
      histogram.maximum = try JSONReader.integer(thread, "max")
      if let cpu = thread["cpu"]?.integer { histogram.notes.append("ran on cpu \(cpu)") }
      histograms.append((thread, cycles, histogram))
    }
    // All threads have the same number of bins: what overflowed was above all bins of all threads.
    let highest = histograms.compactMap { $0.2.points.last?.bounds.upperBound }.max()
    guard let highest else {
      throw JSONReader.error(node, "no bin has a sample", "run cyclictest with -h or -H and --json")
    }
    let bound = max(highest.addingSaturating(1), requestedBins(command) ?? 0)
    for (thread, _, histogram) in histograms {
      var histogram = histogram
      histogram.overflowBound = bound
      if histogram.overflow > 0 {
        histogram.notes.append("overflow is cycles less the sum of the bins: no field states it")
      }
      try JSONReader.check(thread, histogram)
      draft.series.append(histogram.series)
    }
  }

  /// The number of bins in a command line: `-h 400`, `-h400`, `-H...`, `--histogram=400`.
  static func requestedBins(_ command: String?) -> UInt64? {
    let words = (command ?? "").split(separator: " ")
    for (index, word) in words.enumerated() {
      for option in ["--histogram=", "--histofall=", "-h", "-H"] where word.hasPrefix(option) {
        let rest = word.dropFirst(option.count)
        if let value = UInt64(rest) { return value }
        if rest.isEmpty, index + 1 < words.count { return UInt64(words[index + 1]) }
      }
    }
    return nil
  }
}
