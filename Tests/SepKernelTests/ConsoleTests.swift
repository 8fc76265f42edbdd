import PlanTestSupport
import Synchronization
import Testing

@testable import SepKernel

/// `KernelBlock`'s console: who sends what, and who never waits.
@Suite struct ConsoleTests {
  private let linux = KernelFixture.linux
  private let control = KernelFixture.control
  private let receiveMask = EmulatedPL011.receive | EmulatedPL011.receiveTimeout

  @Test func zone0SendsItsOwnOutput() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.print(linux, "hi\r\n")
    #expect(fixture.log.text == "linux| hi\r\n")
    #expect(!fixture.log.transmitInterrupt)
  }

  @Test func aZoneRLeavesItsOutputToTheServer() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.print(control, "loop\n")
    #expect(fixture.log.sent.isEmpty)
    // One kick for the whole line, on the server's console line.
    #expect(fixture.log.calls == [.raise(208)])
    // The server's next access, whatever it is, sends it.
    fixture.access(linux, 0x03c)
    #expect(fixture.log.text == "control| loop\n")
    fixture.print(control, "x")
    #expect(fixture.log.calls == [.raise(208), .raise(208)])
  }

  /// The server's handler must find a reason for its interrupt, or it counts it as spurious; and
  /// find it once, because reading no FIFO would end it.
  @Test(arguments: [0x03c, 0x040] as [UInt32])
  func aKickLooksLikeAReceiveTimeout(_ register: UInt32) throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.access(linux, 0x038, write: receiveMask)
    fixture.print(control, "x")
    #expect(fixture.access(linux, register) == EmulatedPL011.receiveTimeout)
    #expect(fixture.access(linux, register) == 0)
  }

  @Test(arguments: [ZoneState.created, .stopped, .failed, .stopping, .starting])
  func aZoneRServesItselfWhileTheServerDoesNotRun(_ state: ZoneState) throws {
    let fixture = try KernelFixture()
    fixture.set(zone: linux, state)
    fixture.run(zone: control)
    fixture.print(control, "alone\n")
    #expect(fixture.log.text == "control| alone\n")
    #expect(fixture.log.calls.isEmpty)
  }

  /// The server still runs, by its state, but has turned off its CPUs.
  @Test func aZoneRServesItselfWhileTheServerHasNoCPU() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.set(cpu: 0, CPUState.idle)
    fixture.set(cpu: 1, CPUState.idle)
    fixture.print(control, "alone\n")
    #expect(fixture.log.text == "control| alone\n")
  }

  @Test func aZoneRThatServesItselfSendsLittleAtATime() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: control)
    fixture.log.room = 0
    fixture.print(control, String(repeating: "x", count: 300))
    fixture.log.room = .max
    fixture.access(control, 0x018)
    #expect(fixture.log.sent.count == 16)
    #expect(fixture.log.transmitInterrupt)
  }

  @Test func otherZonesSendABoundedAmountAtATime() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.log.room = 0
    fixture.print(linux, String(repeating: "x", count: 1000))
    fixture.log.room = .max
    fixture.access(linux, 0x018)
    #expect(fixture.log.sent.count == 256)
  }

  /// With another CPU holding the UART's lock nobody waits: these calls return, and the bytes stay.
  @Test(.timeLimit(.minutes(1)), arguments: [0, 1])
  func nobodyWaitsForTheUARTLock(_ zone: Int) throws {
    let fixture = try KernelFixture()
    fixture.run(zone: zone)  // the zoneR serves itself here
    #expect(fixture.kernel.pointee.uartLock.tryLock() == true)
    fixture.log.received = [0x61]
    fixture.print(zone, "held\n")
    fixture.access(zone, 0x018)
    #expect(fixture.log.sent.isEmpty)
    #expect(fixture.log.received == [0x61])
    #expect(fixture.kernel.pointee.consoles.ports[zone].output.count == 5)
    fixture.kernel.pointee.uartLock.unlock()
    fixture.access(zone, 0x018)
    #expect(fixture.log.text.hasSuffix("| held\n"))
  }

  /// A zoneR beside a running server does not even try the UART.
  @Test func aServedZoneRNeverTouchesTheUART() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.log.received = [0x61]
    fixture.print(control, "x\n")
    fixture.access(control, 0x018)
    #expect(fixture.log.received == [0x61])
    #expect(fixture.log.sent.isEmpty)
  }

  /// A zoneR whose server hangs sends a little itself once its ring is full.
  @Test func aFullRingOfAZoneRGoesOut() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.print(control, String(repeating: "x", count: 2048))
    #expect(fixture.log.sent.isEmpty)
    fixture.print(control, "y")
    #expect(fixture.log.sent.count == KernelBlock.realTimeDrainBudget)
    #expect(fixture.kernel.pointee.consoles.ports[control].output.dropCount == 0)
  }

  /// TXFF is for those who may wait; a zoneR never waits for the UART, it loses what does not fit.
  @Test func aFullRingDropsAndShowsToThoseWhoMayWait() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.log.room = 0
    for zone in [linux, control] {
      fixture.print(zone, String(repeating: "x", count: 2048))
      #expect((fixture.access(zone, 0x018) & 0x20 != 0) == (zone == linux))
      fixture.print(zone, "yyy")
      #expect(fixture.kernel.pointee.consoles.ports[zone].output.takeDrops() == 3)
    }
  }

  @Test func inputReachesTheSelectedZone() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.log.received = Array("ab".utf8)
    #expect(fixture.access(linux, 0x018) & 0x10 == 0)  // RXFE
    #expect(fixture.access(linux, 0x000) == 0x61)
    #expect(fixture.access(linux, 0x03c) & receiveMask == receiveMask)
    #expect(fixture.access(linux, 0x000) == 0x62)
    #expect(fixture.access(linux, 0x018) & 0x10 != 0)
    #expect(fixture.access(linux, 0x03c) & EmulatedPL011.receive == 0)
    // Nothing there: zero, not an old byte.
    #expect(fixture.access(linux, 0x000) == 0)
  }

  @Test func inputForAnotherZoneRaisesItsLineIfItListens() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.log.received = [InputRouter.escape, 0x31, 0x78]
    fixture.access(linux, 0x018)
    #expect(fixture.log.calls.isEmpty)
    #expect(fixture.access(control, 0x000) == 0x78)
    fixture.access(control, 0x038, write: receiveMask)
    fixture.log.calls = []
    fixture.log.received = [0x79]
    fixture.access(linux, 0x018)
    #expect(fixture.log.calls == [.raise(209)])
    fixture.access(control, 0x018)
    #expect(fixture.access(control, 0x000) == 0x79)
  }

  /// `pl011_int` of Linux: serves while UARTRIS has an enabled bit, 256 passes at most; it leaves the
  /// receive interrupts to clear themselves when the FIFO is empty (DDI 0183, 3.4.1 and 3.4.3).
  private func passes(_ fixture: KernelFixture) -> Int {
    let enabled = fixture.access(linux, 0x038)
    var passes = 0
    var status = fixture.access(linux, 0x03c) & enabled
    while status != 0, passes < 256 {
      fixture.access(linux, 0x044, write: status & ~(receiveMask | EmulatedPL011.transmit))
      while fixture.access(linux, 0x018) & 0x10 == 0 { fixture.access(linux, 0x000) }
      status = fixture.access(linux, 0x03c) & enabled
      passes += 1
    }
    return passes
  }

  @Test(arguments: ["x", "line\r"]) func linuxsHandlerEndsAfterInput(_ text: String) throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.access(linux, 0x038, write: receiveMask)
    fixture.log.received = Array(text.utf8)
    let passes = passes(fixture)
    #expect((1...2).contains(passes))
    #expect(fixture.log.calls.last == .lower(208))
  }

  @Test func linuxsHandlerEndsAfterAKick() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.access(linux, 0x038, write: receiveMask)
    fixture.print(control, "x\n")
    let passes = passes(fixture)
    #expect(passes > 0)  // it found a reason for the interrupt
    #expect(passes <= 2)
    // Taking the interrupt ended its pending state; nothing raises it again.
    #expect(fixture.log.calls == [.raise(208)])
  }

  /// Zephyr's driver looks at UARTFR and reads until it is empty, never at why it was interrupted.
  @Test func aHandlerThatReadsTheFlagsOnlyIsInterruptedOnce() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.access(linux, 0x038, write: receiveMask)
    fixture.print(control, "x\n")
    for _ in 0..<3 {
      while fixture.access(linux, 0x018) & 0x10 == 0 { fixture.access(linux, 0x000) }
    }
    #expect(fixture.log.calls == [.raise(208)])
    #expect(fixture.log.text == "control| x\n")
  }

  @Test func inputForAZoneWithoutConsoleIsLost() throws {
    let fixture = try KernelFixture { builder in
      builder.plan.pointee.zones[1].flags = 0
      builder.plan.pointee.zones[1].consoleGuest = 0
      builder.plan.pointee.zones[1].consoleLine = 0
    }
    fixture.run(zone: linux)
    fixture.log.received = [InputRouter.escape, 0x31, 0x78]
    fixture.access(linux, 0x018)
    #expect(fixture.kernel.pointee.consoles.ports[1].input.isEmpty == true)
    #expect(fixture.kernel.pointee.consoles.ports[0].input.isEmpty == true)
  }

  /// A flood of input holds no exit longer than 64 bytes' worth.
  @Test func inputIsTakenInPortions() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.log.received = Array(repeating: 0x7a, count: 500)
    fixture.access(linux, 0x018)
    #expect(fixture.log.received.count == 500 - 64)
  }

  /// Linux waits for the transmit interrupt when its FIFO is full; it must not come to nothing.
  @Test func transmissionRaisesTheTransmitInterrupt() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.access(linux, 0x038, write: EmulatedPL011.transmit)
    #expect(fixture.log.calls.isEmpty)
    fixture.print(linux, "x")
    #expect(fixture.log.calls == [.raise(208)])
    fixture.access(linux, 0x044, write: EmulatedPL011.transmit)
    #expect(fixture.log.calls == [.raise(208), .lower(208)])
    fixture.access(linux, 0x018)
    #expect(fixture.log.calls.count == 2)
  }

  @Test func aStopResetsTheUARTAndReportsDrops() throws {
    let fixture = try KernelFixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.access(control, 0x038, write: receiveMask)
    fixture.log.room = 0
    fixture.print(control, String(repeating: "x", count: 2050) + "\n")
    fixture.log.room = .max
    fixture.kernel.pointee.consoles.ports[control].input.append(0x61)
    fixture.set(cpu: 2, CPUState.idle)
    #expect(fixture.stop(zone: control, caller: 0))
    fixture.kernel.pointee.drainConsoles(10_000, fixture.machine)
    #expect(fixture.log.text.contains("kernel| zone control dropped 3 bytes of console output\r\n"))
    // What it had written before still comes out.
    #expect(fixture.log.sent.filter { $0 == UInt8(ascii: "x") }.count == 2048)
    #expect(fixture.kernel.pointee.consoles.ports[control].input.isEmpty == true)
    #expect(
      fixture.kernel.pointee.consoles.ports[control].wantsInput.load(ordering: .relaxed) == false)
    #expect(fixture.access(control, 0x038) == 0)
  }
}
