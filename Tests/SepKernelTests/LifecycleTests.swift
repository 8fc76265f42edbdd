import PlanTestSupport
import Synchronization
import Testing

@testable import SepKernel

/// Start, stop and restart of zones, and the handshake with their CPUs.
@Suite struct LifecycleTests {
  private let linux = KernelFixture.linux
  private let control = KernelFixture.control

  // MARK: stop

  @Test func revokesThenWakesThenQuiets() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: control)
    fixture.park([2], afterReads: 3)
    #expect(fixture.stop(zone: control, caller: 0))
    #expect(fixture.log.calls == [.revoke(control), .wake(2), .quiet(control)])
    #expect(fixture.state(zone: control) == .stopped)
    #expect(fixture.failure(zone: control) == ZoneFailure.none)
    #expect(fixture.state(cpu: 2) == .idle)
  }

  @Test func aCPUThatFailsItsOwnZoneDoesNotWaitForItself() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.park([0], afterReads: 2)
    #expect(
      fixture.stop(zone: linux, final: .failed, failure: .foreignAddress, caller: 1))
    #expect(fixture.log.calls == [.revoke(linux), .wake(0), .quiet(linux)])
    #expect(fixture.state(zone: linux) == .failed)
    #expect(fixture.failure(zone: linux) == .foreignAddress)
    // The caller parks itself later.
    #expect(fixture.state(cpu: 1) == .running)
  }

  @Test(arguments: [
    ZoneState.created, .running, .stopped, .failed, .stopping, .starting,
  ])
  func onlyARunningZoneStops(_ state: ZoneState) throws {
    let fixture = try KernelFixture()
    fixture.set(zone: control, state)
    let stopped = fixture.stop(zone: control, caller: 0)
    #expect(stopped == (state == .running))
    #expect(fixture.state(zone: control) == (state == .running ? .stopped : state))
    #expect(fixture.log.calls.isEmpty == (state != .running))
  }

  @Test(arguments: [UInt64(0), 1000, .max - 100, .max - 5, .max])
  func aCPUThatNeverAnswersFailsTheZone(_ tick: UInt64) throws {
    let fixture = try KernelFixture()
    fixture.run(zone: control)
    fixture.log.tick = tick
    #expect(!fixture.stop(zone: control, caller: 0))
    #expect(fixture.log.text == "kernel| zone control failed: reason=stuck-cpu\r\n")
    #expect(fixture.state(zone: control) == .failed)
    #expect(fixture.failure(zone: control) == .stuckCPU)
    // A second of 10 ticks a millisecond, wherever the counter stands: not longer, and not shorter either.
    #expect(fixture.log.counterReads >= 10_000)
    #expect(fixture.log.counterReads <= 10_004)
    #expect(fixture.log.calls.last == .quiet(control))
  }

  /// The bound is for all CPUs together.
  @Test func severalLostCPUsCostOneWait() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    #expect(!fixture.stop(zone: linux, caller: 2))
    #expect(fixture.failure(zone: linux) == .stuckCPU)
    #expect(fixture.log.counterReads <= 10_005)
  }

  @Test func aStopTakesPendingCommandsAway() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.set(cpu: 0, CPUState.idle)
    fixture.set(cpu: 1, CPUState.idle)
    fixture.set(cpu: 1, .startVCPU)
    #expect(fixture.stop(zone: linux, caller: 2))
    #expect(fixture.command(cpu: 1) == CPUCommand.none)
  }

  /// A CPU of the zone is inside CPU_ON when the stop begins, and its target was looked at already.
  @Test func aStopTakesLateCommandsAway() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.set(cpu: 0, CPUState.idle)
    fixture.log.onCounter = { count in
      guard count == 3 else { return }
      fixture.set(cpu: 0, .startVCPU)
      fixture.set(cpu: 1, CPUState.idle)
    }
    #expect(fixture.stop(zone: linux, caller: 2))
    fixture.log.onCounter = { _ in }
    #expect(fixture.command(cpu: 0) == CPUCommand.none)
  }

  // MARK: restart

  @Test(arguments: [ZoneState.created, .stopped, .failed])
  func startsWhatDoesNotRun(_ state: ZoneState) throws {
    let fixture = try KernelFixture()
    fixture.set(zone: control, state)
    #expect(fixture.restart(zone: control, caller: 0))
    #expect(fixture.state(zone: control) == .starting)
    #expect(fixture.command(cpu: 2) == .startZone)
    #expect(fixture.log.calls == [.wake(2)])
  }

  @Test(arguments: [ZoneState.stopping, .starting])
  func aZoneInTransitionIsLeftAlone(_ state: ZoneState) throws {
    let fixture = try KernelFixture()
    fixture.set(zone: control, state)
    #expect(!fixture.restart(zone: control, caller: 0))
    #expect(fixture.state(zone: control) == state)
    #expect(fixture.command(cpu: 2) == CPUCommand.none)
    #expect(fixture.log.calls.isEmpty)
  }

  @Test func restartsARunningZone() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.park([0, 1], afterReads: 4)
    #expect(fixture.restart(zone: linux, caller: 2))
    #expect(fixture.state(zone: linux) == .starting)
    #expect(
      fixture.log.calls == [.revoke(linux), .wake(0), .wake(1), .quiet(linux), .wake(0)])
    #expect(fixture.command(cpu: 0) == .startZone)
    #expect(fixture.command(cpu: 1) == CPUCommand.none)
  }

  /// SYSTEM_RESET on the boot CPU: it must not be waited for, nor woken; it parks and finds its order.
  @Test func theBootCPURestartsItsOwnZone() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.park([1], afterReads: 2)
    #expect(fixture.restart(zone: linux, caller: 0))
    #expect(fixture.log.calls == [.revoke(linux), .wake(1), .quiet(linux)])
    fixture.set(cpu: 0, CPUState.idle)
    #expect(fixture.kernel.pointee.takeCommand(cpu: 0, zone: linux) == .startZone)
  }

  @Test func aRestartWithALostCPUFailsTheZone() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: control)
    #expect(!fixture.restart(zone: control, caller: 0))
    #expect(fixture.state(zone: control) == .failed)
    #expect(fixture.failure(zone: control) == .stuckCPU)
    #expect(fixture.command(cpu: 2) == CPUCommand.none)
    // As long as the CPU is lost, so is the zone.
    #expect(!fixture.restart(zone: control, caller: 0))
    #expect(fixture.state(zone: control) == .failed)
    fixture.set(cpu: 2, CPUState.idle)
    #expect(fixture.restart(zone: control, caller: 0))
    #expect(fixture.failure(zone: control) == ZoneFailure.none)
  }

  @Test(arguments: [CPUState.offline, .running])
  func aZoneNeedsAllItsCPUs(_ state: CPUState) throws {
    let fixture = try KernelFixture()
    fixture.set(cpu: 1, state)
    #expect(!fixture.restart(zone: linux, caller: 2))
    #expect(fixture.state(zone: linux) == .created)
  }

  /// There are no translation tables to start it with.
  @Test func aZoneWithoutTablesNeverStarts() throws {
    let fixture = try KernelFixture()
    fixture.set(zone: control, .failed)
    fixture.kernel.pointee.zones[control].failure.store(
      ZoneFailure.tablesExhausted.rawValue, ordering: .relaxed)
    #expect(!fixture.restart(zone: control, caller: 0))
  }
}
