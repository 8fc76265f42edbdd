import Synchronization
import Testing

@testable import SepKernel

/// docs/interfaces.md, "Hypercalls".
@Suite struct HypercallTests {
  private let linux = KernelFixture.linux
  private let control = KernelFixture.control
  private let denied = CallResult(CallStatus.denied)
  private let invalid = CallResult(CallStatus.invalidParameters)
  private let success = CallResult(CallStatus.success)

  private static let zoneCalls: [Hypercall] = [
    .zoneState, .zoneStarts, .zoneStart, .zoneStop, .zoneRestart, .stimulate,
  ]

  @Test(
    arguments: [
      (0x00, .abiVersion), (0x01, .zoneState), (0x02, .zoneStart), (0x03, .zoneStop),
      (0x04, .zoneRestart), (0x05, .zoneSelf), (0x10, .exitCount), (0x11, .stimulate),
      (0x12, .zoneStarts), (0x13, .clock),
    ] as [(UInt32, Hypercall)])
  func numbers(_ number: UInt32, _ call: Hypercall) {
    #expect(Hypercall(rawValue: number) == call)
    #expect(Hypercall.base + number == 0xc600_0000 + call.rawValue)
  }

  @Test func unknownNumbersAreNoCalls() {
    let known: Set<UInt32> = [0, 1, 2, 3, 4, 5, 0x10, 0x11, 0x12, 0x13]
    for number in UInt32(0)..<0x1_0000 where !known.contains(number) {
      #expect(Hypercall(rawValue: number) == nil)
    }
    #expect(Hypercall(rawValue: .max) == nil)
  }

  @Test func anybodyMayAskWhoItIs() throws {
    let fixture = try KernelFixture()
    for zone in [linux, control] {
      #expect(fixture.call(.abiVersion, .max, from: zone).value == 0x1_0000)
      #expect(fixture.call(.zoneSelf, .max, from: zone).value == Int64(zone))
      // Answered where the counts are, not here.
      #expect(fixture.call(.exitCount, 0, from: zone).value == CallStatus.notSupported)
    }
  }

  @Test(arguments: zoneCalls, [2, 15, 16, 255, 1 << 32, 1 << 63, .max] as [UInt64])
  func theZoneMustExist(_ call: Hypercall, _ argument: UInt64) throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    #expect(fixture.call(call, argument, from: linux) == invalid)
    #expect(fixture.call(call, argument, from: control, caller: 2) == invalid)
    #expect(fixture.log.calls.isEmpty)
  }

  @Test(arguments: [Hypercall.zoneStart, .zoneStop, .zoneRestart], [0, 1] as [UInt64])
  func onlyZone0ControlsZones(_ call: Hypercall, _ target: UInt64) throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    #expect(fixture.call(call, target, from: control, caller: 2) == denied)
    #expect(fixture.state(zone: linux) == .running)
    #expect(fixture.state(zone: control) == .running)
    #expect(fixture.log.calls.isEmpty)
    #expect(fixture.log.sent.isEmpty)
  }

  @Test(arguments: [Hypercall.zoneStart, .zoneStop]) func neverItself(_ call: Hypercall) throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    #expect(fixture.call(call, 0, from: linux) == denied)
    #expect(fixture.state(zone: linux) == .running)
  }

  @Test func aRestartOfItselfIsDenied() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.set(cpu: 1, CPUState.idle)
    #expect(fixture.call(.zoneRestart, 0, from: linux) == denied)
  }

  @Test func zone0StopsAndStarts() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.park([2], afterReads: 2)
    #expect(fixture.call(.zoneStop, 1, from: linux) == success)
    #expect(fixture.log.text == "kernel| zone control stopped: by zone0\r\n")
    #expect(fixture.call(.zoneState, 1, from: linux) == CallResult(2, second: 0))
    #expect(fixture.call(.zoneStop, 1, from: linux) == denied)
    #expect(fixture.call(.zoneStart, 1, from: linux) == success)
    // Reads as created while it is being loaded; who asks again learns that it is under way.
    #expect(fixture.call(.zoneState, 1, from: linux) == CallResult(0, second: 0))
    for call in [Hypercall.zoneStart, .zoneStop, .zoneRestart] {
      #expect(fixture.call(call, 1, from: linux) == CallResult(CallStatus.pending))
    }
    #expect(fixture.kernel.pointee.takeCommand(cpu: 2, zone: control) == .startZone)
  }

  @Test func aRunningZoneIsRestartedButNotStarted() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: control)
    fixture.park([2], afterReads: 2)
    #expect(fixture.call(.zoneStart, 1, from: linux) == denied)
    #expect(fixture.state(zone: control) == .running)
    #expect(fixture.call(.zoneRestart, 1, from: linux) == success)
    #expect(fixture.state(zone: control) == .starting)
  }

  /// A stop that lost a CPU is a failure, and nobody is told otherwise.
  @Test func aStopThatFailsDoesNotSaySoFar() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: control)
    let result = fixture.call(.zoneStop, 1, from: linux)
    #expect(fixture.call(.zoneState, 1, from: linux) == CallResult(3, second: 7))
    #expect(result == denied)
    #expect(!fixture.log.text.contains("stopped: by zone0"))
  }

  @Test(
    arguments: [
      (ZoneState.created, 0), (.running, 1), (.stopped, 2), (.failed, 3), (.stopping, 1),
      (.starting, 0),
    ] as [(ZoneState, Int64)])
  func states(_ state: ZoneState, _ value: Int64) throws {
    let fixture = try KernelFixture()
    fixture.set(zone: control, state)
    fixture.kernel.pointee.zones[control].failure.store(4, ordering: .relaxed)
    #expect(fixture.call(.zoneState, 1, from: control) == CallResult(value, second: 4))
  }

  @Test func startsAreCounted() throws {
    let fixture = try KernelFixture()
    #expect(fixture.call(.zoneStarts, 1, from: linux).value == 0)
    fixture.kernel.pointee.zones[control].starts.store(3, ordering: .relaxed)
    #expect(fixture.call(.zoneStarts, 1, from: linux).value == 3)
  }

  @Test func stimulates() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    // Not running yet.
    #expect(fixture.call(.stimulate, 1, from: linux) == invalid)
    fixture.run(zone: control)
    #expect(fixture.call(.stimulate, 1, from: linux) == success)
    #expect(fixture.call(.stimulate, 1, from: control, caller: 2) == success)
    #expect(fixture.log.calls == [.stimulus(1), .raise(210), .stimulus(1), .raise(210)])
    // No stimulus line; and another zone's line is not its own.
    #expect(fixture.call(.stimulate, 0, from: linux) == invalid)
    #expect(fixture.call(.stimulate, 0, from: control, caller: 2) == denied)
    #expect(fixture.log.calls.count == 4)
  }
}
