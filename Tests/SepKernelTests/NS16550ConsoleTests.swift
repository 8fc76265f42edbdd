import PlanTestSupport
import Synchronization
import Testing

@testable import SepKernel

/// `KernelBlock`'s console where zones see a 16550, and as calls reach it.
@Suite struct NS16550ConsoleTests {
  private typealias Fixture = KernelFixtureWith<EmulatedNS16550>
  private let linux = KernelFixture.linux
  private let control = KernelFixture.control

  /// What Linux's 8250 handler does, pass by pass while IIR says there is something: LSR; with DR the data;
  /// with THRE up to 16 bytes without asking again; THRE is disabled with the last of them.
  private final class Driver {
    let fixture: Fixture
    var output: [UInt8]
    var input: [UInt8] = []

    init(_ fixture: Fixture, output: String) {
      self.fixture = fixture
      self.output = Array(output.utf8)
    }

    @discardableResult func handle() -> Int {
      var passes = 0
      while passes < 512, fixture.access(0, 2) & 1 == 0 {
        passes += 1
        let status = fixture.access(0, 5)
        if status & 1 != 0 {
          for _ in 0..<256 {
            input.append(UInt8(fixture.access(0, 0)))
            if fixture.access(0, 5) & 1 == 0 { break }
          }
        }
        if status & 0x20 != 0, fixture.access(0, 1) & 2 != 0 {
          for byte in output.prefix(16) { fixture.access(0, 0, write: UInt32(byte)) }
          output.removeFirst(min(16, output.count))
          if output.isEmpty { fixture.access(0, 1, write: 1) }
        }
      }
      return passes
    }
  }

  /// More than the ring holds, to a UART that takes a little at a time: nothing is lost, and the driver is
  /// called until all is sent.
  @Test(arguments: [1, 7, 16, 100]) func longOutputArrives(_ room: Int) throws {
    let fixture = try Fixture()
    fixture.run(zone: linux)
    let text = String((0..<5000).map { Character(Unicode.Scalar(0x61 + UInt8($0 % 26))) })
    let driver = Driver(fixture, output: text)
    // Printed by the kernel of the zone, so that the ring is not filled in sixteens.
    fixture.log.room = 0
    fixture.print(linux, "abc")
    fixture.access(linux, 1, write: 3)
    for _ in 0..<100_000 where !driver.output.isEmpty {
      fixture.log.calls = []
      fixture.log.room = room
      driver.handle()
      // The line is up whenever there is something left, or the UART's own interrupt is on.
      if !driver.output.isEmpty { #expect(fixture.log.calls.contains(.raise(208))) }
    }
    fixture.log.room = .max
    for _ in 0..<20 { fixture.access(linux, 5) }
    #expect(driver.output.isEmpty)
    #expect(fixture.kernel.pointee.consoles.ports[linux].output.dropCount == 0)
    #expect(fixture.log.text == "linux| abc" + text)
  }

  @Test func theHandlerEnds() throws {
    let fixture = try Fixture()
    fixture.run(zone: linux)
    fixture.access(linux, 1, write: 1)
    let driver = Driver(fixture, output: "")
    #expect(driver.handle() == 0)
    fixture.log.received = Array("line\r".utf8)
    #expect(driver.handle() == 1)
    #expect(driver.input == Array("line\r".utf8))
    #expect(fixture.log.calls.last == .lower(208))
  }

  @Test func theHandlerEndsAfterAKick() throws {
    let fixture = try Fixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    fixture.access(linux, 1, write: 1)
    fixture.print(control, "x\n")
    #expect(fixture.log.calls == [.raise(208)])
    #expect(Driver(fixture, output: "").handle() == 1)
    #expect(fixture.log.text == "control| x\n")
  }

  /// THRE means room for sixteen.
  @Test func thresholdOfRoom() throws {
    let fixture = try Fixture()
    fixture.run(zone: linux)
    fixture.log.room = 0
    for count in 1...2048 {
      fixture.print(linux, "x")
      #expect((fixture.access(linux, 5) & 0x20 != 0) == (2048 - count >= 16))
    }
  }

  // MARK: calls

  @Test func aCallSendsAsTheUARTDoes() throws {
    let fixture = try Fixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    for byte in "hi\n".utf8 {
      fixture.kernel.pointee.sendToConsole(byte, zone: linux, machine: fixture.machine)
    }
    #expect(fixture.log.text == "linux| hi\n")
    // A zoneR leaves it to the server, and asks once.
    for byte in "rt\n".utf8 {
      fixture.kernel.pointee.sendToConsole(byte, zone: control, machine: fixture.machine)
    }
    #expect(fixture.log.calls == [.raise(208)])
    fixture.access(linux, 5)
    #expect(fixture.log.text == "linux| hi\ncontrol| rt\n")
    // No interrupt of its UART follows from it.
    fixture.access(control, 1, write: 2)
    #expect(fixture.access(control, 2) == 0x02)
    fixture.kernel.pointee.sendToConsole(0x2e, zone: control, machine: fixture.machine)
    #expect(fixture.access(control, 2) == 0x01)
  }

  @Test func aFullRingOfAZoneRGoesOutByCallsToo() throws {
    let fixture = try Fixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    for _ in 0..<2049 {
      fixture.kernel.pointee.sendToConsole(0x78, zone: control, machine: fixture.machine)
    }
    #expect(fixture.log.sent.count == KernelBlock.realTimeDrainBudget)
    #expect(fixture.kernel.pointee.consoles.ports[control].output.dropCount == 0)
  }

  @Test func aCallReceives() throws {
    let fixture = try Fixture()
    fixture.run(zone: linux)
    fixture.run(zone: control)
    let receive = {
      fixture.kernel.pointee.receiveFromConsole(zone: $0, machine: fixture.machine)
    }
    #expect(receive(linux) == nil)
    fixture.log.received = Array("ab".utf8)
    #expect(receive(linux) == 0x61)
    #expect(receive(linux) == 0x62)
    #expect(receive(linux) == nil)
    // A zoneR beside a running server does not look at the UART.
    fixture.log.received = [InputRouter.escape, 0x31, 0x78]
    #expect(receive(control) == nil)
    #expect(fixture.log.received.count == 3)
    #expect(receive(linux) == nil)
    #expect(receive(control) == 0x78)
    // What a call took, the UART does not have.
    #expect(fixture.access(control, 5) & 1 == 0)
  }

  @Test(.timeLimit(.minutes(1))) func callsWaitForNobody() throws {
    let fixture = try Fixture()
    fixture.run(zone: linux)
    #expect(fixture.kernel.pointee.uartLock.tryLock() == true)
    fixture.log.received = [0x61]
    fixture.kernel.pointee.sendToConsole(0x78, zone: linux, machine: fixture.machine)
    #expect(
      fixture.kernel.pointee.receiveFromConsole(zone: linux, machine: fixture.machine) == nil)
    #expect(fixture.log.sent.isEmpty)
    fixture.kernel.pointee.uartLock.unlock()
    #expect(
      fixture.kernel.pointee.receiveFromConsole(zone: linux, machine: fixture.machine) == 0x61)
  }
}
