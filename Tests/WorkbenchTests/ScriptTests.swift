import Testing

@testable import Workbench

private let zones = [
  RunZone(name: "linux"), RunZone(name: "rt"), RunZone(name: "mute", hasConsole: false),
]
private let names = zones.map(\.name)

private func line(_ source: ConsoleSource, _ text: String, number: Int = 1) -> ConsoleLine {
  ConsoleLine(source: source, number: number, text: text)
}

@Suite struct LinePatternTests {
  @Test func anySource() throws {
    let pattern = try LinePattern("rt=DO+NE", option: "--until", zones: names)
    #expect(pattern.source == nil)
    #expect(pattern.matches(line(.zone(1), "x rt=DONE y")))
    #expect(pattern.matches(line(.kernel, "rt=DOONE")))
    #expect(!pattern.matches(line(.zone(1), "rt=DNE")))
  }

  @Test func oneSource() throws {
    let pattern = try LinePattern("rt:^DONE: \\d+$", option: "--until", zones: names)
    #expect(pattern.matches(line(.zone(1), "DONE: 12")))
    #expect(!pattern.matches(line(.zone(0), "DONE: 12")))
    #expect(!pattern.matches(line(.zone(1), "DONE: 12 ")))
    #expect(try LinePattern("kernel:x", option: "", zones: names).source == .kernel)
    #expect(
      try LinePattern("*:login: ", option: "", zones: names).matches(line(.zone(0), "login: ")))
    #expect(try LinePattern("(login|x): ", option: "", zones: names).source == nil)
    #expect(try LinePattern(":x", option: "", zones: names).source == nil)
  }

  @Test(arguments: [
    ("linx:x", "no zone 'linx' (there are: linux, rt, mute, kernel)"),
    ("linx:x", "write '*:linx:x'"), ("(", "is no regular expression"), ("rt:(", "'rt:('"),
    ("", "is empty"), ("rt:", "is empty"),
  ]) func errorsSayWhatToDo(row: (String, String)) throws {
    let error = #expect(throws: ScriptError.self) {
      try LinePattern(row.0, option: "--until", zones: names)
    }
    #expect(error?.description.contains(row.1) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("--until '") == true)
  }
}

@Suite struct TypedTextTests {
  @Test(arguments: [
    ("ls", "ls\r"), ("", "\r"), ("ls\\c", "ls"), ("a\\:b", "a:b\r"), ("\\x03\\c", "\u{3}"),
    ("\\e[A\\t\\n\\r\\\\\\c", "\u{1b}[A\t\n\r\\"),
  ]) func escapes(row: (String, String)) throws {
    let text = try TypedText(row.0, written: row.0, option: "--send")
    #expect(String(decoding: text.bytes, as: UTF8.self) == row.1)
  }

  @Test(arguments: ["\\", "\\q", "\\cx", "\\x", "\\x1", "\\xgg", "\\x+1"])
  func refusesUnknownEscapes(text: String) {
    #expect(throws: ScriptError.self) { try TypedText(text, written: text, option: "--send") }
  }
}

@Suite struct SendScriptTests {
  @Test func splitsAtTheFirstTwoColons() throws {
    let step = try SendStep("linux:login\\: :root:x", zones: zones)
    #expect(step.zone == 0)
    #expect(step.text.bytes == Array("root:x\r".utf8))
    #expect(step.matchEnd(in: "login: ") == 7)
  }

  @Test(arguments: [
    ("x", "ZONE:REGEX:TEXT"), ("linux:x", "ZONE:REGEX:TEXT"), ("nobody:x:y", "no zone 'nobody'"),
    ("mute:x:y", "no console"), ("linux:(:y", "no regular expression"), ("linux::y", "is empty"),
    ("linux:x:\\q", "unknown escape"), ("", "ZONE:REGEX:TEXT"), ("::", "no zone ''"),
  ]) func errorsSayWhatToDo(row: (String, String)) {
    let error = #expect(throws: ScriptError.self) { try SendStep(row.0, zones: zones) }
    #expect(error?.description.contains(row.1) == true, "\(error?.description ?? "")")
  }

  @Test func eachStepSearchesAfterTheOneBefore() throws {
    var script = SendScript([
      try SendStep("linux:# :one", zones: zones), try SendStep("linux:# :two", zones: zones),
      try SendStep("rt:x:three", zones: zones),
    ])
    #expect(script.take(line(.zone(0), "/ # ")).map(\.written) == ["linux:# :one"])
    // The same prompt, and then its echo, must not be taken for the next prompt.
    #expect(script.take(line(.zone(0), "/ # ")).isEmpty)
    #expect(script.take(line(.zone(0), "/ # one")).isEmpty)
    #expect(script.take(line(.zone(1), "/ # ")).isEmpty)
    #expect(script.pending.count == 2)
    #expect(script.take(line(.zone(0), "/ # ", number: 3)).map(\.written) == ["linux:# :two"])
    #expect(script.take(line(.zone(1), "x")).count == 1)
    #expect(script.take(line(.kernel, "x")).isEmpty)
    #expect(script.pending.isEmpty)
  }

