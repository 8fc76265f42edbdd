#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// Everything that ECALL can ask for: SBI 2.0, and the kernel's own calls.
enum SBIAttacks {
  private static let notSupported: Int64 = -2
  private static let invalidParameter: Int64 = -3
  private typealias Extension = Firmware.Extension

  /// Extensions a zone has, and legacy ones (chapter 5).
  private static func isKnown(_ call: UInt64) -> Bool {
    call <= 0x10 || call == Extension.timer || call == Extension.ipi
      || call == Extension.remoteFence || call == Extension.hartState
      || call == Extension.systemReset || call == Extension.debugConsole || call == Kernel.base
  }

  /// Calls that would, rightly, end or suspend this zone.
  private static func endsZone(_ call: UInt64, _ function: UInt64) -> Bool {
    call == 8 || call == Extension.systemReset
      || call == Extension.hartState && (function == 1 || function == 3)
  }

  /// Random functions of all extensions with random arguments. Bare, the firmware would do some of it.
  static func random(_ random: inout Random) {
    for _ in 0..<2000 {
      var call = random.next()
      switch random.next(below: 6) {
      case 0: call = Kernel.base
      case 1: call = random.next(below: 0x40)
      case 2: call = 0x0900_0000 | random.next(below: 0x100_0000)
      case 3: call = Extension.remoteFence
      case 4: call = Check.isInZone ? Extension.hartState : Extension.base
      default: break
      }
      let function = random.next(below: 4) == 0 ? random.argument() : random.next(below: 16)
      if endsZone(call, function) || !Check.isInZone && call < 0x10 { continue }
      let result = Firmware.sbi(
        call, function, random.argument(), random.argument(), random.argument(),
        random.argument(), random.argument())
      if !isKnown(call) {
        Check.that(
          result.error == notSupported, "unknown extension answered", call,
          UInt64(bitPattern: result.error))
      }
    }
  }

  /// Zone management is for zone0 alone.
  static func manage(_ random: inout Random) {
    guard Check.isInZone else { return }
    let own = Kernel.call(.zoneSelf).value
    for round: UInt64 in 0..<64 {
      let zone = round < 32 ? round : random.argument()
      Check.that(Kernel.call(.zoneStart, zone).error < 0, "zone-start accepted", zone)
      Check.that(Kernel.call(.zoneStop, zone).error < 0, "zone-stop accepted", zone)
      Check.that(Kernel.call(.zoneRestart, zone).error < 0, "zone-restart accepted", zone)
      if zone != own {
        Check.that(Kernel.call(.stimulate, zone).error < 0, "stimulate accepted", zone)
      }
    }
  }

  /// hart_start, hart_get_status and send_ipi for harts of others and for harts that cannot be. The
  /// attacker's zone has one CPU.
  static func foreignCPUs(_ random: inout Random) {
    for round: UInt64 in 0..<400 {
      let hart = max(round < 300 ? round + 1 : random.argument(), 1)
      let entry = random.next(below: 2) == 0 ? Memory.code : random.next()
      let started = Firmware.sbi(Extension.hartState, 0, hart, entry, 0)
      Check.zone(
        started.error == invalidParameter, "hart-start accepted", hart,
        UInt64(bitPattern: started.error))
      let status = Firmware.sbi(Extension.hartState, 2, hart)
      Check.zone(status.error == invalidParameter, "hart-get-status answered", hart, status.value)
      let sent = Firmware.sbi(Extension.ipi, 0, 1, hart)
      // All ones as the base mean every hart, whatever the mask.
      Check.zone(
        hart == UInt64.max || sent.error == invalidParameter, "send-ipi accepted", hart)
    }
    let itself = Firmware.sbi(Extension.hartState, 0, CPU.hart(0), Memory.code, 0)
    Check.that(itself.error == -6, "hart-start of itself accepted")  // ALREADY_AVAILABLE
  }

