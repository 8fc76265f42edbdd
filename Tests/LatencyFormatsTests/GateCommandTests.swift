import Foundation
import Glibc
import LatencyProbe
import LatencyReport
import Testing
import ToolTestSupport

/// `compare`, `record` and the limits of `analyze`, as CI runs them: exit codes first.
@Suite struct GateCommandTests {
  /// A file of values in ns, one for each line.
  private func write(_ values: [Int], _ folder: URL, _ name: String) throws -> String {
    let path = folder.appendingPathComponent(name).path
    let text = "latency_ns\n" + values.map { "\($0)\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// 20,000 values of 3 to 7 us, of which 21 are 10 us, the last one `maximum`.
  private func values(maximum: Int, step: Int = 7919) -> [Int] {
    var values = (0..<20_000).map { 3000 + $0 * step % 4000 }
    for index in 0..<21 { values[index * 900 + 13] = 10_000 }
    return values + [maximum]
  }

  @Test func compareOnHardware() throws {
    try withFolder { folder in
      let a = try write(values(maximum: 30_000), folder, "a.csv")
      let b = try write(values(maximum: 1_901_000, step: 6007), folder, "b.csv")
      let c = try write(values(maximum: 31_000, step: 6007), folder, "c.csv")
      let short = try write(Array(values(maximum: 30_000).prefix(50)), folder, "short.csv")
      let worse = try run(["compare", a, b])
      #expect(worse.status == 2)
      #expect(worse.output.hasPrefix("WORSE: \(b) against"))
      #expect(worse.output.contains("p99.9 10000 -> 10000"))
      #expect(worse.output.contains("worse: maximum: 30000 -> 1901000 ns"))
      #expect(try run(["compare", a, c]).status == 0)
      #expect(try run(["compare", b, a]).status == 0)
      #expect(try run(["compare", b, a, "--fail-on", "different"]).status == 2)
      #expect(try run(["compare", a, b, "--markdown"]).output.contains("30000 → 1901000"))
      let json = try run(["compare", a, b, "--json"])
      #expect(json.status == 2)
      let decoded = try JSONDecoder().decode(Comparison.self, from: Data(json.output.utf8))
      #expect(decoded.verdict == .worse)
      let few = try run(["compare", short, short])
      #expect(few.status == 3)
      #expect(few.output.hasPrefix("INCONCLUSIVE: "))
      #expect(try run(["compare", short, short, "--fail-on", "inconclusive"]).status == 2)
      #expect(try run(["compare", a, "/nonexistent"]).status == 1)
      #expect(try run(["compare", a, a, "--measurement", "none"]).status == 1)
      #expect(try run(["compare", a, a, "--fail-on", "nothing"]).status == 64)
    }
  }

  /// A record with one measurement of a kernel that ran under icount.
  private func record(_ residency: UInt64) -> [UInt8] {
    guard let layout = RecordLayout(cpus: 1, zones: 1, stampBytes: 4096) else { return [] }
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: layout.byteCount, alignment: 4096)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    guard let base = memory.baseAddress else { return [] }
    let region = unsafe RecordRegion(base: base, layout: layout)
    region.initialise(
      RecordIdentity(
        architecture: 183, counterFrequency: 62_500_000, planChecksum: 1, imageHash: [1, 2],
        cpuModel: 0x410f_d034, board: .init(repeating: 0x61), bootTick: 0))
    region.setZone(0, RecordZone(name: .init(repeating: 0x7a), kind: 2, cpuCount: 1, cpus: 1))
    let cpu = unsafe region.initialiseCPU(0, hardwareID: 0, zone: 0)
    for _ in 0..<100 {
      unsafe cpu.pointee.recordExit(reason: .firmwareCall, ticks: residency, pc: 0x4000)
    }
    return Array(memory)
  }

  @Test func recordFromADumpThenCompareExactly() throws {
    try withFolder { folder in
      func file(_ name: String) -> String { folder.appendingPathComponent(name).path }
      func take(_ residency: UInt64, _ name: String) throws -> String {
        // Some memory before and after.
        let bytes = [UInt8](repeating: 0x55, count: 3 * 4096) + record(residency) + [1, 2, 3]
        try Data(bytes).write(to: URL(fileURLWithPath: file("memory")))
        let taken = try run([
          "record", "--dump", file("memory"), "--timebase", "icount", "--icount-shift", "4",
          "--load", "none", "-o", file(name), "--json",
        ])
        #expect(taken.status == 0, "\(taken.errors)")
        #expect(taken.output.contains("\"measurement\" : \"kernel-residency\""))
        return file(name)
      }
      let old = try take(62, "old.hvlat")
      let new = try take(63, "new.hvlat")
      #expect(try run(["validate", old]).status == 0)
      let same = try run(["compare", old, old])
      #expect(same.status == 0)
      #expect(same.output.hasPrefix("SAME: "))
      let worse = try run(["compare", old, new])
      #expect(worse.status == 2)
      #expect(worse.output.contains("every sample: +1 instructions"))
      #expect(worse.output.contains("62 instructions: 100 -> 0 samples"))
      #expect(try run(["compare", new, old]).status == 0)
      let other = try write([1, 2], folder, "x.csv")
      let refused = try run(["compare", old, other])
      #expect(refused.status == 1)
      #expect(refused.errors.contains("the timebases differ"))
      #expect(try run(["compare", old, old, "--deadline", "1us"]).status == 1)

      // Two records, none, a wrong place, and a clock nobody named.
      let two = record(1) + record(2)
      try Data(two).write(to: URL(fileURLWithPath: file("memory")))
      let arguments = ["record", "--dump", file("memory"), "-o", file("r"), "--timebase"]
      let several = try run(arguments + ["hardware"])
      #expect(several.status == 1)
      #expect(several.errors.contains("records at 0x0, 0x"))
      #expect(try run(arguments + ["hardware", "--at", "0"]).status == 0)
      #expect(try run(arguments + ["hardware", "--at", "4096"]).status == 1)
      #expect(try run(arguments + ["icount"]).status == 64)
      try Data([UInt8](repeating: 0, count: 9000)).write(
        to: URL(fileURLWithPath: file("memory")))
      #expect(try run(arguments + ["hardware"]).errors.contains("no whole record"))
      let socket = try run([
        "record", "--qmp", file("none"), "--at", "0", "--timebase", "hardware",
        "-o", file("r"),
      ])
      #expect(socket.status == 1)
    }
  }

  private static let emulator = "/usr/bin/qemu-system-aarch64"

  /// A machine that executes nothing, with a record in its memory.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: emulator)))
  func recordFromARunningMachine() throws {
    try withFolder { folder in
      func file(_ name: String) -> String { folder.appendingPathComponent(name).path }
      try Data(record(62)).write(to: URL(fileURLWithPath: file("memory")))
      let machine = Process()
      machine.executableURL = URL(fileURLWithPath: Self.emulator)
      machine.arguments = [
        "-machine", "virt", "-m", "64", "-display", "none", "-S", "-qmp",
        "unix:\(file("q")),server,nowait", "-device",
        "loader,file=\(file("memory")),addr=0x41000000,force-raw=on",
      ]
      machine.standardInput = FileHandle.nullDevice
      try machine.run()
      defer {
        // A machine that executes nothing may not answer a polite request.
        kill(machine.processIdentifier, SIGKILL)
        machine.waitUntilExit()
      }
      let deadline = ContinuousClock.now + .seconds(20)
      while !FileManager.default.fileExists(atPath: file("q")), .now < deadline { usleep(50_000) }
      func take(_ address: String) throws -> ToolResult {
        try run([
          "record", "--qmp", file("q"), "--at", address, "--timebase", "icount", "--icount-shift",
          "4", "-o", file("r.hvlat"),
        ])
      }
      let taken = try take("0x41000000")
      #expect(taken.status == 0, "\(taken.errors)")
      #expect(try run(["validate", file("r.hvlat")]).status == 0)
      #expect(try run(["analyze", file("r.hvlat")]).output.contains("kernel-residency      100"))
      let nowhere = try take("0x42000000")
      #expect(nowhere.status == 1)
      #expect(nowhere.errors.contains("no record at 0x42000000"))
    }
  }

  @Test func verdictsAndOptionsOfAnalyze() throws {
    try withFolder { folder in
      let a = try write(values(maximum: 30_000), folder, "a.csv")
      let passed = try run(["analyze", a, "--deadline", "30us", "--no-histograms"])
      #expect(passed.status == 0)
      #expect(passed.output.split(separator: "\n")[2] == "PASS: max<=30us")
      let failed = try run(["analyze", a, "--deadline", "29us", "--threshold", "p99.95<=9us"])
      #expect(failed.status == 2)
      #expect(failed.output.contains("\nFAIL: max<=29us: samples in all samples has 30000 ns;"))
      #expect(failed.output.contains("p99.95<=9us"))
      let json = try run(["analyze", a, "--deadline", "29us", "--json", "--quantiles", "p50,p99.9"])
      let reports = try JSONDecoder().decode([String: [Report]].self, from: Data(json.output.utf8))
      let report = try #require(reports["reports"]?.first)
      #expect(report.verdict.passed == false)
      #expect(report.quantiles == ["p50", "p99.9"])
      #expect(report.measurements[0].statistics.quantiles["p99.9"]?.ticks == 10_000)
      #expect(report.measurements[0].worst.first?.ticks == 30_000)
      #expect(try run(["analyze", a, "--quantiles", "p50,q9"]).status == 64)
      #expect(try run(["analyze", a, "--split-by", "phase"]).status == 0)
      #expect(try run(["analyze", a, "--split-by", "moon"]).status == 64)
      #expect(try run(["analyze", a, "--markdown"]).output.hasPrefix("# Latency report"))
      #expect(try run(["analyze", a, "--markdown", "--json"]).status == 64)
      let narrow = try run(["analyze", a, "--width", "60"]).output
      #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 60 || $0.contains("/") })
      #expect(!narrow.contains("\u{1b}"))
    }
  }
}
