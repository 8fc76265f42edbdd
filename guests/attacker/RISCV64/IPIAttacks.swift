#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// Interrupts between CPUs, storms of them, and the timer.
enum IPIAttacks {
  static var taken: Cell { Cell(8) }

  /// Every identity to the own interrupt file, and calls with every mask. Zones see whether one
  /// arrives by their counts.
  static func foreignTargets(_ random: inout Random) {
    if Interrupts.hasFile {
      let file = InterruptFile.address(cpu: 0)
      for identity: UInt32 in 0..<2048 { guest_store32(file, identity) }
      for _ in 0..<500 {
        guest_store32(file, UInt32(truncatingIfNeeded: random.argument()))
        guest_store32(file + 4, UInt32(truncatingIfNeeded: random.argument()))  // seteipnum_be
      }
    }
    for _ in 0..<500 {
      let base = random.next(below: 2) == 0 ? 0 : random.argument()
      let mask = random.argument()
      let sent = Firmware.sbi(Firmware.Extension.ipi, 0, mask, base)
      Check.zone(
        sent.error < 0 || base == UInt64.max || base == 0 && mask <= 1 || mask == 0,
        "ipi to foreign harts accepted", mask, base)
    }
    Interrupts.startCPU(0)
    // After all that the zone's own interrupt still works.
    let before = taken.value
    Interrupts.enable()
    Interrupts.send(toCPU: 0)
    let limit = Timer.now + Timer.frequency / 100
    while taken.value == before, Timer.now < limit {}
    Interrupts.disable()
    Check.that(taken.value != before, "own interrupt not taken")
  }

  /// As many interrupts as can be sent, to itself and to all.
  static func storm(rounds: UInt64) {
    Interrupts.enable()
    for _ in 0..<rounds {
      Interrupts.send(toCPU: 0)
      _ = Firmware.sbi(Firmware.Extension.ipi, 0, 0, UInt64.max)
    }
    Interrupts.disable()
  }

  /// WFI without a pause, and retentive suspension, with a timer that ends each wait.
  static func waitStorm() {
    Interrupts.enable()
    for round: UInt64 in 0..<2000 {
      Timer.start(Timer.now + round % 16)
      Interrupts.disable()
      // Taken before the masking, or pending: in both cases no wait can be for ever.
      Timer.start(Timer.now + round % 16)
      if round % 4 == 3 {
        _ = Firmware.sbi(Firmware.Extension.hartState, 3, 0, 0, 0)
      } else {
        guest_wfi()
      }
      Interrupts.enable()
    }
    Interrupts.disable()
    Timer.stop()
  }

  /// Spins for 20 ms with interrupts masked and one pending.
  static func maskedSpin() {
    Interrupts.send(toCPU: 0)
    let end = Timer.now + Timer.frequency / 50
    while Timer.now < end {}
  }

  /// The timer at the ends of its range, by register and by call.
  static func timers(_ random: inout Random) {
    Interrupts.enable()
    for _ in 0..<50 {
      let value = random.argument()
      Timer.set(value)
      _ = Firmware.sbi(Firmware.Extension.timer, 0, random.argument())
      _ = Firmware.sbi(Firmware.Extension.timer, random.argument(), value)
    }
    Interrupts.disable()
    Timer.stop()
  }
}

/// Every interrupt, from the vector: ended, and silenced where it would come back at once.
@c(guest_interrupt)
public func guestInterrupt(entry: UInt64) {
  let line = Interrupts.acknowledge()
  if line == Interrupts.special { return }
  IPIAttacks.taken.value &+= 1
  if line == Interrupts.timer { return Timer.stop() }
  if line < Interrupts.special {
    LineAttacks.disable(line)
    Interrupts.end(line)
  }
}
#endif
