#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// Hypercalls, PSCI and everything else that HVC and SMC can ask for.
enum FirmwareAttacks {
  /// Calls that would, rightly, end or suspend this zone. SMC64 variants included.
  private static func endsZone(_ function: UInt64) -> Bool {
    switch function & ~(1 << 30) {
    case 0x8400_0001, 0x8400_0002, 0x8400_0008, 0x8400_0009, 0x8400_000c, 0x8400_000e,
      0x8400_0012:
      true
    default: false
    }
  }

  private static func call(_ function: UInt64, _ a: UInt64, _ b: UInt64, _ c: UInt64, smc: Bool)
    -> CallResult
  {
    // QEMU's firmware answers one conduit only, so that bare runs keep to HVC.
    smc && Check.isInZone ? Firmware.smc(function, a, b, c) : Firmware.hvc(function, a, b, c)
  }

  /// Random functions of all owners with random arguments.
  static func random(_ random: inout Random) {
    for _ in 0..<2000 {
      var function = random.next()
      switch random.next(below: 4) {
      case 0: function = 0xc600_0000 | random.next(below: 0x40)
      case 1: function = 0x8400_0000 | random.next(below: 0x40) | random.next(below: 2) << 30
      case 2: function = 0x8000_0000 | random.next(below: 64) << 24 | random.next(below: 0x1_0000)
      default: break
      }
      if endsZone(function & 0xffff_ffff) { continue }
      let result = call(
        function, random.argument(), random.argument(), random.argument(),
        smc: random.next(below: 2) == 0)
      if function & 0x3f00_0000 != 0x0600_0000, function & 0x3f00_0000 != 0x0400_0000,
        function & 0x3fff_ffff >= 0x1_0000
      {
        Check.zone(result.code == -1, "unknown-function answered", function, result.x0)
      }
    }
  }

  /// Zone management is for zone0 alone.
  static func manage(_ random: inout Random) {
    guard Check.isInZone else { return }
    let own = Kernel.call(.zoneSelf).x0
    for round: UInt64 in 0..<64 {
      let zone = round < 32 ? round : random.argument()
      Check.that(Kernel.call(.zoneStart, zone).code < 0, "zone-start accepted", zone)
      Check.that(Kernel.call(.zoneStop, zone).code < 0, "zone-stop accepted", zone)
      Check.that(Kernel.call(.zoneRestart, zone).code < 0, "zone-restart accepted", zone)
      if zone != own {
        Check.that(Kernel.call(.stimulate, zone).code < 0, "stimulate accepted", zone)
      }
    }
  }

  /// CPU_ON and AFFINITY_INFO for CPUs of others and for CPUs that cannot be. The attacker's zone
  /// has one CPU.
  static func foreignCPUs(_ random: inout Random) {
    for round: UInt64 in 0..<400 {
      var target = round + 1
      if round >= 300 { target = random.argument() }
      if target & 0xff_00ff_ffff == 0 { target |= 1 << 8 }
      let entry = random.next(below: 2) == 0 ? 0x4008_0000 : random.next()
      let started = Firmware.hvc(Firmware.psciCPUOn, target, entry, 0)
      Check.that(started.code < 0, "cpu-on accepted", target, started.x0)
      let info = Firmware.hvc(Firmware.psciAffinityInfo, target, random.next(below: 4))
      Check.zone(info.code < 0, "affinity-info answered", target, info.x0)
    }
    let itself = Firmware.hvc(Firmware.psciCPUOn, 0, 0x4008_0000, 0)
    Check.that(itself.code < 0, "cpu-on of itself accepted", itself.x0)
  }

  /// Every PSCI function number but those that end the zone, and PSCI_FEATURES of each.
  static func psci() {
    for number: UInt64 in 0..<0x20 {
      for base: UInt64 in 0..<2 {
        let function = 0x8400_0000 | base << 30 | number
        _ = Firmware.hvc(0x8400_000a, function)
        if endsZone(function) || number == 3 { continue }
        let result = Firmware.hvc(function, 1, 2, 3)
        let isKnown = number == 0 || number == 4 || number == 6 || number == 10
        Check.zone(isKnown || result.code == -1, "unknown psci answered", function, result.x0)
      }
    }
    Check.that(Firmware.hvc(Firmware.psciVersion).x0 >> 16 >= 1, "psci version")
  }

  /// HVC and SMC with every class of immediate. Any answer will do.
  static func immediates(_ random: inout Random) {
    for bit: UInt64 in 0..<17 {
      let immediate = bit == 16 ? random.next() : 1 << bit
      _ = Instruction.hvc(immediate).run(Firmware.psciVersion)
      _ = Instruction.smc(immediate).run(Firmware.psciVersion)
    }
    // Numbers that other hypervisors answer to: Jailhouse, Xen.
    _ = Instruction.hvc(0x4a48).run(random.next(below: 16))
    _ = Instruction.hvc(0xea1).run(random.next(below: 64))
  }

  /// No register but the results may change in a call or a trapped access.
  static func registers() {
    let changed = guest_registers_changed_address()
    func check(_ instruction: Instruction, _ x0: UInt64, _ what: StaticString) {
      let result = attempt(changed, instruction.prepare(), x0)
      Check.that(result.exceptionClass == nil && result.value == 0, what, result.value)
    }
    check(.hvc(0), Firmware.psciVersion, "registers changed by hvc")
    check(.hvc(0), 0xc600_003f, "registers changed by an unknown hypercall")
    check(.load(sizeLog2: 2), Interrupts.distributor + 4, "registers changed by a gicd read")
    check(.load(sizeLog2: 2), 0x0900_0018, "registers changed by a console read")
    #if GICV2
    check(.store(sizeLog2: 2), Interrupts.distributor + 0xf00, "registers changed by sgir")
    #else
    check(.write(SystemRegister(3, 0, 12, 11, 5)), 1 << 40, "registers changed by sgi1r")
    #endif
    if Check.isInZone { check(.smc(0), Firmware.psciVersion, "registers changed by smc") }
  }
}
#endif
