import Boards

@testable import LatencyReport
import Testing

@testable import Checklist

@Suite struct ZoneChecksTests {
  private static let zones = [("rt", "zoneR"), ("linux", "zone0")]
  private static let enough = [UInt64](repeating: 500, count: 99_999) + [4000]

  private static func run(_ result: String, attacker: String = " ok", more: String = "") -> String {
    """
    kernel| zone rt started
    kernel| zone linux started
    linux| attacker: round 1 attack sgi-flood\(attacker)
    rt| rt-control: RESULT timer-busy samples=1000 min=2 max=2 \(result)
    \(more)

    """
  }

  @Test func nothingGiven() {
    let list = Checklist.of("")
    let items = list.items.filter { $0.entry.tier == .zones }
    #expect(items.map(\.entry) == Catalogue.Zones.all)
    #expect(items.allSatisfy { $0.verdict == .notChecked })
  }

  @Test func directDelivery() {
    for (exits, board, verdict) in [
      (0, Board.qemuVirtAArch64, Verdict.ok), (1, .qemuVirtAArch64, .fail),
      (1, .qemuVirtRISCV64, .warn), (0, .qemuVirtRISCV64, .ok),
    ] {
      let record = record(
        board: board, zones: Self.zones, interruptExits: UInt64(exits),
        series: [samples("rt", Self.enough)])
      let list = Checklist.of("", board: board, records: [record])
      #expect(list["direct-delivery.rt"]?.verdict == verdict, "\(exits) on \(board.name)")
      // It took no interrupt that anybody recorded.
      #expect(list["direct-delivery.linux"]?.verdict == .notChecked)
    }
    let system = planned([("rt", true), ("linux", false)])
    #expect(Checklist.of(Self.run("exits=0"), system: system)["direct-delivery.rt"]?.verdict == .ok)
    #expect(
      Checklist.of(Self.run("exits=3"), system: system)["direct-delivery.rt"]?.verdict == .fail)
    #expect(
      Checklist.of(Self.run("exits=no"), system: system)["direct-delivery.rt"]?.verdict
        == .notChecked)
    // One that does not say it beside one that does.
    let silent = "rt| rt-control: RESULT timer-idle samples=1000"
    let item = Checklist.of(Self.run("exits=0", more: silent), system: system)["direct-delivery.rt"]
    #expect(
      item?.verdict == .warn
        && item?.found.hasPrefix("boot.log: timer-idle does not say how many exits") == true)
  }

  @Test(arguments: [
    ("kernel| zone rt started (restart 50)", Verdict.ok),
    ("kernel| zone rt refused: no memory", .fail),
    ("kernel| zone rt failed: cpu=1 reason=stuck-cpu", .fail),
    ("kernel| zone rt failed: cpu=1 reason=fault\nkernel| zone rt started (restart 1)", .ok),
    ("linux| zone rt started (restart 50)", .notChecked), ("", .notChecked),
  ])
  func restarts(line: String, verdict: Verdict) {
    let system = planned([("rt", true), ("linux", false)])
    let list = Checklist.of(Self.run("exits=0", more: line), system: system)
    #expect(list["restart.rt"]?.verdict == verdict, "\(list["restart.rt"]?.found ?? "")")
  }

  @Test(arguments: [
    ("", Verdict.ok), ("kernel| PANIC at 0x1", .fail),
    ("kernel| cpu 2 did not start: no such CPU", .fail),
    ("kernel| plan refused: 104", .fail), ("rt| PANIC of a guest", .ok),
  ])
  func kernelLog(line: String, verdict: Verdict) {
    let system = planned([("rt", true), ("linux", false)])
    #expect(
      Checklist.of(Self.run("exits=0", more: line), system: system)["kernel-log"]?.verdict
        == verdict)
  }

  @Test func restartsInARecord() {
    let record = record(zones: Self.zones, starts: 3, series: [])
    #expect(Checklist.of("", records: [record])["restart.rt"]?.found == "2 restarts")
  }

  @Test(arguments: [
    ("exits=0", " ok", "", Verdict.ok), ("exits=2", " ok", "", .fail),
    ("", " ok", "", .warn), ("exits=O", " ok", "", .warn),
    ("exits=0", " ok", "linux| attacker: FAIL answer=3", .fail),
    ("exits=0", " ok", "kernel| PANIC at 0x1", .fail),
    ("exits=0", " ok", "kernel| zone rt started (restart 1)", .fail),
    ("exits=0", " ok", "kernel| zone rt failed: cpu=0 reason=fault", .fail),
    ("exits=0", " failed", "", .notChecked),
    ("exits=0", "", "linux| attacker: attack 116 spin fatal", .ok),
  ])
  func besideAttacker(result: String, attacker: String, more: String, verdict: Verdict) {
    let system = planned([("rt", true), ("linux", false)])
    let list = Checklist.of(Self.run(result, attacker: attacker, more: more), system: system)
    let item = list["beside-attacker.rt"]
    #expect(item?.verdict == verdict, "\(item?.found ?? "")")
    #expect(list["beside-attacker.linux"] == nil)
  }

  @Test func latencyAloneAndLoaded() {
    let alone = record(
      "alone.hvlat", zones: [("rt", "zoneR")], series: [samples("rt", Self.enough, misses: 0)])
    let loaded = record(
      "loaded.hvlat", zones: Self.zones, load: "stress-ng",
      series: [samples("rt", Self.enough.dropLast() + [9000], misses: 0)])
    let list = Checklist.of("", records: [alone, loaded])
    #expect(list["latency-alone.rt"]?.source == "alone.hvlat")
    #expect(list["latency-alone.rt"]?.verdict == .ok)
    #expect(list["latency-loaded.rt"]?.source == "loaded.hvlat")
    #expect(
      list["latency-loaded.rt"]?.found
        == "beside stress-ng; timer-busy max 9000 ns of 100000, alone 4000, 0 deadlines missed")
    #expect(Checklist.of("", records: [loaded])["latency-alone.rt"]?.verdict == .notChecked)
  }

  /// All measurements of several records beside load are one cell that a person reads.
  @Test func loadedIsShort() throws {
    let names = [
      "timer-busy", "timer-idle", "ipi-self", "controller-read", "firmware-call", "control-loop",
    ]
    let loads = ["stress-ng", "attacker, all attacks that a zone survives, and its restarts"]
    let loaded = loads.enumerated().map { index, load in
      record(
        "loaded\(index).hvlat", zones: Self.zones, load: load,
        series: names.map {
          samples("rt", Self.enough.dropLast() + [9000 + UInt64(index)], measurement: $0, misses: 0)
        })
    }
    let item = try #require(Checklist.of("", records: loaded)["latency-loaded.rt"])
    for name in names {
      #expect(item.found.contains("\(name) max 9001 ns of 200000, 0 "), "\(item)")
    }
    for load in loads { #expect(item.found.contains(load)) }
    #expect(item.found.count < 500, "\(item.found.count): \(item.found)")
    let few = record(
      "few.hvlat", zones: Self.zones, load: "x", series: [samples("rt", [1, 2], misses: nil)])
    let short = try #require(Checklist.of("", records: [few])["latency-loaded.rt"])
    #expect(short.verdict == .warn && short.found.contains("fewer than 100000 samples"), "\(short)")
  }

  @Test(arguments: [(true, Verdict.fail), (false, .warn)])
  func missedDeadlines(isHardware: Bool, verdict: Verdict) {
    let record = record(
      zones: [("rt", "zoneR")], isHardware: isHardware,
      series: [samples("rt", Self.enough, misses: 1)])
    let list = Checklist.of("", records: [record])
    #expect(list["latency-alone.rt"]?.verdict == verdict)
  }

  @Test func fewSamplesSayLittle() {
    let record = record(zones: [("rt", "zoneR")], series: [samples("rt", [1, 2, 3])])
    #expect(Checklist.of("", records: [record])["latency-alone.rt"]?.verdict == .warn)
  }

  @Test func recordsMustBelong() {
    let rt = [("rt", "zoneR")]
    let own = record(zones: rt, series: [])
    #expect(Checklist.of("", records: [own])["records"]?.verdict == .ok)
    let other = record(board: .qemuVirtRISCV64, zones: rt, series: [])
    #expect(Checklist.of("", records: [own, other])["records"]?.verdict == .fail)
    var strange = own
    strange.machine.planChecksum = 7
    let system = planned([("rt", true)])
    #expect(Checklist.of("", records: [own], system: system)["records"]?.verdict == .ok)
    #expect(Checklist.of("", records: [strange], system: system)["records"]?.verdict == .warn)
    strange = own
    strange.isSealed = false
    #expect(Checklist.of("", records: [strange])["records"]?.verdict == .warn)
  }
}
