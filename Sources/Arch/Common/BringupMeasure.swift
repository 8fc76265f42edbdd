#if BRINGUP && hasFeature(Embedded)
internal import ArchShims
public import Bringup
import LatencyProbe
public import SepKernel

// SAFETY, throughout: as in BringupState.swift.

// What a CPU measures: each a step on that CPU, and its judgement on the boot CPU.

/// Interrupts that the program below takes.
private let deliveries: UInt64 = 1000

extension BringupHardware {
  /// The wait on another CPU, if there is one: a CPU that does not wake up is then not this one.
  func tryWait() -> CheckStatus {
    let state = unsafe bringupState()
    guard let plan = unsafe state.pointee.plan else { return .skip }
    var cpu = unsafe state.pointee.own
    for other in 0..<plan.cpuCount
    where unsafe cpu == state.pointee.own && other != cpu && hasInterface(other)
      && state.pointee.present >> UInt64(other) & 1 != 0
    {
      cpu = other
    }
    unsafe state.pointee.line.add("cpu", count: cpu)
    let result = run(.wait, 0, on: cpu, milliseconds: 4000)
    if case .lost = result {
      return unsafe judgeWake(woke: false, early: 0, late: 0, frequency: 0, &state.pointee.line)
    }
    if let status = complain(result, cpu: cpu) { return status }
    let words = words(of: cpu)
    let status = unsafe judgeWake(
      woke: words[.result0] != 0, early: words[.result1], late: words[.result2],
      frequency: state.pointee.frequency, &state.pointee.line)
    unsafe state.pointee.canSleep = status == .ok
    return status
  }

  /// Sleeps until a timer interrupt that is not taken, 5 ms away. `arm` sets that timer, `sleep` is the wait.
  public func waitOnce(arm: (UInt64) -> Void, sleep: () -> Void) {
    let words = ownWords
    let deadline = unsafe readCounter() &+ bringupState().pointee.ticksPerMillisecond * 5
    arm(deadline)
    var early: UInt64 = 0
    var now = readCounter()
    while now < deadline {
      sleep()
      now = readCounter()
      if now < deadline { early += 1 }
    }
    words[.result1] = early
    words[.result2] = now &- deadline
    words[.result0] = 1
  }

  func deliver(on cpu: Int) -> CheckStatus {
    let state = unsafe bringupState()
    guard unsafe state.pointee.guestTables != 0 else {
      unsafe state.pointee.line.note("no tables were left for the program below")
      return .fail
    }
    let result = run(.delivery, deliveries, on: cpu, milliseconds: 15_000)
    let words = words(of: cpu)
    var outcome = DeliveryResult()
    switch result {
    case .ended(BringupEnd.guest.rawValue) where isGuestEnd(words):
      outcome.interrupts = words[.result0]
      outcome.shortest = words[.result1]
      outcome.longest = words[.result2]
    case .ended(BringupEnd.guest.rawValue), .ended(BringupEnd.guestEvent.rawValue):
      outcome.exits = 1
      outcome.syndrome = words[.result3] != 0 ? words[.result3] : words[.syndrome]
      outcome.address = words[.place]
    case .ended(BringupEnd.returned.rawValue):
      unsafe state.pointee.line.note("this CPU has no timer of its own for a program below")
      return .skip
    case .ended, .lost, .absent: return complain(result, cpu: cpu) ?? .fail
    }
    return unsafe judge(outcome, wanted: deliveries, &state.pointee.line)
  }

  func measure(cpu: Int) -> CheckStatus {
    let state = unsafe bringupState()
    guard let plan = unsafe state.pointee.plan, let records = records else {
      unsafe state.pointee.line.note("the Plan has no records")
      return .skip
    }
    let samples = UInt64(max(plan.baselineSamples, 1))
    if let status = complain(
      run(.baseline, samples, on: cpu, milliseconds: 5000 + samples * 2), cpu: cpu)
    {
      return status
    }
    let baseline = unsafe records.baseline(cpu: cpu)
    let taken =
      unsafe baseline.pointee.magic == BaselineBlock.magicValue
      ? baseline.pointee.latency.count : 0
    return unsafe judgeBaseline(
      samples: taken, wanted: samples,
      minimum: baseline.pointee.latency.minimum?.lowerBound ?? 0,
      maximum: baseline.pointee.latency.maximum ?? 0,
      mean: taken > 0 ? baseline.pointee.latency.sum / taken : 0, &state.pointee.line)
  }

  /// The records of the Plan.
  private var records: RecordRegion? {
    guard let plan = unsafe bringupState().pointee.plan,
      let layout = RecordLayout(
        cpus: plan.cpuCount, zones: plan.zoneCount, regionBytes: plan.records.size),
      let base = unsafe UnsafeMutableRawPointer(bitPattern: UInt(plan.records.base))
    else { return nil }
    return unsafe RecordRegion(base: base, layout: layout)
  }

  /// Prepares them, with a log of this report behind them.
  public func openRecords(
    architecture: PlanArchitecture, frequency: UInt64, cpuModel: UInt64, bootTick: UInt64
  ) {
    guard let records, let plan = unsafe bringupState().pointee.plan else { return }
    var board = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<32 { board[index] = plan.boardName(index) }
    records.initialise(
      RecordIdentity(
        architecture: architecture.rawValue, counterFrequency: frequency,
        planChecksum: plan.header.checksum, imageHash: plan.header.imageHash, cpuModel: cpuModel,
        board: board, bootTick: bootTick))
    for cpu in 0..<plan.cpuCount {
      _ = unsafe records.initialiseCPU(
        cpu, hardwareID: plan.cpu(cpu).hardwareID, zone: CPUProbeBlock.nobody)
    }
    if let log = records.addBringupLog(regionBytes: plan.records.size) {
      unsafe bringupState().pointee.output.open(log: log)
    }
  }

  func scan(cpu: Int) -> CheckStatus {
    let state = unsafe bringupState()
    if let status = complain(run(.scan, 100, on: cpu, milliseconds: 5000), cpu: cpu) {
      return status
    }
    let words = words(of: cpu)
    let frequency = unsafe state.pointee.frequency
    return unsafe judge(
      GapScan(
        bound: gapBound(frequency), longest: words[.result0], above: words[.result1],
        stolen: words[.result2], total: words[.result3]), frequency: frequency,
      &state.pointee.line)
  }

  /// 10 us: what no cache miss and no refresh of memory takes.
  private func gapBound(_ frequency: UInt64) -> UInt64 { max(frequency / 100_000, 1) }

  func scanCounter(milliseconds: UInt64) {
    let state = unsafe bringupState()
    setInterrupts(false)
    var scan = GapScan(bound: gapBound(unsafe state.pointee.frequency))
    var last = board.counter()
    let end = unsafe last &+ state.pointee.ticksPerMillisecond * milliseconds
    while last < end {
      let now = board.counter()
      scan.take(last, now)
      last = now
    }
    let words = ownWords
    words[.result0] = scan.longest
    words[.result1] = scan.above
    words[.result2] = scan.stolen
    words[.result3] = scan.total
  }
}
#endif
