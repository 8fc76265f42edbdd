import Boards
import PlanTestSupport
import Testing

@testable import Checklist

@Suite struct BringUpLogTests {
  private func log(_ text: String) -> BringUpLog {
    BringUpLog(ConsoleLog(Array(text.utf8), name: "boot.log", zones: ["linux"]))
  }

  private static let whole = """
    bringup: begin board=qemu-virt-aarch64 checks=2
    bringup: exception-level start
    bringup: exception-level ok el=2
    bringup: pmu start
    bringup: pmu warn counters=0 # none
    bringup: end ok=1 warn=1 fail=0 skip=0

    """

  @Test func wholeLog() {
    let log = log(Self.whole)
    #expect(log.board == "qemu-virt-aarch64" && log.announced == 2 && log.beginnings == 1)
    #expect(log.checks.map(\.id) == ["exception-level", "pmu"])
    #expect(log.checks.map(\.result?.state) == [.ok, .warn])
    #expect(log.checks[1].result?.note == "none" && log.checks[1].line == 4)
    #expect(log.end == ["ok": 1, "warn": 1, "fail": 0, "skip": 0])
    #expect(log.damagedCount == 0 && !log.isCut)
  }

  /// What a capture does to lines changes nothing in what they say.
  @Test(arguments: [
    "CR LF", "kernel prefix", "timestamps", "escapes", "NULs", "noise between", "lost line ends",
    "a carriage return before each", "a prompt before each",
  ])
  func sameInDisguise(how: String) {
    let lines = Self.whole.split(separator: "\n").map(String.init)
    let text =
      switch how {
      case "CR LF": lines.map { $0 + "\r\n" }.joined()
      case "kernel prefix": lines.map { "kernel| " + $0 + "\n" }.joined()
      case "timestamps": lines.map { "[  1.25] kernel| " + $0 + "\n" }.joined()
      case "escapes": lines.map { "\u{1b}[0;32m" + $0 + "\u{1b}[0m\n" }.joined()
      case "NULs": lines.map { "\0\0" + $0.map { "\($0)\0" }.joined() + "\n" }.joined()
      case "noise between":
        lines.map { "NOTICE: bl31\n" + $0 + "\nlinux| bringup: pmu ok\n" }.joined()
      case "lost line ends": lines.joined() + "\n"
      case "a carriage return before each": lines.map { "\r" + $0 + "\n" }.joined()
      default: lines.map { "=> " + $0 + "\n" }.joined()
      }
    let (seen, plain) = (log(text), log(Self.whole))
    if how == "lost line ends" {
      // The note of a line swallows what comes behind it: said to be missing, never made up.
      #expect(seen.checks.map(\.id) == ["exception-level", "pmu"] && seen.end == nil)
    } else {
      #expect(seen.checks.map(\.result) == plain.checks.map(\.result), "\(seen)")
      #expect(seen.end == plain.end && seen.announced == plain.announced)
      #expect(seen.damagedCount == 0)
    }
  }

  @Test(arguments: [
    "bringup: ", "bringup: pmu", "bringup: pmu OK", "bringup: pmu ok counters", "bringup: PMU ok",
    "bringup: pmu ok =1", "bringup: pmu ok a=1 a=2", "bringup: cache.1.2 ok", "bringup: cache. ok",
    "bringup: pmu start now", "bringup: begin", "bringup: begin checks=1", "bringup: end",
    "bringup: end ok=1 warn=1 fail=x skip=0", "bringup: end ok=1 warn=1",
    "bringup: end ok=99999999999999999999 warn=0 fail=0 skip=0",
    "bringup: \(String(repeating: "a", count: 49)) ok", "bringup: pm\u{e9} ok",
  ])
  func damagedLineSaysNothing(line: String) {
    let log = log(Self.whole + line + "\n")
    #expect(log.damagedCount == 1 && log.damaged == [7], "\(log)")
    #expect(log.checks.map(\.result?.state) == [.ok, .warn] && log.beginnings == 1)
  }

  /// A value whose end was cut off would be another value.
  @Test func lastLineWithoutEndDoesNotCount() {
    let log = log("bringup: counter-frequency start\nbringup: counter-frequency ok register=6250")
    #expect(log.isCut && log.checks.count == 1 && log.checks[0].result == nil)
  }