  @Test func twoStepsOnOneLine() throws {
    var script = SendScript([
      try SendStep("linux:a:1", zones: zones), try SendStep("linux:b:2", zones: zones),
    ])
    #expect(script.take(line(.zone(0), "ab")).count == 2)
  }

  @Test func inputWaitsForTheFirstText() throws {
    var script = SendScript([try SendStep(input: "ls", zone: "linux", zones: zones)])
    #expect(script.take(line(.zone(0), "")).isEmpty)
    #expect(script.take(line(.zone(0), "x")).count == 1)
  }
}

@Suite struct KeyboardTests {
  @Test(arguments: [
    ("abc", [KeyAction.type(Array("abc".utf8))]), ("\u{1}x", [.quit]), ("\u{1}h", [.help]),
    ("a\u{1}\u{1}b", [.type([0x61, 1, 0x62])]), ("\u{1}a", [.type([1])]), ("\u{1}q", []),
    ("a\u{1d}1b", [.type([0x61]), .select(1), .type([0x62])]), ("\u{1d}F", [.select(15)]),
    ("\u{1d}\u{1d}", [.type([0x1d])]), ("\u{1d}z", []), ("\u{1}", []),
  ]) func keys(row: (String, [KeyAction])) {
    var keyboard = Keyboard()
    #expect(keyboard.take(Array(row.0.utf8)) == row.1)
  }

  @Test func escapesMayComeInPieces() {
    var keyboard = Keyboard()
    #expect(keyboard.take([1]).isEmpty)
    #expect(keyboard.take(Array("x".utf8)) == [.quit])
  }

  @Test func routerSelectsOnlyWhenNeeded() {
    var router = TypingRouter()
    #expect(router.bytes([0x61], to: 10) == [0x1d, 0x61, 0x61])
    #expect(router.bytes([0x62], to: 10) == [0x62])
    #expect(router.bytes([0x1d], to: 0) == [0x1d, 0x30, 0x1d, 0x1d])
  }
}

@Suite struct TypingQueueTests {
  @Test func isBounded() {
    var queue = TypingQueue()
    #expect(queue.isEmpty)
    let fits = queue.add([UInt8](repeating: 0x61, count: TypingQueue.capacity - 2), for: 0)
    let more = queue.add([0x61, 0x61, 0x61], for: 0)
    #expect(fits && !more)
  }

  @Test func forgetsWhatNobodyReads() {
    DescriptorIO.ignoreBrokenPipes()
    var queue = TypingQueue()
    _ = queue.add([0x61], for: 0)
    #expect(!queue.isEmpty)
    queue.write(to: -1)
    #expect(queue.isEmpty)
  }
}

@Suite struct KernelMessageTests {
  @Test(arguments: [
    ("plan refused: checksum", KernelMessage.planRefused("checksum")),
    ("cpu 3 did not start: ALREADY_ON", .cpuMissing(cpu: 3, reason: "ALREADY_ON")),
    ("zone rt refused: cpu 3", .refused(zone: "rt", reason: "cpu 3")),
    ("zone rt started", .started(zone: "rt", restart: 0)),
    ("zone rt started (restart 49)", .started(zone: "rt", restart: 49)),
    ("zone rt stopped: SYSTEM_OFF", .stopped(zone: "rt", reason: "SYSTEM_OFF")),
    (
      "zone rt failed: cpu=1 reason=abort pc=0x40",
      .failed(zone: "rt", record: "cpu=1 reason=abort pc=0x40")
    ),
    ("zone rt dropped 12 bytes of console output", .dropped(zone: "rt", bytes: 12)),
    ("PANIC el2 sync esr=0x1", .panic("el2 sync esr=0x1")), ("PANIC", .panic("")),
  ]) func listed(row: (String, KernelMessage)) {
    #expect(KernelMessage(line: row.0) == row.1)
  }

  @Test(arguments: [
    "", "zone", "zone ", "zone rt", "zone  started", "cpu x did not start: y", "zone rt startedx",
    "zone rt started (restart x)", "zone rt dropped many bytes of console output", "hello",
    "the zone rt started", "zone a b stopped: x", "zone rt started (restart 99999999999999999999)",
  ]) func others(text: String) {
    #expect(KernelMessage(line: text) == nil)
  }
}
