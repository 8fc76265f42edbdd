internal import Glibc

/// Why a run could not begin.
package enum RunStartError: Error, Equatable, CustomStringConvertible {
  case file(FileError)
  case emulator(StartError)

  /// One sentence.
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .emulator(let error): "QEMU could not be started: \(error.description)"
    }
  }
}

/// One run of a machine in QEMU: a single poll(2) loop over the UART, QEMU's errors, the keyboard,
/// signals and three timers (timeout, settling of an end, a line that stays unfinished).
package final class MachineRun {
  /// A line that has not grown for this long is looked at although it has not ended.
  package static let promptDelay: Duration = .milliseconds(50)

  private let configuration: RunConfiguration
  private let logs: RunLogs
  private let pipeline: ConsolePipeline
  private let inbox = SignalInbox()
  private let child: ChildProcess
  private let start = ContinuousClock.now
  private var policy: RunPolicy
  private var keyboard = Keyboard()
  /// The terminal to read keys from, as long as somebody types.
  private var keyboardDescriptor: Int32?
  private var keyboardZone: Int?
  private var typing = TypingQueue()
  private var outputOpen = true
  private var errorsOpen = true
  private var emulatorText = PendingLines()
  private var promptDeadline: ContinuousClock.Instant?
  private var settling: (verdict: RunPolicy.Verdict, deadline: ContinuousClock.Instant)?
  private var warnings: [String] = []
  private var end: RunEnd?

  /// Starts QEMU. From now on signals do not end the process but the run.
  package init(_ configuration: RunConfiguration) throws(RunStartError) {
    self.configuration = configuration
    let zones = configuration.zones.map(\.name)
    do {
      logs = try RunLogs(folder: configuration.logFolder, zones: zones)
    } catch {
      throw .file(error)
    }
    pipeline = ConsolePipeline(
      zones: zones, style: configuration.style, logs: logs, output: configuration.output)
    policy = configuration.policy
    keyboardZone = configuration.keyboardZone
    do {
      let words = configuration.command.words
      child = try ChildProcess(words.program, words.arguments)
    } catch {
      throw .emulator(error)
    }
  }

  /// Runs the machine to its end, whatever that is, and ends QEMU. `keyboard`: a raw terminal to
  /// read keys from; nil: nobody types.
  package func run(keyboard: Int32? = nil) -> RunResult {
    keyboardDescriptor = keyboardZone == nil ? nil : keyboard
    while end == nil {
      step(now: .now)
    }
    var record: [UInt8]?
    if let request = configuration.record, let socket = configuration.command.qmpSocket {
      record = takeRecord(request, socket)
    }
    let seconds = start.duration(to: .now).inSeconds
    // What QEMU says when it is told to end is no news.
    let messages = emulatorText.tail
    endMachine()
    drain()
    _ = pipeline.finish()
    if let failure = logs.failure { warnings.append("a log is incomplete: \(failure)") }
    let end = self.end ?? .emulatorDied("QEMU died")
    return RunResult(
      end: end, states: policy.states, seconds: seconds,
      lastLines: pipeline.lastLines(of: subject(of: end)),
      emulatorMessages: messages,
      warnings: warnings, record: record)
  }

  /// Waits for one thing to happen and deals with it.
  private func step(now: ContinuousClock.Instant) {
    let deadlines = [timeoutDeadline, promptDeadline, settling?.deadline, now + .milliseconds(100)]
    let next = deadlines.compactMap { $0 }.min() ?? now
    let wait = now.duration(to: next).wholeMilliseconds
    var interests = machineInterests
    if let keyboardDescriptor {
      interests.append(DescriptorIO.Interest(keyboardDescriptor))
    }
    if !typing.isEmpty {
      interests.append(DescriptorIO.Interest(child.inputDescriptor, write: true))
    }
    let wasRunning = child.isRunning
    for ready in DescriptorIO.poll(interests, milliseconds: wait) {
      if ready.write {
        typing.write(to: child.inputDescriptor)
      } else if ready.descriptor == keyboardDescriptor {
        readKeyboard(ready.descriptor)
      } else {
        readMachine(ready.descriptor)
      }
    }
    if !wasRunning { machineDied() }
    checkTimers(now: .now)
    if pipeline.outputClosed {
      conclude(.interrupted(name: "the reader of its output, who has gone", number: SIGPIPE))
    }
  }

  private var timeoutDeadline: ContinuousClock.Instant? {
    configuration.timeout.map { start + .seconds($0) }
  }

  private var machineInterests: [DescriptorIO.Interest] {
    var interests = [DescriptorIO.Interest(inbox.descriptor)]
    if outputOpen { interests.append(DescriptorIO.Interest(child.outputDescriptor)) }
    if errorsOpen { interests.append(DescriptorIO.Interest(child.errorDescriptor)) }
    return interests
  }

  private func checkTimers(now: ContinuousClock.Instant) {
    if let deadline = promptDeadline, now >= deadline {
      promptDeadline = nil
      if let line = pipeline.openLine { look(at: line, ended: false) }
    }
    if let verdict = policy.verdict {
      if settling?.verdict != verdict { settling = (verdict, now + verdict.settle) }
    } else {
      settling = nil
    }
    if let settling, now >= settling.deadline { conclude(settling.verdict.end) }
    if let deadline = timeoutDeadline, now >= deadline {
      conclude(
        settling?.verdict.end ?? policy.timedOut(after: configuration.timeout ?? 0))
    }
  }

  /// The first end counts.
  private func conclude(_ end: RunEnd) {
    if self.end == nil { self.end = end }
  }

  private func readMachine(_ descriptor: Int32) {
    if descriptor == inbox.descriptor {
      if let number = inbox.take().first {
        conclude(.interrupted(name: SignalInbox.name(number), number: number))
      }
      return
    }
    switch DescriptorIO.read(descriptor) {
    case .bytes(let bytes):
      if descriptor == child.outputDescriptor {
        for line in pipeline.take(bytes) { look(at: line, ended: true) }
        promptDeadline = pipeline.openLine == nil ? nil : .now + MachineRun.promptDelay
      } else {
        emulatorText.take(bytes)
      }
    case .wouldBlock:
      return
    case .end, .failed:
      if descriptor == child.outputDescriptor { outputOpen = false } else { errorsOpen = false }
    }
  }

  /// Shows a line to the policy, unless the run has ended before it.
  private func look(at line: ConsoleLine, ended: Bool) {
    guard end == nil, policy.verdict?.settle != .zero else { return }
    for step in policy.take(line, ended: ended) { type(step.text.bytes, at: step.zone) }
  }

  private func type(_ bytes: [UInt8], at zone: Int) {
    if !typing.add(bytes, for: zone), !warnings.contains(TypingQueue.lossWarning) {
      warnings.append(TypingQueue.lossWarning)
    }
  }

  private func readKeyboard(_ descriptor: Int32) {
    guard case .bytes(let bytes) = DescriptorIO.read(descriptor) else {
      keyboardDescriptor = nil
      return
    }
    for action in keyboard.take(bytes) {
      switch action {
      case .type(let bytes):
        if let zone = keyboardZone { type(bytes, at: zone) }
      case .select(let zone):
        select(zone)
      case .quit:
        conclude(policy.quit())
      case .help:
        tell("Ctrl-A x ends, Ctrl-A Ctrl-A types Ctrl-A, Ctrl-] 0-f selects a zone:")
        for (index, zone) in configuration.zones.enumerated() where zone.hasConsole {
          tell("  \(String(index, radix: 16)) \(zone.name)\(index == keyboardZone ? " (now)" : "")")
        }
      }
    }
  }

  private func select(_ zone: Int) {
    guard configuration.zones.indices.contains(zone), configuration.zones[zone].hasConsole else {
      tell("there is no zone with a console at \(String(zone, radix: 16)); Ctrl-A h lists them")
      return
    }
    keyboardZone = zone
    tell("the keyboard goes to zone \(configuration.zones[zone].name)")
  }

  private func tell(_ text: String) {
    pipeline.freshLine()
    DescriptorIO.writeAll(STDERR_FILENO, Array("hv: \(text)\n".utf8))
  }

  private func machineDied() {
    drain()
    if let line = pipeline.openLine { look(at: line, ended: false) }
    if let verdict = policy.verdict {
      conclude(verdict.end)
    } else {
      conclude(.emulatorDied("QEMU \(child.endDescription ?? "died") by itself"))
    }
  }

  /// Ends QEMU: SIGTERM, and SIGKILL after 2 s. Its output is read meanwhile, as a full pipe would
  /// keep it from hearing SIGTERM.
  private func endMachine() {
    child.terminate()
    let deadline = ContinuousClock.now + .seconds(2)
    while child.isRunning, ContinuousClock.now < deadline {
      for ready in DescriptorIO.poll(machineInterests, milliseconds: 5) {
        readMachine(ready.descriptor)
      }
    }
    child.end(patience: .zero)
  }

  /// Reads all there is without waiting.
  private func drain() {
    while outputOpen, hasInput(child.outputDescriptor) { readMachine(child.outputDescriptor) }
    while errorsOpen, hasInput(child.errorDescriptor) { readMachine(child.errorDescriptor) }
  }

  private func hasInput(_ descriptor: Int32) -> Bool {
    !DescriptorIO.poll([DescriptorIO.Interest(descriptor)], milliseconds: 0).isEmpty
  }

  /// Gets the records on another thread while the UART is still read: a full pipe would stop QEMU
  /// in the middle of a guest's store, and then it answers nobody.
  private func takeRecord(_ request: RecordRequest, _ socket: String) -> [UInt8]? {
    guard child.isRunning else {
      recordFailed("QEMU has ended already")
      return nil
    }
    let dump = MemoryDump.Task(
      request, socket: socket, scratchFolder: configuration.scratchFolder, wake: inbox.waker())
    while true {
      if let result = dump.result {
        switch result {
        case .success(let bytes): return bytes
        case .failure(let error): recordFailed(error.description)
        }
        return nil
      }
      for ready in DescriptorIO.poll(machineInterests, milliseconds: 100) {
        readMachine(ready.descriptor)
      }
    }
  }

  /// Lost records are the run's end when it was good, a warning when it was not.
  private func recordFailed(_ why: String) {
    if end?.exitCode == 0 {
      end = .recordFailed(why)
    } else {
      warnings.append("no latency records were written: \(why)")
    }
  }

  /// Whose last lines explain the end; nil: everybody's.
  private func subject(of end: RunEnd) -> ConsoleSource? {
    switch end {
    case .panic, .planRefused: return .kernel
    case .zoneFailed(let zone, _), .zoneRefused(let zone, _):
      return configuration.zones.firstIndex { $0.name == zone }.map { .zone($0) }
    case .matched, .zonesStopped, .quit, .timeout, .unfinished, .emulatorDied, .recordFailed,
      .interrupted:
      return nil
    }
  }
}
