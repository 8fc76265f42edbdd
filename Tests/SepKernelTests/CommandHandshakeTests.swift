import Foundation
import Synchronization
import Testing

@testable import SepKernel

/// What a test expects of `takeCommand`.
struct HandshakeCase: Sendable, CustomTestStringConvertible {
  var zone: ZoneState
  var command: CPUCommand
  var taken: CPUCommand
  /// What stays for later.
  var left: CPUCommand

  var testDescription: String { "\(command) while \(zone)" }
}

/// `takeCommand`: the idle CPU's half of the handshake.
@Suite struct CommandHandshakeTests {
  @Test(arguments: [
    HandshakeCase(zone: .running, command: .none, taken: .none, left: .none),
    HandshakeCase(zone: .starting, command: .startZone, taken: .startZone, left: .none),
    HandshakeCase(zone: .running, command: .startVCPU, taken: .startVCPU, left: .none),
    HandshakeCase(zone: .running, command: .enterZone, taken: .enterZone, left: .none),
    HandshakeCase(zone: .starting, command: .enterZone, taken: .none, left: .enterZone),
    HandshakeCase(zone: .running, command: .startZone, taken: .none, left: .startZone),
    HandshakeCase(zone: .running, command: .reserved, taken: .none, left: .reserved),
    HandshakeCase(zone: .starting, command: .reserved, taken: .none, left: .reserved),
    HandshakeCase(zone: .stopping, command: .startVCPU, taken: .none, left: .startVCPU),
    HandshakeCase(zone: .stopped, command: .startVCPU, taken: .none, left: .startVCPU),
    HandshakeCase(zone: .failed, command: .startZone, taken: .none, left: .startZone),
    HandshakeCase(zone: .created, command: .startZone, taken: .none, left: .startZone),
  ])
  func takes(_ handshake: HandshakeCase) throws {
    let fixture = try KernelFixture()
    fixture.set(zone: 0, handshake.zone)
    fixture.set(cpu: 1, handshake.command)
    #expect(fixture.kernel.pointee.takeCommand(cpu: 1, zone: 0) == handshake.taken)
    #expect(fixture.command(cpu: 1) == handshake.left)
    #expect(fixture.state(cpu: 1) == (handshake.taken == .none ? .idle : .running))
  }

  /// Nobody runs before the boot CPU has loaded the zone.
  @Test func aSecondaryCPUDoesNotStartWhileTheZoneIsLoaded() throws {
    let fixture = try KernelFixture()
    fixture.set(zone: 0, .starting)
    fixture.set(cpu: 1, .startVCPU)
    #expect(fixture.kernel.pointee.takeCommand(cpu: 1, zone: 0) == CPUCommand.none)
  }

  /// CPU_ON against a stop, on two threads: after the stop no CPU is in the zone, nor gets there.
  @Test(.timeLimit(.minutes(1))) func noCPUEntersAStoppedZone() throws {
    let race = try Race()
    race.startCPU()
    var escaped = 0
    for round in 0..<300 {
      race.fixture.set(zone: 0, .running)
      race.fixture.set(cpu: 1, .startVCPU)
      // Now and then the CPU is surely inside; else the stop comes at any time.
      while round % 8 == 0, !race.isInside.load(ordering: .sequentiallyConsistent) { sched_yield() }
      for _ in 0..<(round % 7) { sched_yield() }
      #expect(race.fixture.stop(zone: 0, caller: 3))
      // Idle CPUs come and look; none may find an order.
      for _ in 0..<3 {
        if race.isInside.load(ordering: .sequentiallyConsistent) { escaped += 1 }
        sched_yield()
      }
      #expect(race.fixture.command(cpu: 1) == CPUCommand.none)
    }
    race.end()
    #expect(escaped == 0)
    #expect(race.entries.load(ordering: .sequentiallyConsistent) > 0)
  }
}

/// CPU 1 of zone 0 as a thread: idle, it takes commands; in its zone, it faults once memory is gone.
private final class Race: @unchecked Sendable {
  let fixture: KernelFixture
  let isInside = Atomic(false)
  let entries = Atomic(0)
  private let hasEnded = Atomic(false)
  private let isDone = Atomic(false)

  init() throws {
    fixture = try KernelFixture()
    fixture.log.step = 0  // the stop waits as long as it takes
    fixture.log.onCounter = { _ in sched_yield() }
  }

  func startCPU() {
    Thread { [self] in
      while !hasEnded.load(ordering: .sequentiallyConsistent) {
        if fixture.kernel.pointee.takeCommand(cpu: 1, zone: 0) == .startVCPU {
          isInside.store(true, ordering: .sequentiallyConsistent)
          entries.add(1, ordering: .sequentiallyConsistent)
          while fixture.kernel.pointee.zones[0].isRunning { sched_yield() }
          isInside.store(false, ordering: .sequentiallyConsistent)
          fixture.set(cpu: 1, CPUState.idle)
        }
        sched_yield()
      }
      isDone.store(true, ordering: .sequentiallyConsistent)
    }.start()
  }

  func end() {
    hasEnded.store(true, ordering: .sequentiallyConsistent)
    while !isDone.load(ordering: .sequentiallyConsistent) { sched_yield() }
  }
}
