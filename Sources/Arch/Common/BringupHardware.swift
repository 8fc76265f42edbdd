#if BRINGUP && hasFeature(Embedded)
internal import ArchShims
public import Bringup
public import SepKernel

// SAFETY, throughout: as in BringupState.swift.

/// What a bring-up image needs of an architecture. Which CPU makes a step, what ends it and how it is reported is the
/// same everywhere, and is here and in the extensions beside this file.
public protocol BringupHardware: BringupMachine {
  associatedtype Board: Machine
  /// Registers of the board as the kernel drives them.
  var board: Board { get }
  /// A reading of the counter that is not earlier than what came before it in the program.
  func readCounter() -> UInt64
  /// The words of a CPU, and of the one that calls.
  func words(of cpu: Int) -> BringupCPU
  var ownWords: BringupCPU { get }
  /// `bringup_guard`, after which nothing of a program below is left in the CPU's registers.
  func guarded(_ step: BringupStep, _ argument: UInt64) -> UInt64
  /// Sees to it that this CPU's timer can end what it does. Once, under a guard, before the first check.
  func openWatchdog()
  /// The timer ends what this CPU does after that time, where `openWatchdog` could see to it; `stopWatchdog` ends that.
  func startWatchdog(milliseconds: UInt64)
  func stopWatchdog()
  /// Interrupts come, or do not: those of the watchdog.
  func setInterrupts(_ on: Bool)
  /// A moment of waiting for another CPU. Asleep for up to 1 ms once CPUs are known to wake up: a CPU that measures is then
  /// alone on the bus, and in an emulator has its host's time.
  func rest()
  /// Asks firmware for a CPU; what it answers, 0 when the CPU is on its way.
  func powerOn(cpu: Int) -> Int64
  /// Makes a page of RAM reachable at an address, and afterwards sees to it that memory has what was written.
  func access(page: UInt64, _ body: (UInt64) -> Void)
  /// Whether the words of a CPU are those of a program below that came to its end.
  func isGuestEnd(_ words: BringupCPU) -> Bool
  /// The checks that are not the same everywhere.
  func make(_ check: Check) -> CheckStatus
  /// The steps of a CPU that are not the same everywhere.
  func make(_ step: BringupStep, _ argument: UInt64)
}

extension BringupHardware {
  public var hasPlan: Bool {
    unsafe bringupState().pointee.plan != nil && !bringupState().pointee.mapFailed
  }

  public var hasCounter: Bool { unsafe !bringupState().pointee.counterStands }

  public var hasController: Bool { unsafe bringupState().pointee.controllerReady }

  public func hasInterface(_ cpu: Int) -> Bool {
    unsafe bringupState().pointee.interfaces >> UInt64(cpu) & 1 != 0
  }

  public func put(_ byte: UInt8) { unsafe bringupState().pointee.output.put(byte) }

  public func endLine() {
    let state = unsafe bringupState()
    unsafe state.pointee.output.keepLine()
    if unsafe state.pointee.uartWorks { _ = watched(.send) }
    unsafe state.pointee.output.clear()
  }

  public func withLine<R>(_ body: (inout ReportLine) -> R) -> R {
    unsafe body(&bringupState().pointee.line)
  }

  public func perform(_ check: Check) -> CheckOutcome {
    let state = unsafe bringupState()
    unsafe state.pointee.status = .fail
    if unsafe !state.pointee.watchdogTried {
      unsafe state.pointee.watchdogTried = true
      if guarded(.watchdog, 0) != BringupEnd.returned.rawValue {
        unsafe state.pointee.hasWatchdog = false
      }
    }
    let own = unsafe state.pointee.own
    let watcher = hireWatcher(of: check)
    if case .lost = watcher {
      unsafe state.pointee.line.note("no CPU is left that could watch this one")
      return .returned(.skip)
    }
    let end = watched(.check, check.argument, milliseconds: check.kind.patience)
    if case .cpu(let cpu) = watcher { dismiss(cpu, own: own) }
    if end == BringupEnd.returned.rawValue { return unsafe .returned(state.pointee.status) }
    return .ended(fault(of: ownWords, end))
  }

  /// A step of this CPU, which its timer ends.
  @discardableResult
  public func watched(
    _ step: BringupStep, _ argument: UInt64 = 0, milliseconds: UInt64 = 5000
  ) -> UInt64 {
    startWatchdog(milliseconds: milliseconds)
    let end = guarded(step, argument)
    stopWatchdog()
    return end
  }

