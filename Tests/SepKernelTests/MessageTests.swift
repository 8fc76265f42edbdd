import Testing

@testable import SepKernel

@Suite struct MessageTests {
  private func said(_ body: (KernelFixture) -> Void) throws -> String {
    let fixture = try KernelFixture()
    fixture.kernel.pointee.beginMessage()
    body(fixture)
    fixture.kernel.pointee.endMessage(fixture.machine)
    return fixture.log.text
  }

  @Test(
    arguments: [
      (0, "0"), (9, "9"), (10, "10"), (99, "99"), (100, "100"), (1_000_000, "1000000"),
      (UInt64.max, "18446744073709551615"), (10_000_000_000_000_000_000, "10000000000000000000"),
      (9_999_999_999_999_999_999, "9999999999999999999"),
    ] as [(UInt64, String)])
  func decimal(_ value: UInt64, _ text: String) throws {
    #expect(try said { $0.kernel.pointee.put(decimal: value) } == "kernel| \(text)\r\n")
  }

  @Test(
    arguments: [
      (0, "0x0"), (1, "0x1"), (0xf, "0xf"), (0x10, "0x10"), (0xabc_def0, "0xabcdef0"),
      (0x1_0000_0000, "0x100000000"), (UInt64.max, "0xffffffffffffffff"),
      (1 << 60, "0x1000000000000000"),
    ] as [(UInt64, String)])
  func hexadecimal(_ value: UInt64, _ text: String) throws {
    #expect(try said { $0.kernel.pointee.put(hexadecimal: value) } == "kernel| \(text)\r\n")
  }

  @Test func names() throws {
    #expect(try said { $0.kernel.pointee.put(name: 0) } == "kernel| linux\r\n")
    #expect(try said { $0.kernel.pointee.put(name: 1) } == "kernel| control\r\n")
    let full = try KernelFixture { $0.setName(of: 1, to: "abcdefghijklmnop") }
    full.kernel.pointee.sayStarted(1, starts: 1, full.machine)
    #expect(full.log.text == "kernel| zone abcdefghijklmnop started\r\n")
  }

  @Test(
    arguments: [
      (1, "kernel| zone linux started\r\n"), (2, "kernel| zone linux started (restart 1)\r\n"),
      (101, "kernel| zone linux started (restart 100)\r\n"),
    ] as [(UInt32, String)])
  func started(_ starts: UInt32, _ text: String) throws {
    let fixture = try KernelFixture()
    fixture.kernel.pointee.sayStarted(0, starts: starts, fixture.machine)
    #expect(fixture.log.text == text)
  }

  @Test func stoppedAndLiterals() throws {
    let fixture = try KernelFixture()
    fixture.kernel.pointee.sayStopped(1, "off", fixture.machine)
    fixture.kernel.pointee.say("ready", fixture.machine)
    #expect(fixture.log.text == "kernel| zone control stopped: off\r\nkernel| ready\r\n")
  }

  @Test func reportsDropsOnce() throws {
    let fixture = try KernelFixture()
    for _ in 0..<2051 { fixture.kernel.pointee.consoles.ports[1].output.append(0x2e) }
    fixture.kernel.pointee.consoles.ports[1].output.removeAll()
    fixture.kernel.pointee.drainConsoles(100, fixture.machine)
    let text = "kernel| zone control dropped 3 bytes of console output\r\n"
    #expect(fixture.log.text == text)
    fixture.kernel.pointee.drainConsoles(100, fixture.machine)
    #expect(fixture.log.text == text)
  }

  @Test func reportsDropsWhenTheRingIsHalfEmpty() throws {
    let fixture = try KernelFixture()
    for _ in 0..<2051 { fixture.kernel.pointee.consoles.ports[1].output.append(0x2e) }
    fixture.kernel.pointee.drainConsoles(1000, fixture.machine)
    fixture.kernel.pointee.drainConsoles(10, fixture.machine)
    #expect(!fixture.log.text.contains("dropped"))
    fixture.kernel.pointee.drainConsoles(100, fixture.machine)
    fixture.kernel.pointee.drainConsoles(2000, fixture.machine)
    #expect(fixture.log.text.contains("kernel| zone control dropped 3 bytes of console output\r\n"))
  }

