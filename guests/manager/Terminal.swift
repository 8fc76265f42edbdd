#if hasFeature(Embedded)
internal import GuestSupport

/// The console as a line-based terminal. Input comes by the device's receive interrupt; a slow timer
/// looks as well, so that a lost interrupt shows as a count and not as a dead manager.
enum Terminal {
  static var receiveInterrupts: Cell { Cell(0) }
  static var otherInterrupts: Cell { Cell(1) }

  static func start() {
    Console.startReceiving()
    Interrupts.enable(line: Console.line, cpu: 0)
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
    Console.setReceiveInterrupt(true)
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
  } else if line == Console.line {
    Console.setReceiveInterrupt(false)
    Terminal.receiveInterrupts.value &+= 1
  } else if line < Interrupts.special {
    Terminal.otherInterrupts.value &+= 1
  }
  if line < Interrupts.special { Interrupts.end(line) }
}
#endif