  public func keep(_ progress: BringupProgress) {
    unsafe bringupState().pointee.progress = progress
  }

  /// What the words of a CPU say of its last end.
  func fault(of cpu: BringupCPU, _ end: UInt64) -> CheckFault {
    let kind: CheckFault.Kind =
      switch BringupEnd(rawValue: end) {
      case .timeout: .timeout
      case .asynchronous, .guestEvent: .asynchronous
      case .exception, .guest, .returned, nil: .exception
      }
    return CheckFault(
      kind: kind, syndrome: cpu[.syndrome], address: cpu[.address],
      offset: cpu[.place] &- shim___image_start())
  }

  /// What `bringup_guard` calls.
  public func perform(_ step: UInt64, _ argument: UInt64) {
    guard let step = BringupStep(rawValue: step) else { return }
    switch step {
    case .send:
      setInterrupts(true)
      sendLine()
      setInterrupts(false)
    case .watchdog: openWatchdog()
    case .check:
      guard let check = Check(argument: argument) else { return }
      setInterrupts(true)
      let status = start(check)
      setInterrupts(false)
      unsafe bringupState().pointee.status = status
    case .watch: watch(argument)
    case .echo: echo()
    case .scan: scanCounter(milliseconds: argument)
    case .identify, .records:
      setInterrupts(true)
      make(step, argument)
      setInterrupts(false)
    case .interface, .wait, .delivery, .baseline: make(step, argument)
    }
  }

  private func start(_ check: Check) -> CheckStatus {
    switch check.kind {
    case .plan: judgePlan()
    case .counterFrequency: lookAtCounter(make(check))
    case .uart: lookAtUART()
    case .uartReceive: receiveThroughLoopback()
    case .ram: lookAtRAM()
    case .cpuStart: start(cpu: check.index)
    case .counterMonotonic: compareCounters()
    case .wfiWake: tryWait()
    case .baseline: measure(cpu: check.index)
    case .stolenTime: scan(cpu: check.index)
    case .delivery: deliver(on: check.index)
    case .exceptionLevel, .firmware, .stage2Granules, .stage2AddressWidth, .vmidBits, .pmu, .cache,
      .interruptController, .lineCount, .securityState, .stuckLines:
      make(check)
    }
  }

  /// Sends the line byte by byte, each with a bounded wait. Until it returns the UART counts as one that does not work.
  private func sendLine() {
    let state = unsafe bringupState()
    unsafe state.pointee.uartWorks = false
    let board = board
    for index in 0..<(unsafe state.pointee.output.count) {
      var tries = 1_000_000
      while !board.canTransmit() {
        tries -= 1
        if tries == 0 { return }
      }
      board.transmit(unsafe state.pointee.output[index])
    }
    unsafe state.pointee.uartWorks = true
  }

  private func judgePlan() -> CheckStatus {
    let state = unsafe bringupState()
    if let error = unsafe state.pointee.planError {
      unsafe state.pointee.line.addWord("error") { put in
        error.reason.forEachNameByte { put($0) }
      }
      unsafe state.pointee.line.add("code", UInt64(error.code))
      if let item = error.item { unsafe state.pointee.line.add("item", count: item) }
      unsafe state.pointee.line.note("the kernel would refuse this Plan; nothing of it is used")
      return .fail
    }
    guard let plan = unsafe state.pointee.plan else {
      unsafe state.pointee.line.note("more CPUs than this image has stacks for")
      return .fail
    }
    unsafe state.pointee.line.add("cpus", count: plan.cpuCount)
    unsafe state.pointee.line.add("checksum", hex: plan.header.checksum)
    if unsafe state.pointee.mapFailed {
      unsafe state.pointee.line.note("regions of the Plan overlap, or tables do not suffice")
      return .fail
    }
    return .ok
  }

  /// What the frequency is is nothing where the counter stands: a million reads are a millisecond at least, in which the
  /// slowest counter counts.
  private func lookAtCounter(_ status: CheckStatus) -> CheckStatus {
    let first = readCounter()
    for _ in 0..<1_000_000 where readCounter() != first { return status }
    let state = unsafe bringupState()
    unsafe state.pointee.counterStands = true
    return unsafe judgeStandingCounter(&state.pointee.line)
  }

  private func lookAtRAM() -> CheckStatus {
    let state = unsafe bringupState()
    guard let plan = unsafe state.pointee.plan else { return .skip }
    var probe = RAMProbe(plan)
    return unsafe probe.run(&state.pointee.line) { page, body in access(page: page, body) }
  }
}
#endif