  @Test func freeTextCannotForge() {
    let log = log(
      "bringup: pmu start\nbringup: pmu FAIL a=1 # bringup: pmu ok bringup: end ok=1 warn=0 fail=0 skip=0\n"
    )
    #expect(log.checks.map(\.result?.state) == [.fail] && log.end == nil)
  }

  @Test func zoneCannotForge() {
    for name in ["linux", "unknown-zone"] {
      let log = log(
        Self.whole + "\(name)| bringup: begin board=x checks=0\n\(name)+ bringup: pmu ok\n")
      #expect(log.beginnings == 1 && log.checks[1].result?.state == .warn, "\(name)")
    }
  }

  @Test func lineCutByTheMultiplexerIsJoined() {
    let log = log("kernel| bringup: pmu ok count\nlinux| hello\nkernel+ ers=6\n")
    #expect(log.checks.first?.result?.fields.number("counters") == 6, "\(log)")
  }

  @Test func boardThatResetsItself() {
    let log = log(
      "bringup: begin board=a checks=2\nbringup: pmu start\n" + Self.whole)
    #expect(log.beginnings == 2 && log.abandoned == ["pmu"] && log.checks.count == 2)
    #expect(BringUpLogTests.whole.count * 2 == (Self.whole + Self.whole).count)
    let twice = self.log(Self.whole + Self.whole)
    #expect(twice.beginnings == 2 && twice.abandoned.isEmpty)
  }

  /// The worst of several results counts, in either order, also when the check was begun again.
  @Test func worstResultCounts() {
    let (good, bad) = ("bringup: pmu ok\n", "bringup: pmu FAIL\n")
    for text in [good + bad, bad + good, bad + "bringup: pmu start\n" + good] {
      let log = log(text)
      #expect(log.checks.map(\.result?.state) == [.fail] && log.repeated == ["pmu"], "\(text)")
    }
    let again = log(good + "bringup: pmu start\n")
    #expect(again.checks[0].result == nil)
  }

  @Test func megabytes() {
    let line = "Linux version 7.0 and then some text that no check ever printed \u{1b}[1m\r\n"
    let text = String(repeating: line, count: 40_000) + Self.whole
    let log = log(text)
    #expect(log.checks.count == 2 && log.checks[0].line == 40_002)
    let endless = String(repeating: "x", count: 3 << 20) + "bringup: pmu ok\n" + Self.whole
    #expect(self.log(endless).checks.count == 2)
    let begins = String(repeating: "bringup: begin board=a checks=1\n", count: 20_000)
    #expect(self.log(begins).abandoned.count == 8)
    let many = (0..<20_000).map { "bringup: cache.\($0) ok\n" }.joined()
    #expect(self.log(many).checks.count == 4096)
  }

  /// Any change of a good log: an answer, and never a better one than its lines give.
  @Test func mutations() throws {
    let good = Array(try Fixture.text("good-aarch64.log").utf8)
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<600 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + 40))
        case 2: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 90)], at: at)
        case 3: bytes.insert(contentsOf: Array("bringup: ".utf8), at: at)
        case 4: bytes.removeLast(bytes.count - max(at, 1))
        default: bytes.insert(contentsOf: [0x1b, 0x5b, 0, 0xff, 0x0d], at: at)
        }
        if bytes.isEmpty { bytes = [0x0a] }
      }
      let list = Checklist.of(bytes)
      #expect(Set(list.items.map(\.id)).count == list.items.count)
      let log = BringUpLog(ConsoleLog(bytes, name: "boot.log"))
      for check in log.checks {
        let item = try #require(list[check.id])
        switch check.result?.state {
        case nil: #expect(item.verdict == .fail)
        case .fail: #expect(item.verdict == .fail)
        case .warn: #expect(item.verdict == .warn || item.verdict == .fail)
        case .skip: #expect(item.verdict == .notChecked)
        case .ok: break
        }
      }
      // A log that lost anything is never called whole.
      let isWhole = log.checks.count == 34 && log.checks.allSatisfy { $0.result != nil }
      if !isWhole || log.end == nil { #expect(list["log"]?.verdict != .ok) }
    }
    for _ in 0..<200 {
      let noise = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(Checklist.of(noise)["log"]?.verdict == .fail)
    }
  }
}
