#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// Software-generated interrupts, foreign interrupt numbers and storms.
enum InterruptAttacks {
  static var taken: Cell { Cell(8) }
  private static let broadcast: UInt64 = 1 << 40

  /// Every kind of SGI to every kind of target. Zones see whether one arrives by their counts.
  static func foreignTargets(_ random: inout Random) {
    for number: UInt64 in 0..<16 {
      guest_write_icc_sgi1r(broadcast | number << 24)
      guest_write_icc_sgi0r(broadcast | number << 24)
      guest_write_icc_asgi1r(broadcast | number << 24)
      for affinity1: UInt64 in 0..<4 {
        let value = affinity1 << 16 | number << 24 | 0xfffe
        guest_write_icc_sgi1r(value)
        guest_write_icc_sgi0r(value)
        guest_write_icc_asgi1r(value)
      }
    }
    for _ in 0..<500 {
      let value = random.next()
      guest_write_icc_sgi1r(value)
      guest_write_icc_sgi0r(value)
      guest_write_icc_asgi1r(value)
    }
    // After all that the zone's own SGI still works.
    let before = taken.value
    Interrupts.enable()
    guest_write_icc_sgi1r(Interrupts.sgi(2, toCPU: 0))
    let limit = Timer.now + Timer.frequency / 100
    while taken.value == before, Timer.now < limit {}
    Interrupts.disable()
    Check.that(taken.value != before, "own sgi not taken")
  }

  /// Deactivates and ends interrupts that are not active here, LPIs and absurd numbers included.
  static func deactivation(_ random: inout Random) {
    for separate: UInt64 in 0..<2 {
      guest_write_icc_ctlr(separate << 1)
      for line: UInt64 in 0..<1024 {
        guest_write_icc_dir(line)
        guest_write_icc_eoir1(line)
      }
      for _ in 0..<100 {
        guest_write_icc_dir(8192 + random.next(below: 0x1_0000))
        guest_write_icc_dir(random.next())
      }
    }
    guest_write_icc_ctlr(0)
  }

  /// As many SGIs as can be sent, to itself and to all.
  static func sgiStorm(rounds: UInt64) {
    Interrupts.enable()
    for round in 0..<rounds {
      guest_write_icc_sgi1r(Interrupts.sgi(round & 15, toCPU: 0))
      guest_write_icc_sgi1r(broadcast | (round & 15) << 24)
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
    guest_write_icc_sgi1r(Interrupts.sgi(3, toCPU: 0))
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
    guest_store32(Interrupts.redistributors + 0x1_0180, 1 << line)  // GICR_ICENABLER0
  }
  Interrupts.end(line)
}
#endif
