// What values mean, whatever the architecture. Each judgement writes what it was given into the line.

/// The counter's frequency: of the hardware's register (nil: no register tells) against the Plan's.
public func judgeFrequency(
  register: UInt64?, plan: UInt64, _ line: inout ReportLine
) -> CheckStatus {
  guard let register else {
    line.add("plan", plan)
    line.note("no register tells it: compare with timebase-frequency of the device tree")
    return .skip
  }
  line.add("register", register)
  line.add("plan", plan)
  if register == 0 {
    line.note("firmware left the register empty")
    return .fail
  }
  if plan == 0 {
    line.note("the Plan accepts what the register says")
    return .warn
  }
  if register != plan {
    line.note("the board description is wrong, or firmware is")
    return .fail
  }
  return .ok
}

/// A counter that is the same in read after read.
public func judgeStandingCounter(_ line: inout ReportLine) -> CheckStatus {
  line.add("counts", 0)
  line.note("the counter stands still: nothing that waits would come to an end")
  return .fail
}

/// Reads of the counter that went back and forth between two CPUs.
public struct CounterExchange: Equatable, Sendable {
  /// Reads that came after a larger one.
  public var backward: UInt64 = 0
  /// By how much, at most.
  public var worst: UInt64 = 0
  /// Longest time from a read on one CPU to the next one on the other.
  public var longest: UInt64 = 0
  /// Reads.
  public var reads: UInt64 = 0
  /// CPUs that did not take part to the end.
  public var lost = 0

  public init() {}

  /// Takes a read that came after one of `before`.
  public mutating func take(before: UInt64, after: UInt64) {
    reads += 1
    if after < before {
      backward += 1
      worst = max(worst, before - after)
    } else {
      longest = max(longest, after - before)
    }
  }
}

/// Whether the counter is one counter for all CPUs.
public func judge(_ exchange: CounterExchange, cpus: Int, _ line: inout ReportLine) -> CheckStatus {
  line.add("cpus", count: cpus)
  line.add("reads", exchange.reads)
  line.add("backward", exchange.backward)
  line.add("worst-ticks", exchange.worst)
  line.add("longest-ticks", exchange.longest)
  if exchange.backward > 0 {
    line.note("the counters of the CPUs differ")
    return .fail
  }
  if exchange.lost > 0 {
    line.add("lost", count: exchange.lost)
    line.note("a CPU stopped answering")
    return .fail
  }
  return exchange.reads > 0 ? .ok : .fail
}

/// How a CPU came up. `error`: what firmware answered when it refused; `ticks`: until it was there, nil: it never was.
public func judgeStart(
  hardwareID: UInt64, error: Int64?, ticks: UInt64?, frequency: UInt64, _ line: inout ReportLine
) -> CheckStatus {
  line.add("id", hex: hardwareID)
  if let error {
    line.add("firmware", signed: error)
    line.note("firmware does not start it: is there such a CPU?")
    return .fail
  }
  guard let ticks else {
    line.note("firmware accepted, the CPU never came")
    return .fail
  }
  line.add("us", microseconds(ticks, frequency))
  return .ok
}

/// Ticks as microseconds, rounded down; 0 without a frequency.
public func microseconds(_ ticks: UInt64, _ frequency: UInt64) -> UInt64 {
  guard frequency > 0 else { return 0 }
  let (product, overflow) = ticks.multipliedReportingOverflow(by: 1_000_000)
  return overflow ? ticks / max(frequency / 1_000_000, 1) : product / frequency
}

/// Lines that the controller has, against those that the Plan gives out.
public func judgeLineCount(
  hardware: UInt64, plan: UInt64, _ line: inout ReportLine
) -> CheckStatus {
  line.add("hardware", hardware)
  line.add("plan", plan)
  if plan > hardware {
    line.note("the Plan gives out lines that are not there")
    return .fail
  }
  return .ok
}

/// Lines that are pending although nothing was enabled: device after device was silenced, so something
/// holds them up. `count` of `looked` are.
public func judgeStuckLines(count: Int, looked: Int, _ line: inout ReportLine) -> CheckStatus {
  line.add("count", count: count)
  line.add("looked-at", count: looked)
  guard count > 0 else { return .ok }
  line.note("a zone that gets such a line is interrupted for ever until it serves the device")
  return .fail
}

/// Pages of RAM that were written and read back. `wrong`: the first that lost what was written.
public func judgeRAM(
  regions: Int, bytes: UInt64, pages: Int, wrong: UInt64?, aliased: Bool, _ line: inout ReportLine
) -> CheckStatus {
  line.add("regions", count: regions)
  line.add("mib", bytes >> 20)
  line.add("pages", count: pages)
  guard let wrong else { return .ok }
  line.add("address", hex: wrong)
  line.note(
    aliased ? "two addresses are the same memory" : "there is no memory that keeps what is written")
  return .fail
}

