import Boards
import LatencyReport
import Testing

@testable import Checklist

@Suite struct BoardChecksTests {
  @Test func goodLog() throws {
    let list = Checklist.of(try Fixture.text("good-aarch64.log"))
    let board = list.items.filter { $0.entry.tier == .board }
    #expect(board.filter { $0.verdict != .ok }.map(\.id) == ["uart-receive"], "\(list.text)")
    #expect(list["log"]?.found == "34 checks, whole")
    #expect(list["uart-receive"]?.found == "this UART has no loopback that the kernel knows")
    // It has one result for each.
    #expect(list["cpu-start.0"]?.verdict == .ok && list["cpu-start.3"]?.verdict == .ok)
    #expect(list.exitCode == 0)
  }

  /// A board that hangs in the middle, with facts of another one.
  @Test func hungLog() throws {
    let list = Checklist.of(try Fixture.text("hung-aarch64.log"))
    let hung = try #require(list["cpu-start.2"])
    #expect(hung.verdict == .fail)
    #expect(
      hung.found.hasPrefix(
        "did not return; the board hung here; what came after: [    0.311] ERROR:"))
    #expect(hung.source == "boot.log:10" && hung.action.contains("does not answer"))
    #expect(list["cpu-start.1"]?.verdict == .fail)
    #expect(
      list["cpu-start.1"]?.found
        == "id=0x1 firmware=-2; firmware does not start it: is there such a CPU?")
    // The board itself was content: its image has the same wrong fact.
    #expect(list["counter-frequency"]?.verdict == .fail)
    #expect(
      list["stuck-lines"]?.found
        == "count=2 looked-at=256 lines=39,210; 2 lines are raised, of gpio, doorbell 210")
    #expect(list["log"]?.verdict == .fail && list["log"]?.found.contains("end` is missing") == true)
    #expect(list["delivery.0"]?.verdict == .notChecked)
    #expect(list["cpu-start.3"]?.verdict == .notChecked && list["cpu-start.0"] != nil)
    #expect(list.exitCode == 2)
  }

  @Test func unfinishedCheckWithOthersBehindIt() {
    let list = Checklist.of(
      "bringup: pmu start\nbringup: firmware start\nbringup: firmware ok psci=0x10001\n")
    #expect(list["pmu"]?.verdict == .fail)
    #expect(list["pmu"]?.found.contains("others came after it") == true)
  }

  /// Values that the image found fine, compared with the facts of the board.
  @Test(arguments: [
    ("exception-level", "el=2", Verdict.ok), ("exception-level", "el=1", .fail),
    ("exception-level", "el=two", .fail),
    ("counter-frequency", "register=62500000 plan=62500000 measured=62500000", .ok),
    ("counter-frequency", "register=0 plan=62500000", .fail),
    ("counter-frequency", "register=62500000 plan=54000000", .fail),
    ("counter-frequency", "register=62500000 plan=62500000 measured=62600000", .warn),
    ("counter-frequency", "register=62500000 plan=62500000 measured=64000000", .fail),
    ("counter-frequency", "register=62500000 plan=0 measured=18446744073709551615", .fail),
    ("counter-frequency", "register=62500000 plan=0 measured=6250000O", .warn),
    ("counter-frequency", "register=6250000O plan=0", .fail),
    ("counter-frequency", "register=62500000 plan=0", .ok),
    ("counter-monotonic", "backward=1", .fail), ("counter-monotonic", "backward=0", .ok),
    ("cpu-start.2", "id=0x2", .ok), ("cpu-start.2", "id=0x100", .fail),
    ("cpu-start.9", "id=0x9", .fail), ("cpu-start.99999999999999999999", "id=1", .ok),
    ("interrupt-controller", "version=3", .ok), ("interrupt-controller", "version=4", .ok),
    ("interrupt-controller", "version=2", .fail), ("interrupt-controller", "kind=plic", .fail),
    ("line-count", "hardware=288", .ok), ("line-count", "hardware=256", .fail),
    ("line-count", "hardware=1020", .ok), ("line-count", "hardware=", .fail),
    ("stuck-lines", "count=0", .ok), ("stuck-lines", "count=1 lines=39", .fail),
    ("stuck-lines", "count=3 lines=210,x,18446744073709551616", .fail),
    ("stage2-address-width", "bits=40", .ok), ("stage2-address-width", "bits=32", .fail),
    ("stage2-address-width", "bits=18446744073709551615", .ok),
    ("vmid-bits", "bits=8", .ok), ("vmid-bits", "bits=4", .warn), ("vmid-bits", "bits=0", .warn),
    ("delivery.1", "interrupts=10 exits=0", .ok), ("delivery.1", "interrupts=10 exits=1", .fail),
    ("delivery.1", "interrupts=0 exits=0", .fail),
    ("pmu", "", .ok), ("invented", "x=1", .warn),
  ])
  func comparedWithTheFacts(id: String, values: String, verdict: Verdict) {
    let list = Checklist.of("bringup: \(id) ok \(values)\n")
    #expect(list[id]?.verdict == verdict, "\(list[id]?.found ?? "no item")")
  }

  /// A line that leaves out what it is about is no evidence, whatever it calls itself; nor is one whose check was skipped.
  @Test(arguments: [
    ("exception-level", "", "el"), ("counter-frequency", "plan=62500000", "register"),
    ("counter-frequency", "register=62500000", "plan"), ("cpu-start.2", "us=1", "id"),
    ("interrupt-controller", "pidr2=0x3b", "version"), ("line-count", "plan=288", "hardware"),
    ("stuck-lines", "looked-at=9", "count"), ("stage2-address-width", "", "bits"),
    ("vmid-bits", "", "bits"), ("counter-monotonic", "reads=4000", "backward"),
    ("delivery.1", "interrupts=10", "exits"), ("delivery.1", "exits=0", "interrupts"),
  ])
  func missingValues(id: String, values: String, key: String) {
    for (state, verdict) in [("ok", Verdict.fail), ("warn", .fail), ("skip", .notChecked)] {
      let item = Checklist.of("bringup: \(id) \(state) \(values)\n")[id]
      #expect(item?.verdict == verdict, "\(state): \(item?.found ?? "no item")")
      #expect(item?.found.contains("\(key)= is missing") == (verdict == .fail), "\(state)")
    }
    #expect(Checklist.of("bringup: \(id) FAIL # x\n")[id]?.found == "x")
  }

  @Test func missingValuesOfHarts() {
    for (id, values) in [
      ("exception-level", "mode=HS"), ("counter-frequency", ""), ("interrupt-controller", ""),
    ] {
      let list = Checklist.of("bringup: \(id) ok \(values)\n", board: .qemuVirtRISCV64)
      #expect(list[id]?.verdict == .fail, "\(id)")
    }
    let kind = Checklist.of(
      "bringup: interrupt-controller ok kind=plic\n", board: .qemuVirtRISCV64)
    #expect(kind["interrupt-controller"]?.verdict == .ok)
  }

  /// A capture of a board that said nothing, alone and beside a good one.
  @Test func silentBoard() throws {
    let silent = Checklist.of("U-Boot 2026.01\nStarting kernel ...\n")
    #expect(silent["log"]?.verdict == .fail && silent["log"]?.source == "boot.log")
    #expect(silent["pmu"]?.verdict == .notChecked && silent.exitCode == 2)
    var input = Checklist.Input(board: .qemuVirtAArch64)
    input.logs = [
      ("silent.log", Array("=> \n".utf8)),
      ("good.log", Array(try Fixture.text("good-aarch64.log").utf8)),
    ]
    #expect(Checklist(input)["log"]?.verdict == .warn)
    // The kernel of a run with zones is heard, whatever the zones are called.
    #expect(Checklist.of("kernel| zone x started\n")["log"]?.verdict == .notChecked)
  }

  /// An image need not start the CPU that starts it.
  @Test func bootCPUMayBeLeftOut() {
    let lines = (1...3).map { "bringup: cpu-start.\($0) ok id=\($0)\n" }
    #expect(Checklist.of(lines.joined())["cpu-start.0"] == nil)
    #expect(Checklist.of(lines.dropFirst().joined())["cpu-start.0"] != nil)
  }

  @Test func plicPassesInterruptsOn() {
    let list = Checklist.of(
      "bringup: delivery.1 ok interrupts=9 exits=9\n", board: .qemuVirtRISCV64)
    #expect(list["delivery.1"]?.verdict == .warn)
  }

  @Test func riscv() {
    let list = Checklist.of(
      "bringup: exception-level ok h-extension=0\nbringup: counter-frequency ok plan=10000000\n",
      board: .qemuVirtRISCV64)
    #expect(list["exception-level"]?.verdict == .fail)
    #expect(list["counter-frequency"]?.verdict == .ok)
    #expect(list["cpu-start.2"] != nil && list["stage2-granules"]?.verdict == .notChecked)
  }

  @Test(arguments: [
    ("board=qemu-virt-aarch64 checks=1", "ok=1 warn=0 fail=0 skip=0", Verdict.ok),
    ("board=raspi4b checks=1", "ok=1 warn=0 fail=0 skip=0", .fail),
    ("board=qemu-virt-aarch64 checks=2", "ok=1 warn=0 fail=0 skip=0", .fail),
    ("board=qemu-virt-aarch64 checks=1", "ok=1 warn=1 fail=0 skip=0", .fail),
  ])
  func countsMustAgree(begin: String, end: String, verdict: Verdict) {
    let list = Checklist.of("bringup: begin \(begin)\nbringup: pmu ok\nbringup: end \(end)\n")
    #expect(list["log"]?.verdict == verdict, "\(list["log"]?.found ?? "")")
  }

  /// Baselines of a record, with the log's and without.
  @Test func baselines() {
    let series = Series(
      measurement: "timer-busy", origin: .baseline(cpu: 2),
      distribution: Distribution([UInt64](repeating: 40, count: 99_999) + [900]))
    let record = record(zones: [("rt", "zoneR")], series: [series])
    let alone = Checklist.of("", records: [record])
    #expect(alone["baseline.2"]?.verdict == .ok && alone["baseline.1"]?.verdict == .notChecked)
    #expect(
      alone["baseline.2"]?.found
        == "timer-busy: 100000 samples, min 40, p50 40, p99 40, p99.9 40, p99.99 40, max 900 ns")
    let both = Checklist.of("bringup: baseline.2 warn max=7000\n", records: [record])
    #expect(both["baseline.2"]?.verdict == .warn)
    #expect(both["baseline.2"]?.found.hasPrefix("max=7000; timer-busy") == true)
    #expect(both["baseline.2"]?.source == "boot.log:1, run.hvlat")
    let few = Series(
      measurement: "timer-busy", origin: .baseline(cpu: 2), distribution: Distribution([1, 2]))
    let short = Checklist.of("", records: [one(few)])
    #expect(short["baseline.2"]?.verdict == .warn)
  }

  private func one(_ series: Series) -> Dataset {
    record(zones: [("rt", "zoneR")], series: [series])
  }
}
