import PlanTestSupport
import Synchronization
import Testing

@testable import SepKernel

/// `KernelBlock+Boot`: CPUs come up, zones are loaded and started; the lines of docs/interfaces.md that say so.
@Suite struct BootTests {
  private let linux = KernelFixture.linux
  private let control = KernelFixture.control
  /// 200 ms are 2,000 ticks.
  private static let frequency: UInt64 = 10_000

  /// The boot CPU is `own`; all others are off, and come up as they are powered on.
  private func booting(
    own: Int = 0, missing: Set<Int> = [], change: (PlanBuilder) -> Void = { _ in }
  ) throws -> KernelFixture {
    let fixture = try KernelFixture(change: change)
    for cpu in 0..<4 where cpu != own { fixture.set(cpu: cpu, CPUState.offline) }
    let kernel = fixture.kernel
    fixture.log.onPowerOn = { cpu in
      if !missing.contains(cpu) {
        kernel.pointee.cpus[cpu].state.store(
          CPUState.idle.rawValue, ordering: .sequentiallyConsistent)
      }
      return nil
    }
    return fixture
  }

  private func start(_ fixture: KernelFixture, realTime: Bool, own: Int = 0) {
    fixture.kernel.pointee.startZones(
      realTime: realTime, own: own, plan: fixture.plan, frequency: Self.frequency,
      machine: fixture.machine)
  }

  /// A zone's boot CPU does its part at the `reads`-th look of somebody who waits.
  private func run(_ fixture: KernelFixture, zone: Int, afterReads reads: Int) {
    fixture.log.onCounter = { [unowned fixture] count in
      if count == reads { fixture.set(zone: zone, .running) }
    }
  }

  // MARK: startZones

  @Test func realTimeZonesComeFirst() throws {
    let fixture = try booting()
    run(fixture, zone: control, afterReads: 5)
    start(fixture, realTime: true)
    // Its CPU alone, and nobody waited for others.
    #expect(fixture.log.calls == [.powerOn(2), .wake(2)])
    #expect(fixture.command(cpu: 2) == .startZone)
    #expect(fixture.state(zone: linux) == .created)
    #expect(fixture.log.counterReads <= 6)
    fixture.log.calls = []
    start(fixture, realTime: false)
    // The zone on the boot CPU finds its order when that parks.
    #expect(fixture.log.calls == [.powerOn(1), .powerOn(3)])
    #expect(fixture.state(zone: linux) == .starting)
    #expect(fixture.command(cpu: 0) == .startZone)
    #expect(fixture.log.sent.isEmpty)
  }