  @Test func reportsAFloodThatDoesNotEnd() throws {
    let fixture = try KernelFixture()
    for _ in 0..<2048 + (1 << 16) {
      fixture.kernel.pointee.consoles.ports[1].output.append(0x2e)
    }
    fixture.kernel.pointee.drainConsoles(1, fixture.machine)
    #expect(fixture.kernel.pointee.consoles.ports[1].output.dropCount == 0)
    fixture.kernel.pointee.drainConsoles(10_000, fixture.machine)
    #expect(
      fixture.log.text.contains("kernel| zone control dropped 65536 bytes of console output\r\n"))
  }

  @Test func reportsLostMessagesOfItsOwn() throws {
    let fixture = try KernelFixture()
    for _ in 0..<2050 { fixture.kernel.pointee.put("x") }
    fixture.kernel.pointee.drainConsoles(3000, fixture.machine)
    fixture.kernel.pointee.drainConsoles(3000, fixture.machine)
    #expect(fixture.log.text.hasSuffix("dropped 2 bytes of console output\r\n"))
  }

  /// Exits wait for nobody: a message that somebody is writing delays the report, nothing else.
  @Test func reportsDropsLaterWhileSomebodyWrites() throws {
    let fixture = try KernelFixture()
    for _ in 0..<2051 { fixture.kernel.pointee.consoles.ports[1].output.append(0x2e) }
    fixture.kernel.pointee.consoles.ports[1].output.removeAll()
    fixture.kernel.pointee.beginMessage()
    fixture.kernel.pointee.drainConsoles(100, fixture.machine)
    #expect(fixture.log.text.isEmpty)
    fixture.kernel.pointee.endMessage(fixture.machine)
    fixture.kernel.pointee.drainConsoles(100, fixture.machine)
    #expect(fixture.log.text.contains("dropped 3 bytes of console output"))
  }

  @Test func giveTheLockBack() throws {
    let fixture = try KernelFixture()
    fixture.kernel.pointee.say("one", fixture.machine)
    #expect(fixture.kernel.pointee.messageLock.tryLock() == true)
    #expect(fixture.kernel.pointee.uartLock.tryLock() == true)
  }

  /// A kernel message does not wait for the UART: what does not fit goes out with the next exit.
  @Test func doNotWaitForTheUART() throws {
    let fixture = try KernelFixture()
    fixture.log.room = 4
    fixture.kernel.pointee.say("hello", fixture.machine)
    #expect(fixture.log.text == "kern")
    #expect(fixture.log.transmitInterrupt)
    fixture.log.room = 100
    fixture.kernel.pointee.drainConsoles(100, fixture.machine)
    #expect(fixture.log.text == "kernel| hello\r\n")
    #expect(!fixture.log.transmitInterrupt)
  }

  /// The kernel crashed with every lock taken: the record still goes out.
  @Test func aCrashNeedsNoLock() throws {
    let fixture = try KernelFixture()
    #expect(fixture.kernel.pointee.uartLock.tryLock() == true)
    fixture.kernel.pointee.beginMessage()
    fixture.kernel.pointee.put("PANIC")
    fixture.kernel.pointee.flushForCrash(fixture.machine)
    #expect(fixture.log.text == "kernel| PANIC")
  }

  @Test(.timeLimit(.minutes(1))) func aCrashWithADeadUARTEnds() throws {
    let fixture = try KernelFixture()
    fixture.log.room = 3
    fixture.kernel.pointee.put("PANIC")
    fixture.kernel.pointee.flushForCrash(fixture.machine)
    #expect(fixture.log.text == "ker")
  }
}
