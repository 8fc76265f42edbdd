#if hasFeature(Embedded)
internal import GuestEntry
internal import GuestSupport

/// Carries out commands. Every answer is one line, `manager: WHAT name=value ...`; `code` is what
/// the kernel returned, 0 for success.
enum Manager {
  private static let zoneCapacity: UInt64 = 16
  private static let running: UInt64 = 1

  /// - Parameter settle: milliseconds to watch a zone after a restart (0: 10), or to wait before the
  ///   first stimulus.
  static func run(_ command: Command, settle: UInt64) {
    switch command {
    case .list:
      for zone in 0..<zoneCapacity { report(zone: zone) }
    case .start(let zone):
      report("START", zone: zone, code: Kernel.call(.zoneStart, zone).code)
    case .stop(let zone):
      report("STOP", zone: zone, code: Kernel.call(.zoneStop, zone).code)
    case .restart(let zone, let times):
      restart(zone: zone, times: times, settle: settle == 0 ? 10 : settle)
    case .stimulate(let zone, let times):
      stimulate(zone: zone, times: times, wait: settle)
    case .reboot:
      Console.line("manager: REBOOT")
      Firmware.systemReset()
    case .off:
      Console.line("manager: OFF")
      Firmware.systemOff()
    case .startCPU(let spins):
      startCPU(spins: spins)
    case .crash:
      Console.line("manager: CRASH")
      _ = guest_load64(Memory.foreign)
      Console.line("manager: FAIL memory outside of the zone was readable")
    case .hang:
      Console.line("manager: HANG")
      Interrupts.disable()
      while true {}
    case .info:
      Console.write("manager: INFO")
      Console.field("exits", Kernel.isPresent ? Kernel.exitCount : 0)
      Console.field("receive-interrupts", Terminal.receiveInterrupts.value)
      Console.field("other-interrupts", Terminal.otherInterrupts.value)
      Console.endLine()
    case .help:
      Console.line("list | start N | stop N | restart N [xK] | stimulate N [K] | info")
      Console.line("cpu-on spin|wfi | reboot | off | crash | hang")
    }
  }

  private static func report(_ what: StaticString, zone: UInt64, code: Int64) {
    Console.write("manager: ")
    Console.write(what)
    Console.field("zone", zone)
    Console.field("code", signed: code)
    Console.endLine()
  }

  /// One line for a zone that exists.
  private static func report(zone: UInt64) {
    let answer = Kernel.call(.zoneState, zone)
    guard answer.code >= 0 else { return }
    Console.write("manager: ZONE")
    Console.field("zone", zone)
    Console.write(" state=")
    Console.write(name(state: answer.value))
    Console.field("reason", answer.second)
    Console.field("starts", Kernel.call(.zoneStarts, zone).value)
    Console.endLine()
  }

  private static func name(state: UInt64) -> StaticString {
    switch state {
    case 0: "created"
    case 1: "running"
    case 2: "stopped"
    case 3: "failed"
    default: "unknown"
    }
  }

  /// Restarts a zone again and again: after each call it must be seen running within a second,
  /// and is then watched for `settle` milliseconds. Counts the states it was in at the end of that.
  private static func restart(zone: UInt64, times: UInt64, settle: UInt64) {
    let before = Kernel.call(.zoneStarts, zone).value
    let millisecond = Timer.frequency / 1000
    var accepted: UInt64 = 0
    var seenRunning: UInt64 = 0
    var final = InlineArray<5, UInt64>(repeating: 0)
    var code: Int64 = 0
    for _ in 0..<times {
      code = Kernel.call(.zoneRestart, zone).code
      guard code == 0 else { break }
      accepted += 1
      let limit = Timer.now + 1000 * millisecond
      var state = Kernel.call(.zoneState, zone).value
      while state != running, Timer.now < limit {
        Terminal.sleep(ticks: millisecond)
        state = Kernel.call(.zoneState, zone).value
      }
      if state == running { seenRunning += 1 }
      Terminal.sleep(ticks: settle * millisecond)
      final[Int(min(Kernel.call(.zoneState, zone).value, 4))] += 1
    }
    Console.write("manager: RESTART")
    Console.field("zone", zone)
    Console.field("asked", times)
    Console.field("accepted", accepted)
    Console.field("seen-running", seenRunning)
    Console.field("starts", Kernel.call(.zoneStarts, zone).value &- before)
    Console.field("running", final[1])
    Console.field("stopped", final[2])
    Console.field("failed", final[3])
    Console.field("other", final[0] + final[4])
    Console.field("code", signed: code)
    Console.endLine()
  }

  /// Makes the zone's stimulus line pending once a millisecond, `wait` milliseconds from now on.
  private static func stimulate(zone: UInt64, times: UInt64, wait: UInt64) {
    Terminal.sleep(ticks: wait * Timer.frequency / 1000)
    var accepted: UInt64 = 0
    var code: Int64 = 0
    for _ in 0..<times {
      code = Kernel.call(.stimulate, zone).code
      guard code == 0 else { break }
      accepted += 1
      Terminal.sleep(ticks: Timer.frequency / 1000)
    }
    Console.write("manager: STIMULATE")
    Console.field("zone", zone)
    Console.field("asked", times)
    Console.field("accepted", accepted)
    Console.field("code", signed: code)
    Console.endLine()
  }
}
#endif