/// An interrupt that ended a wait. `slept`, `due`: ticks; `ticks` of waiting in all.
public func judgeWake(
  woke: Bool, early: UInt64, late: UInt64, frequency: UInt64, _ line: inout ReportLine
) -> CheckStatus {
  guard woke else {
    line.note("the wait did not end: idle CPUs would stay asleep")
    return .fail
  }
  line.add("late-us", microseconds(late, frequency))
  line.add("early-wakes", early)
  // An emulator, or a CPU with a debugger, may make it a hint.
  if early > 0 {
    line.note("it ends early, too: idle zones spin")
    return .warn
  }
  return .ok
}

/// What the interrupt path into a program below the kernel cost and whether it left the hardware.
public struct DeliveryResult: Equatable, Sendable {
  public var interrupts: UInt64 = 0
  public var exits: UInt64 = 0
  public var shortest: UInt64 = 0
  public var longest: UInt64 = 0
  /// Syndrome of the first exit that was not the end.
  public var syndrome: UInt64 = 0
  public var address: UInt64 = 0

  public init() {}
}

/// `wanted` interrupts, none through the kernel.
public func judge(
  _ result: DeliveryResult, wanted: UInt64, _ line: inout ReportLine
) -> CheckStatus {
  line.add("interrupts", result.interrupts)
  line.add("exits", result.exits)
  if result.exits > 0 {
    line.add("syndrome", hex: result.syndrome)
    line.add("address", hex: result.address)
    line.note("interrupts do not go straight to a zone")
    return .fail
  }
  guard result.interrupts >= wanted else {
    line.add("wanted", wanted)
    line.note("interrupts stayed away")
    return .fail
  }
  line.add("min-ticks", result.shortest)
  line.add("max-ticks", result.longest)
  return .ok
}

/// What `GapScan` saw.
public func judge(_ scan: GapScan, frequency: UInt64, _ line: inout ReportLine) -> CheckStatus {
  line.add("scan-ms", microseconds(scan.total, frequency) / 1000)
  line.add("max-us", microseconds(scan.longest, frequency))
  line.add("above", scan.above)
  line.add("bound-us", microseconds(scan.bound, frequency))
  line.add("lost-us", microseconds(scan.stolen, frequency))
  guard scan.above > 0 else { return .ok }
  line.note("something below the kernel takes time: firmware, a debugger or an emulator")
  return .warn
}

/// Reads of the counter one after the other: whatever makes two of them lie far apart took the CPU away.
public struct GapScan: Equatable, Sendable {
  /// Ticks from which on a gap counts.
  public let bound: UInt64
  public private(set) var longest: UInt64 = 0
  public private(set) var above: UInt64 = 0
  /// Sum of the gaps that counted.
  public private(set) var stolen: UInt64 = 0
  public private(set) var total: UInt64 = 0

  public init(bound: UInt64) { self.bound = bound }

  /// A scan that another CPU made.
  public init(bound: UInt64, longest: UInt64, above: UInt64, stolen: UInt64, total: UInt64) {
    self.bound = bound
    self.longest = longest
    self.above = above
    self.stolen = stolen
    self.total = total
  }

  /// Takes two reads that follow each other.
  @inline(__always)
  public mutating func take(_ before: UInt64, _ after: UInt64) {
    let gap = after &- before
    total &+= gap
    if gap > longest { longest = gap }
    if gap > bound {
      above &+= 1
      stolen &+= gap
    }
  }
}

/// The latencies of a board baseline.
public func judgeBaseline(
  samples: UInt64, wanted: UInt64, minimum: UInt64, maximum: UInt64, mean: UInt64,
  _ line: inout ReportLine
) -> CheckStatus {
  line.add("samples", samples)
  guard samples == wanted else {
    line.add("wanted", wanted)
    line.note("the timer did not interrupt")
    return .fail
  }
  line.add("min-ticks", minimum)
  line.add("mean-ticks", mean)
  line.add("max-ticks", maximum)
  return .ok
}

/// A character through the UART's own loopback. `offered`: whether the UART has one.
public func judgeReceive(offered: Bool, got: UInt8?, sent: UInt8, _ line: inout ReportLine)
  -> CheckStatus
{
  guard offered else {
    line.note("this UART has no loopback")
    return .skip
  }
  line.add("sent", hex: UInt64(sent))
  guard let got else {
    line.note("nothing came back through the loopback")
    return .fail
  }
  line.add("received", hex: UInt64(got))
  return got == sent ? .ok : .fail
}