  @Test func aCPUThatDoesNotAnswer() throws {
    let fixture = try booting(missing: [2])
    start(fixture, realTime: true)
    #expect(
      fixture.log.text == """
        kernel| cpu 2 did not start: it did not answer in 200 ms\r
        kernel| zone control refused: missing-cpu\r

        """)
    #expect(fixture.state(zone: control) == .failed)
    #expect(fixture.failure(zone: control) == .missingCPU)
    #expect(fixture.command(cpu: 2) == CPUCommand.none)
    #expect(fixture.log.calls == [.powerOn(2)])
    #expect((2000...2004).contains(fixture.log.counterReads))
    // The others are not concerned.
    start(fixture, realTime: false)
    #expect(fixture.state(zone: linux) == .starting)
    // It may come up later, and be started then.
    fixture.set(cpu: 2, CPUState.idle)
    #expect(fixture.restart(zone: control, caller: 0))
  }

  /// The bound is for all CPUs together, wherever the counter stands; CPU 3 is nobody's.
  @Test(arguments: [UInt64(0), .max - 1000, .max]) func severalMissingCPUsCostOneWait(
    _ tick: UInt64
  ) throws {
    let fixture = try booting(missing: [1, 3])
    fixture.log.tick = tick
    start(fixture, realTime: false)
    #expect((2000...2006).contains(fixture.log.counterReads))
    #expect(
      fixture.log.text == """
        kernel| cpu 1 did not start: it did not answer in 200 ms\r
        kernel| cpu 3 did not start: it did not answer in 200 ms\r
        kernel| zone linux refused: missing-cpu\r

        """)
    #expect(fixture.state(zone: control) == .created)
  }

  /// What the firmware says is said, once, and nobody waits for that CPU.
  @Test func aCPUThatTheFirmwareRefuses() throws {
    let fixture = try booting()
    fixture.log.onPowerOn = { _ in "no such CPU" }
    start(fixture, realTime: true)
    #expect(fixture.kernel.pointee.isReportedMissing(2) == true)
    #expect(fixture.kernel.pointee.isReportedMissing(1) == false)
    fixture.kernel.pointee.awaitCPU(2, limit: 0, fixture.machine)
    #expect(
      fixture.log.text == """
        kernel| cpu 2 did not start: no such CPU\r
        kernel| zone control refused: missing-cpu\r

        """)
    #expect(fixture.log.counterReads <= 3)
  }

  @Test func aCPUThatComesUpLate() throws {
    let fixture = try booting(missing: [1])
    let kernel = fixture.kernel
    fixture.log.onCounter = { count in
      if count == 1000 {
        kernel.pointee.cpus[1].state.store(
          CPUState.idle.rawValue, ordering: .sequentiallyConsistent)
      }
    }
    start(fixture, realTime: false)
    #expect(fixture.log.sent.isEmpty)
    #expect(fixture.state(zone: linux) == .starting)
    #expect(fixture.log.counterReads <= 1002)
  }

  @Test func manualStart() throws {
    let fixture = try booting { builder in
      builder.plan.pointee.zones[1].flags |= PlanZoneFlags.manualStart.rawValue
    }
    start(fixture, realTime: true)
    #expect(fixture.log.calls == [.powerOn(2)])
    #expect(fixture.state(zone: control) == .created)
    #expect(fixture.command(cpu: 2) == CPUCommand.none)
    #expect(fixture.log.sent.isEmpty)
  }

  /// Then the CPUs were brought up one by one to be measured.
  @Test func withABaselineNoCPUIsPoweredOn() throws {
    let fixture = try booting { $0.plan.pointee.board.baselineSamples = 10 }
    for cpu in 1..<4 { fixture.set(cpu: cpu, CPUState.idle) }
    run(fixture, zone: control, afterReads: 3)
    start(fixture, realTime: true)
    start(fixture, realTime: false)
    #expect(fixture.log.calls == [.wake(2)])
    #expect(fixture.state(zone: linux) == .starting)
  }

  /// On the boot CPU itself: loaded while the others wait, entered when they were started.
  @Test func aRealTimeZoneOnTheBootCPU() throws {
    let fixture = try booting(own: 2)
    start(fixture, realTime: true, own: 2)
    #expect(fixture.state(zone: control) == .running)
    #expect(fixture.log.calls.first == .quiet(control))
    #expect(fixture.log.calls.last == .start(control))
    #expect(fixture.log.text == "kernel| zone control started\r\n")
    #expect(fixture.command(cpu: 2) == .enterZone)
    start(fixture, realTime: false, own: 2)
    #expect(fixture.kernel.pointee.takeCommand(cpu: 2, zone: control) == .enterZone)
    #expect(fixture.kernel.pointee.takeCommand(cpu: 2, zone: control) == CPUCommand.none)
  }

  /// A real-time zone that hangs while it is loaded holds up the others for two seconds.
  @Test func theHeadStartIsBounded() throws {
    let fixture = try booting()
    start(fixture, realTime: true)
    #expect((20_000...20_006).contains(fixture.log.counterReads))
    start(fixture, realTime: false)
    #expect(fixture.state(zone: linux) == .starting)
  }

  // MARK: load

  @Test func loadsInOrder() throws {
    let fixture = try KernelFixture()
    let kernel = fixture.kernel
    fixture.set(zone: control, .starting)
    let small = PlanBuilder.Small.self
    let copies: [RecordingMachine.Call] = [
      .copy(from: small.payloads + 0x2_0000, to: small.realtimeHost),
      .copy(from: small.payloads + 0x2_6000, to: small.realtimeHost + 0x8_0000),
    ]
    kernel.pointee.load(zone: control, fixture.plan.zone(control), fixture.machine)
    #expect(
      fixture.log.calls == [.quiet(control)] + copies + [.restore(control), .start(control)])
    #expect(fixture.state(zone: control) == .running)
    #expect(kernel.pointee.zones[control].starts.load(ordering: .relaxed) == 1)
    // From the second life on what the first one left in caches goes first.
    fixture.log.calls = []
    kernel.pointee.load(zone: control, fixture.plan.zone(control), fixture.machine)
    #expect(
      fixture.log.calls == [.quiet(control), .clean(control)] + copies
        + [.restore(control), .start(control)])
    #expect(
      fixture.log.text
        == "kernel| zone control started\r\nkernel| zone control started (restart 1)\r\n")
  }

  @Test func host() throws {
    let plan = try KernelFixture().plan
    let small = PlanBuilder.Small.self
    let zone = plan.zone(control)
    for (guest, host) in [
      (0x4000_0000, small.realtimeHost), (0x4001_ffff, small.realtimeHost + 0x1_ffff),
      (0x4002_0000, small.realtimeHost + 0x8_0000),
      (0x4005_ffff, small.realtimeHost + 0xb_ffff), (0x3fff_ffff, nil), (0x4006_0000, nil),
      (0, nil), (.max, nil),
    ] as [(UInt64, UInt64?)] { #expect(zone.host(of: guest) == host) }
    #expect(plan.zone(linux).host(of: 0x4000_0000) == small.linuxHost)
  }

  // MARK: startVCPU

  @Test func startsAnIdleCPU() throws {
    let fixture = try KernelFixture()
    fixture.set(zone: linux, .running)
    let outcome = fixture.kernel.pointee.startVCPU(
      on: 1, entry: 0x4000_1000, argument: .max, fixture.machine)
    #expect(outcome == .started)
    #expect(fixture.command(cpu: 1) == .startVCPU)
    #expect(fixture.kernel.pointee.cpus[1].entry.load(ordering: .relaxed) == 0x4000_1000)
    #expect(fixture.kernel.pointee.cpus[1].context.load(ordering: .relaxed) == .max)
    #expect(fixture.log.calls == [.wake(1)])
    // Once: somebody else's start is under way.
    let again = fixture.kernel.pointee.startVCPU(on: 1, entry: 1, argument: 1, fixture.machine)
    #expect(again == .pending)
    #expect(fixture.kernel.pointee.cpus[1].entry.load(ordering: .relaxed) == 0x4000_1000)
    #expect(fixture.kernel.pointee.takeCommand(cpu: 1, zone: linux) == .startVCPU)
    #expect(fixture.state(cpu: 1) == .running)
    let late = fixture.kernel.pointee.startVCPU(on: 1, entry: 1, argument: 1, fixture.machine)
    #expect(late == .alreadyOn)
    #expect(fixture.log.calls == [.wake(1)])
  }

  @Test(arguments: [CPUCommand.startZone, .startVCPU, .enterZone, .reserved])
  func aCPUWithACommandIsPending(_ command: CPUCommand) throws {
    let fixture = try KernelFixture()
    fixture.set(cpu: 1, command)
    let outcome = fixture.kernel.pointee.startVCPU(on: 1, entry: 1, argument: 1, fixture.machine)
    #expect(outcome == .pending)
    #expect(fixture.command(cpu: 1) == command)
    #expect(fixture.log.calls.isEmpty)
  }

  /// Only in the state that each is for; what is not taken leaves the CPU idle.
  @Test(arguments: [CPUCommand.none, .startZone, .startVCPU, .enterZone, .reserved])
  func commandsAndStates(_ command: CPUCommand) throws {
    for state in [ZoneState.created, .running, .stopped, .failed, .stopping, .starting] {
      let fixture = try KernelFixture()
      fixture.set(zone: linux, state)
      fixture.set(cpu: 1, command)
      let isTaken =
        command == .startZone && state == .starting
        || [.startVCPU, .enterZone].contains(command) && state == .running
      let taken = fixture.kernel.pointee.takeCommand(cpu: 1, zone: linux)
      #expect(taken == (isTaken ? command : .none))
      #expect(fixture.state(cpu: 1) == (isTaken ? .running : .idle))
      #expect(fixture.command(cpu: 1) == (isTaken ? CPUCommand.none : command))
    }
  }

  // MARK: refusals, records, messages

  @Test(arguments: [ZoneState.created, .running, .stopped, .failed, .stopping, .starting])
  func onlyACreatedZoneIsRefused(_ state: ZoneState) throws {
    let fixture = try KernelFixture()
    fixture.set(zone: control, state)
    fixture.kernel.pointee.refuse(zone: control, .tablesExhausted, fixture.machine)
    let isRefused = state == .created
    #expect(fixture.state(zone: control) == (isRefused ? .failed : state))
    #expect(
      fixture.failure(zone: control) == (isRefused ? .tablesExhausted : ZoneFailure.none))
    #expect(
      fixture.log.text
        == (isRefused ? "kernel| zone control refused: tables-exhausted\r\n" : ""))
  }

  @Test func records() throws {
    let kernel = try KernelFixture().kernel
    let record = kernel.pointee.recordZone(linux)
    #expect(record.cpuCount == 2)
    #expect(record.cpus == 0b11)
    #expect(record.kind == UInt32(PlanZoneKind.zone0.rawValue))
    #expect((0..<6).map { record.name[$0] } == Array("linux".utf8) + [0])
    #expect(kernel.pointee.recordZone(control).cpus == 0b100)
  }

  /// Board devices, the UART, each region of the interrupt controller; nothing else.
  @Test(arguments: PlanInterruptControllerKind.allCases)
  func deviceAddresses(_ kind: PlanInterruptControllerKind) throws {
    let builder = PlanBuilder.small(kind)
    builder.seal()
    let plan = try builder.admit()
    let small = PlanBuilder.Small.self
    var regions = [small.window, small.virtio, small.uart]
    for index in 0..<4 where plan.interruptController.regions[index].size > 0 {
      regions.append(plan.interruptController.regions[index])
    }
    #expect(regions.count == (kind == .gicV3 ? 6 : kind == .plic ? 4 : 5))
    func isInside(_ address: UInt64) -> Bool {
      regions.contains { address >= $0.base && address - $0.base < $0.size }
    }
    for region in regions {
      for address in [
        region.base &- 1, region.base, region.base + region.size - 1, region.base + region.size,
      ] { #expect(plan.isDeviceAddress(address) == isInside(address)) }
    }
    for address in [0, small.ram.base, small.records.base, .max] as [UInt64] {
      #expect(!plan.isDeviceAddress(address))
    }
    withExtendedLifetime(builder) {}
  }

  @Test func theFirstLine() throws {
    let fixture = try KernelFixture()
    fixture.kernel.pointee.sayPlan(fixture.plan, fixture.machine)
    let checksum = String(fixture.plan.header.checksum, radix: 16)
    #expect(fixture.log.text == "kernel| plan 0x\(checksum): 2 zones, 4 cpus\r\n")
  }

  @Test func refusedPlans() throws {
    for (error, place) in [
      (PlanError(.checksum), ""), (PlanError(.checksum, zone: 0), " zone=0"),
      (PlanError(.checksum, zone: 3, item: 12), " zone=3 item=12"),
      (PlanError(.checksum, item: 7), " item=7"),
    ] {
      let fixture = try KernelFixture()
      fixture.kernel.pointee.sayRefused(error, fixture.machine)
      #expect(
        fixture.log.text
          == "kernel| plan refused: \(error.reason.name) code=\(error.code)\(place)\r\n")
    }
    let fixture = try KernelFixture()
    fixture.kernel.pointee.sayRefused("kernel block too small", fixture.machine)
    #expect(fixture.log.text == "kernel| plan refused: kernel block too small\r\n")
  }

  @Test(
    arguments: [
      (ZoneFailure.foreignAddress, "foreign-address"), (.unsupportedAccess, "unsupported-access"),
      (.foreignFetch, "foreign-fetch"), (.systemError, "system-error"),
      (.unexpectedTrap, "unexpected-trap"),
    ] as [(ZoneFailure, String)])
  func failedZones(_ failure: ZoneFailure, _ name: String) throws {
    let fixture = try KernelFixture()
    fixture.kernel.pointee.sayFailed(
      control, cpu: 2, failure, pc: 0x8020_0000, address: 0, syndrome: .max, fixture.machine)
    #expect(
      fixture.log.text
        == "kernel| zone control failed: cpu=2 reason=\(name) pc=0x80200000 address=0x0 "
        + "syndrome=0xffffffffffffffff\r\n")
  }
}
