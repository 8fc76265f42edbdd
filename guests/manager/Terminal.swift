#if hasFeature(Embedded)
internal import GuestEntry
internal import GuestSupport

/// The console as a line-based terminal. Input comes by the PL011's receive interrupt (INTID 33 on
/// QEMU virt and in zones); a slow timer looks as well, so that a lost interrupt shows as a count
/// and not as a dead manager.
enum Terminal {
  static let line: UInt32 = 33
  static var receiveInterrupts: Cell { Cell(0) }
  static var otherInterrupts: Cell { Cell(1) }

  static func start() {
    guest_store32(0x0900_0030, 0x301)  // UARTCR: receive, transmit, enable
    guest_store32(0x0900_0038, 1 << 4 | 1 << 6)  // UARTIMSC: receive and receive timeout
    Interrupts.enable(line: line, cpu: 0)
  }

  /// The next line typed, without its end. Echoes.
  static func readLine() -> Line {
    var typed = Line()
    Console.write("> ")
    while true {
      guard let byte = Console.read() else {
        wait(ticks: Timer.frequency / 10)
        continue
      }
      switch byte {
      case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        Console.endLine()
        return typed
      case 8, 127:
        if typed.removeLast() { Console.write("\u{8} \u{8}") }
      case UInt8(ascii: " ")...UInt8(ascii: "~"):
        if typed.append(byte) { Console.write(byte) }
      default:
        break
      }
    }
  }

  /// Sleeps until an interrupt, at most `ticks`.
  static func wait(ticks: UInt64) {
    // Masked interrupts still end a WFI, so that none is lost between here and the sleep.
    Interrupts.disable()
    Timer.start(Timer.now + ticks)
    guest_store32(0x0900_0038, 1 << 4 | 1 << 6)
    Interrupts.wait()
    Interrupts.enable()
    Interrupts.disable()
    Timer.stop()
    Interrupts.enable()
  }

  /// Sleeps for `ticks`, whatever interrupts come.
  static func sleep(ticks: UInt64) {
    let end = Timer.now + ticks
    while true {
      let now = Timer.now
      if now >= end { return }
      wait(ticks: end - now)
    }
  }
}

/// Every interrupt. A level-sensitive line is silenced here and enabled again by `wait`.
@c(guest_interrupt)
public func guestInterrupt(entry: UInt64) {
  let line = Interrupts.acknowledge()
  if line == Interrupts.timer {
    Timer.stop()
  } else if line == Terminal.line {
    guest_store32(0x0900_0038, 0)
    Terminal.receiveInterrupts.value &+= 1
  } else if line < Interrupts.special {
    Terminal.otherInterrupts.value &+= 1
  }
  if line < Interrupts.special { Interrupts.end(line) }
}
#endif
