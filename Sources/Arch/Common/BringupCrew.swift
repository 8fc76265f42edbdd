#if BRINGUP && hasFeature(Embedded)
internal import ArchShims
public import Bringup
public import SepKernel

// SAFETY, throughout: as in BringupState.swift.

// Other CPUs: started, compared, and given steps to make.

/// What came of a step on a CPU.
public enum StepResult: Sendable {
  /// `BringupEnd`.
  case ended(UInt64)
  /// The CPU does not answer any more, and gets nothing more to do.
  case lost
  /// It is not there.
  case absent
}

/// Exchanges of counter values with each CPU, as far as a second suffices.
private let exchanges = 100

extension BringupHardware {
  /// What every CPU but the boot CPU does for ever: one step after the other.
  public func serve() -> Never {
    let own = ownWords
    own[.arrived] = 1
    while true {
      let command = own[.command]
      guard command != 0, let step = BringupStep(rawValue: command - 1) else {
        rest()
        continue
      }
      shim_order()
      own[.answer] = guarded(step, own[.argument])
      shim_order()
      own[.command] = 0
    }
  }

  /// Makes a step on a CPU, at most so long. On the boot CPU itself the watchdog is what ends it.
  public func run(
    _ step: BringupStep, _ argument: UInt64, on cpu: Int, milliseconds: UInt64
  ) -> StepResult {
    let state = unsafe bringupState()
    guard unsafe state.pointee.present >> UInt64(cpu) & 1 != 0 else { return .absent }
    if unsafe cpu == state.pointee.own {
      let end = guarded(step, argument)
      setInterrupts(true)
      return .ended(end)
    }
    let words = words(of: cpu)
    post(step, argument, to: words)
    let limit = unsafe state.pointee.ticksPerMillisecond * milliseconds
    let begin = readCounter()
    while words[.command] != 0 {
      guard readCounter() &- begin < limit else {
        unsafe state.pointee.present &= ~(1 << UInt64(cpu))
        return .lost
      }
      rest()
    }
    shim_order()
    return .ended(words[.answer])
  }

  func post(_ step: BringupStep, _ argument: UInt64, to words: BringupCPU) {
    words[.argument] = argument
    shim_order()
    words[.command] = step.rawValue + 1
  }

  /// The line and the status of a step that did not end well; nil when it returned.
  public func complain(_ result: StepResult, cpu: Int) -> CheckStatus? {
    let state = unsafe bringupState()
    switch result {
    case .ended(0): return nil
    case .ended(let end):
      let fault = fault(of: words(of: cpu), end)
      unsafe state.pointee.line.describe(fault)
      return .fail
    case .lost:
      unsafe state.pointee.line.describe(CheckFault(kind: .timeout))
      return .fail
    case .absent:
      unsafe state.pointee.line.note("this CPU is not there")
      return .skip
    }
  }

  func start(cpu: Int) -> CheckStatus {
    let state = unsafe bringupState()
    guard let plan = unsafe state.pointee.plan else { return .skip }
    let id = plan.cpu(cpu).hardwareID
    let frequency = unsafe state.pointee.frequency
    if unsafe cpu == state.pointee.own {
      unsafe state.pointee.line.add("id", hex: id)
      unsafe state.pointee.line.add("boot", 1)
      return .ok
    }
    let words = words(of: cpu)
    words[.arrived] = 0
    words[.command] = 0
    let begin = readCounter()
    let error = powerOn(cpu: cpu)
    guard error == 0 else {
      return unsafe judgeStart(
        hardwareID: id, error: error, ticks: nil, frequency: frequency, &state.pointee.line)
    }
    let limit = frequency * 2
    while words[.arrived] == 0, readCounter() &- begin < limit { board.pause() }
    let took: UInt64? = words[.arrived] == 0 ? nil : readCounter() &- begin
    let status = unsafe judgeStart(
      hardwareID: id, error: nil, ticks: took, frequency: frequency, &state.pointee.line)
    guard status == .ok else { return status }
    unsafe state.pointee.present |= 1 << UInt64(cpu)
    if unsafe state.pointee.controllerReady {
      if let status = complain(run(.interface, 0, on: cpu, milliseconds: 2000), cpu: cpu) {
        return status
      }
      // What `interrupt-controller` did not know of is told here.
      if words[.result0] == 0, hasInterface(cpu) {
        unsafe state.pointee.interfaces &= ~(1 << UInt64(cpu))
        unsafe state.pointee.line.note("this CPU's part of the interrupt controller is not there")
        return .fail
      }
    }
    return .ok
  }

  /// Exchanges of counter values with each CPU that is there.
  func compareCounters() -> CheckStatus {
    let state = unsafe bringupState()
    guard let plan = unsafe state.pointee.plan else { return .skip }
    var exchange = CounterExchange()
    var cpus = 1
    // This CPU alone: it must not go back either.
    var last = readCounter()
    for _ in 0..<1000 {
      let now = readCounter()
      exchange.take(before: last, after: now)
      last = now
    }
    for cpu in 0..<plan.cpuCount
    where unsafe cpu != state.pointee.own && state.pointee.present >> UInt64(cpu) & 1 != 0 {
      if exchangeCounters(with: cpu, &exchange) { cpus += 1 } else { exchange.lost += 1 }
    }
    return unsafe judge(exchange, cpus: cpus, &state.pointee.line)
  }

  /// The lowest bit of a value is what makes it new, and says nothing: a value above is compared with one below.
  private func exchangeCounters(with cpu: Int, _ exchange: inout CounterExchange) -> Bool {
    let words = words(of: cpu)
    let limit = unsafe bringupState().pointee.ticksPerMillisecond * 1000
    words[.ping] = 0
    words[.pong] = 0
    post(.echo, 0, to: words)
    let begin = readCounter()
    var answered = false
    for _ in 0..<exchanges {
      let previous = words[.pong]
      var sent = readCounter() | 1
      if sent == words[.ping] { sent ^= 1 }
      words[.ping] = sent
      while words[.pong] == previous, readCounter() &- begin < limit { board.pause() }
      let other = words[.pong]
      guard other != previous else { break }
      answered = true
      exchange.take(before: sent & ~1, after: other | 1)
      exchange.take(before: other & ~1, after: readCounter() | 1)
    }
    words[.ping] = ~0
    while words[.command] != 0, readCounter() &- begin < 2 * limit { board.pause() }
    if words[.command] != 0 {
      unsafe bringupState().pointee.present &= ~(1 << UInt64(cpu))
      return false
    }
    return answered
  }

  /// The other side of it, until it is told to end or nothing comes any more.
  func echo() {
    let words = ownWords
    let limit = unsafe bringupState().pointee.ticksPerMillisecond * 2000
    let begin = readCounter()
    var last: UInt64 = 0
    while readCounter() &- begin < limit {
      let ping = words[.ping]
      guard ping != last else {
        board.pause()
        continue
      }
      if ping == ~0 { return }
      last = ping
      var own = readCounter()
      if own == words[.pong] { own ^= 1 }
      words[.pong] = own
    }
  }
}
#endif
