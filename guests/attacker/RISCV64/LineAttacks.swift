#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// Lines of others, and every register of the emulated interrupt controller: APLIC (AIA, 4.5) or PLIC.
enum LineAttacks {
  private static let lines: UInt32 = 1024

  /// A register that reads without an effect.
  static var controller: UInt64 { Interrupts.hasFile ? APLIC.base : PLIC.base + 4 }

  /// Silences `line`.
  static func disable(_ line: UInt32) {
    if Interrupts.hasFile {
      guest_store32(APLIC.base + 0x1fdc, line)  // clrienum
    } else {
      guest_store32(PLIC.base + 4 * UInt64(line), 0)  // priority
    }
  }

  /// Lines that the zone does not own, made pending, enabled, ended and sent to harts, guests and domains
  /// of others.
  static func foreignLines(_ random: inout Random) {
    if Interrupts.hasFile { foreignSources(&random) } else { foreignContexts() }
    reset()
  }

  private static func foreignSources(_ random: inout Random) {
    let base = APLIC.base
    for line in 1..<lines {
      let offset = 4 * UInt64(line)
      guest_store32(base + offset, 1 << 10)  // sourcecfg: delegated to a child domain
      Check.zone(
        guest_load32(base + offset) >> 10 == 0, "source could be delegated", UInt64(line))
      guest_store32(base + offset, 4)
      for _ in 0..<4 {
        let target = UInt32(truncatingIfNeeded: random.next()) | 1 << 18 | 1 << 12
        guest_store32(base + 0x3000 + offset, target)
        let now = guest_load32(base + 0x3000 + offset)
        Check.zone(now >> 18 == 0, "source aimed at a foreign hart", UInt64(line), UInt64(now))
        Check.zone(now >> 12 & 0x3f == 0, "source aimed at a guest", UInt64(line), UInt64(now))
      }
      guest_store32(base + 0x1edc, line)  // setienum
      guest_store32(base + 0x1cdc, line)  // setipnum
      guest_store32(base + 0x1ddc, line)  // clripnum
      guest_store32(base + 0x2000, line)  // setipnum_le
      guest_store32(base + 0x2004, line)  // setipnum_be
    }
    for _ in 0..<500 {
      guest_store32(base + 0x3000, UInt32(truncatingIfNeeded: random.next()))  // genmsi
    }
    // Where messages go is for the machine's domain to say: mmsiaddrcfg to smsiaddrcfgh.
    for register: UInt64 in 0..<4 {
      let before = guest_load32(base + 0x1bc0 + 4 * register)
      guest_store32(base + 0x1bc0 + 4 * register, ~before)
      Check.zone(
        guest_load32(base + 0x1bc0 + 4 * register) == before, "message address writable", register)
    }
  }

  private static func foreignContexts() {
    for line in 1..<lines {
      guest_store32(PLIC.base + 4 * UInt64(line), 7)
      guest_store32(PLIC.base + 0x1000 + UInt64(line / 32) * 4, UInt32.max)  // pending: read-only
    }
    for context: UInt64 in 0..<16 {
      let isOwn = context == 1
      for word: UInt64 in 0..<32 {
        let enables = PLIC.base + 0x2000 + 0x80 * context + 4 * word
        guest_store32(enables, UInt32.max)
        Check.zone(isOwn || guest_load32(enables) == 0, "foreign context enabled", context)
      }
      let frame = PLIC.base + 0x20_0000 + 0x1000 * context
      guest_store32(frame, 7)
      Check.zone(isOwn || guest_load32(frame) == 0, "foreign threshold writable", context)
      for line in 0..<lines { guest_store32(frame + 4, line) }  // complete
      _ = guest_load32(frame + 4)  // claim
    }
  }

  /// Every register, then random sizes at random offsets, aligned or not.
  static func sweep(_ random: inout Random, ownLines: UInt64) {
    let base = Interrupts.hasFile ? APLIC.base : PLIC.base
    let words: UInt64 = Interrupts.hasFile ? 0x2000 : 0x1000
    for word in 0..<words { DeviceAttacks.load(2, base + 4 * word) }
    for word in 0..<words { DeviceAttacks.store(2, base + 4 * word, 0) }
    for word in 0..<words { DeviceAttacks.store(2, base + 4 * word, 0xffff_ffff) }
    if Check.isInZone { countOwnLines(expected: ownLines) }
    for _ in 0..<3000 {
      DeviceAttacks.load(random.next(below: 4), base + random.next(below: 4 * words - 8))
    }
    for _ in 0..<3000 {
      DeviceAttacks.store(
        random.next(below: 4), base + random.next(below: 4 * words - 8), random.argument())
    }
    reset()
  }

  /// Only the zone's own lines may hold anything.
  private static func countOwnLines(expected: UInt64) {
    var configured: UInt64 = 0
    var enabled: UInt64 = 0
    for line in 1..<lines {
      let offset = 4 * UInt64(line)
      let word = UInt64(line / 32) * 4
      if Interrupts.hasFile {
        guest_store32(APLIC.base + offset, 4)  // sourcecfg
        guest_store32(APLIC.base + 0x1edc, line)  // setienum
        if guest_load32(APLIC.base + offset) != 0 { configured += 1 }
        if guest_load32(APLIC.base + 0x1e00 + word) >> (line % 32) & 1 != 0 { enabled += 1 }
      } else {
        let enables = PLIC.base + 0x2080 + word
        guest_store32(PLIC.base + offset, 1)
        guest_store32(enables, UInt32.max)
        if guest_load32(PLIC.base + offset) != 0 { configured += 1 }
        if guest_load32(enables) >> (line % 32) & 1 != 0 { enabled += 1 }
      }
    }
    Console.write("attacker: controller")
    Console.field("configured", configured)
    Console.field("enabled", enabled)
    Console.endLine()
    if expected == 0 { return }
    Check.that(configured <= expected, "foreign lines configured", configured, expected)
    Check.that(enabled <= expected, "foreign lines enabled", enabled, expected)
  }

  /// Lines off and idle, controller and CPU as at the start.
  static func reset() {
    for line in 1..<lines {
      if Interrupts.hasFile { guest_store32(APLIC.base + 4 * UInt64(line), 0) }
      disable(line)
    }
    Interrupts.start()
    Interrupts.startCPU(0)
  }
}
#endif
