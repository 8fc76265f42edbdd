#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// Software-generated interrupts, foreign interrupt numbers and storms.
enum InterruptAttacks {
  static var taken: Cell { Cell(8) }

  /// After all attacks the zone's own SGI still works.
  static func checkOwnSGI() {
    let before = taken.value
    Interrupts.enable()
    Interrupts.send(Interrupts.sgi(2, toCPU: 0))
    let limit = Timer.now + Timer.frequency / 100
    while taken.value == before, Timer.now < limit {}
    Interrupts.disable()
    Check.that(taken.value != before, "own sgi not taken")
  }

  /// As many SGIs as can be sent, to itself and to all.
  static func sgiStorm(rounds: UInt64) {
    Interrupts.enable()
    for round in 0..<rounds {
      Interrupts.send(Interrupts.sgi(round & 15, toCPU: 0))
      Interrupts.send(Interrupts.sgiToOthers(round & 15))
    }
    Interrupts.disable()
  }

  /// WFI, WFE and SEV without a pause, and standby by PSCI, with a timer that ends each wait.
  static func waitStorm() {
    Interrupts.enable()
    for round: UInt64 in 0..<2000 {
      Timer.start(Timer.now + round % 64)
      Interrupts.disable()
      // Taken before the masking, or pending: in both cases no wait can be for ever.
      Timer.start(Timer.now + round % 64)
      if round % 4 == 3 {
        _ = Firmware.hvc(Firmware.psciCPUSuspend, 0, 0, 0)
      } else {
        guest_wfi()
      }
      Interrupts.enable()
      guest_sev()
      guest_wfe()
    }
    Interrupts.disable()
    Timer.stop()
  }

  /// Spins for 20 ms with interrupts masked and one pending.
  static func maskedSpin() {
    Interrupts.send(Interrupts.sgi(3, toCPU: 0))
    let end = Timer.now + Timer.frequency / 50
    while Timer.now < end {}
  }

  /// Both timers at the ends of their range.
  static func timers(_ random: inout Random) {
    Interrupts.enable()
    for _ in 0..<50 {
      let value = random.argument()
      guest_write_cntv_cval(value)
      guest_write_cntv_ctl(random.next(below: 8))
      guest_write_cntp_cval(value)
      guest_write_cntp_ctl(random.next(below: 8))
    }
    Interrupts.disable()
    guest_write_cntp_ctl(0)
    Timer.stop()
  }
}

/// Every interrupt, from the vector: ended, and silenced where it would come back at once.
@c(guest_interrupt)
public func guestInterrupt(entry: UInt64) {
  let line = Interrupts.acknowledge()
  if line >= Interrupts.special { return }
  InterruptAttacks.taken.value &+= 1
  if line >= 32 {
    guest_store32(
      Interrupts.distributor + 0x180 + UInt64(line / 32) * 4, 1 << (line % 32))  // GICD_ICENABLER
  } else if line == Interrupts.timer {
    Timer.stop()
  } else if line >= 16 {
    Interrupts.disable(private: line)
  }
  Interrupts.end(line)
}
#endif