  /// HSM and SRST with what they must refuse, and functions they have not.
  static func power(_ random: inout Random) {
    for function: UInt64 in 4..<64 {
      let result = Firmware.sbi(Extension.hartState, function, 0, 0, 0)
      Check.that(result.error == notSupported, "unknown hsm function answered", function)
    }
    for _ in 0..<100 {
      // Reserved and platform-specific ways to suspend, retentive or not.
      let type = 1 + random.next(below: 0x7fff_ffff) | random.next(below: 2) << 31
      let result = Firmware.sbi(Extension.hartState, 3, type, random.argument(), 0)
      Check.that(result.error < 0, "unknown suspend type accepted", type)
      let reset = Firmware.sbi(Extension.systemReset, 0, 3 + random.next(below: 1 << 31), 0)
      Check.that(reset.error < 0, "unknown reset type accepted")
      let reason = Firmware.sbi(Extension.systemReset, 0, 0, 2 + random.next(below: 1 << 30))
      Check.that(reason.error < 0, "unknown reset reason accepted")
      let function = 1 + random.next(below: 1 << 20)
      let unknown = Firmware.sbi(Extension.systemReset, function, 0, 0)
      Check.that(unknown.error == notSupported, "unknown srst function answered", function)
    }
  }

  /// RFENCE: every function, own and foreign harts, every range.
  static func remoteFences(_ random: inout Random) {
    for _ in 0..<500 {
      for function: UInt64 in 0..<8 {
        // Those of the hypervisor extension are not for a zone.
        let isForZone = function < 3
        let own = Firmware.sbi(
          Extension.remoteFence, function, 1, CPU.hart(0), random.argument(), random.argument(),
          random.argument())
        Check.zone(isForZone || own.error < 0, "hypervisor's fence executed", function)
        let base = 1 + random.next(below: 1 << 20)
        let foreign = Firmware.sbi(
          Extension.remoteFence, function, random.argument() | 1, base, random.argument(),
          random.argument(), random.argument())
        Check.zone(foreign.error < 0, "fence on foreign harts executed", function, base)
      }
    }
  }

  /// The debug console is to read and write this zone's memory and no other.
  static func debugConsole(_ random: inout Random) {
    guard Check.isInZone else { return }
    for function: UInt64 in 0..<2 {
      let places: InlineArray<6, UInt64> = [
        Memory.foreign & ~0xfff, 0, 0xffff_ffff_ffff_f000, 1 << 40, Console.device,
        InterruptFile.base,
      ]
      for index in places.indices {
        let result = Firmware.sbi(Extension.debugConsole, function, 1, places[index], 0)
        Check.that(result.error < 0, "foreign memory accepted", places[index], function)
        // The upper half of the address, of which there is none on this machine.
        let high = Firmware.sbi(
          Extension.debugConsole, function, 1, Memory.plain, 1 + places[index])
        Check.that(high.error < 0, "address beyond 64 bits accepted", function)
      }
      for _ in 0..<100 {
        let bytes = 1 << 36 | random.next()
        let result = Firmware.sbi(Extension.debugConsole, function, bytes, Memory.plain, 0)
        Check.that(result.error < 0, "too much memory accepted", bytes, function)
      }
      let nothing = Firmware.sbi(Extension.debugConsole, function, 0, Memory.plain, 0)
      Check.that(nothing.error == 0 && nothing.value == 0, "nothing refused", function)
    }
    for function: UInt64 in 3..<64 {
      let result = Firmware.sbi(Extension.debugConsole, function, 0, 0, 0)
      Check.that(result.error == notSupported, "unknown dbcn function answered", function)
    }
  }

  /// No register but the results may change in a call or a trapped access.
  static func registers() {
    let changed = guest_registers_changed_address()
    func check(_ instruction: Instruction, _ a0: UInt64, _ call: UInt64, _ what: StaticString) {
      let result = attempt(changed, instruction.prepare(), a0, call)
      Check.that(result.exceptionClass == nil && result.value == 0, what, result.value)
    }
    check(.ecall, 0, Extension.base << 32, "registers changed by a call")
    check(.ecall, 0, Kernel.base << 32 | 0x3f, "registers changed by an unknown call")
    check(.ecall, 1, Extension.ipi << 32, "registers changed by an ipi")
    check(.load(sizeLog2: 2), LineAttacks.controller, 0, "registers changed by a controller read")
    check(.load(sizeLog2: 0), Console.device + 5, 0, "registers changed by a console read")
    check(.store(sizeLog2: 0), Console.device + 7, 0, "registers changed by a console write")
    guest_clear_ssip()
  }
}
#endif
