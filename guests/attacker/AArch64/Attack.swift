#if hasFeature(Embedded) && arch(arm64)
internal import GuestSupport

/// Every attack by its number. Below 100: must leave the zone alive. From 100: ends the zone, or
/// never ends itself, and is run alone.
enum Attack: UInt64 {
  case randomCalls = 1
  case zoneManagement = 2
  case foreignCPUs = 3
  case powerFunctions = 4
  case callImmediates = 5
  case registersSurvive = 6
  case foreignSGIs = 7
  case foreignDeactivation = 8
  case sgiStorm = 9
  case waitStorm = 10
  case maskedSpin = 11
  case timerExtremes = 12
  case distributorSweep = 13
  case redistributorSweep = 14
  case consoleSweep = 15
  case higherRegisters = 16
  case randomRegisters = 17
  case debugRegisters = 18
  case setWay = 19
  case maintenance = 20
  case aarch32User = 21
  case aarch64User = 22
  case illegalReturn = 23
  case brokenStack = 24
  case ownFaults = 25

  case readForeign = 100
  case writeForeign = 101
  case executeForeign = 102
  case readKernel = 103
  case writeUART = 104
  case readDevice = 105
  case writeForeignRedistributor = 106
  case readITS = 107
  case readBeyondAddressSpace = 108
  case exclusiveForeign = 109
  case cleanForeign = 110
  case zeroForeign = 111
  case tableWalkForeign = 112
  case vectorsForeign = 113
  case exceptionLoop = 114
  case cpuOff = 115
  case spin = 116
  case wait = 117
  case trapStorm = 118
  case maintenanceStorm = 119
  case consoleFlood = 120
  case endlessSGIStorm = 121
  case suspendToNowhere = 122
  case deafGroup = 123
  case deafInterface = 124
  case deafPriority = 125

  /// Attacks 1 to this one are harmless.
  static let lastHarmless: UInt64 = 25

  /// Whether survival is no failure: QEMU executes cache maintenance as no operation, so that the
  /// stage-2 fault of real hardware does not come, and a power-down suspend may be refused or taken
  /// as standby (DEN0022, 5.4).
  var mayBeSurvived: Bool { self == .cleanForeign || self == .suspendToNowhere }

  /// As it is printed.
  var name: StaticString {
    switch self {
    case .randomCalls: "random-calls"
    case .zoneManagement: "zone-management"
    case .foreignCPUs: "foreign-cpus"
    case .powerFunctions: "power-functions"
    case .callImmediates: "call-immediates"
    case .registersSurvive: "registers-survive"
    case .foreignSGIs: "foreign-sgis"
    case .foreignDeactivation: "foreign-deactivation"
    case .sgiStorm: "sgi-storm"
    case .waitStorm: "wait-storm"
    case .maskedSpin: "masked-spin"
    case .timerExtremes: "timer-extremes"
    case .distributorSweep: "distributor-sweep"
    case .redistributorSweep: "redistributor-sweep"
    case .consoleSweep: "console-sweep"
    case .higherRegisters: "higher-registers"
    case .randomRegisters: "random-registers"
    case .debugRegisters: "debug-registers"
    case .setWay: "set-way"
    case .maintenance: "maintenance"
    case .aarch32User: "aarch32-user"
    case .aarch64User: "aarch64-user"
    case .illegalReturn: "illegal-return"
    case .brokenStack: "broken-stack"
    case .ownFaults: "own-faults"
    case .readForeign: "read-foreign"
    case .writeForeign: "write-foreign"
    case .executeForeign: "execute-foreign"
    case .readKernel: "read-kernel"
    case .writeUART: "write-uart"
    case .readDevice: "read-device"
    case .writeForeignRedistributor: "write-foreign-redistributor"
    case .readITS: "read-its"
    case .readBeyondAddressSpace: "read-beyond-address-space"
    case .exclusiveForeign: "exclusive-foreign"
    case .cleanForeign: "clean-foreign"
    case .zeroForeign: "zero-foreign"
    case .tableWalkForeign: "table-walk-foreign"
    case .vectorsForeign: "vectors-foreign"
    case .exceptionLoop: "exception-loop"
    case .cpuOff: "cpu-off"
    case .spin: "spin"
    case .wait: "wait"
    case .trapStorm: "trap-storm"
    case .maintenanceStorm: "maintenance-storm"
    case .consoleFlood: "console-flood"
    case .endlessSGIStorm: "endless-sgi-storm"
    case .suspendToNowhere: "suspend-to-nowhere"
    case .deafGroup: "deaf-group"
    case .deafInterface: "deaf-interface"
    case .deafPriority: "deaf-priority"
    }
  }

  /// Carries the attack out. `operand` is x3 at entry: for attacks on memory the address, for the
  /// sweep of the distributor the number of lines the zone owns; 0 for the default of each.
  func run(_ random: inout Random, operand: UInt64) -> Attempt {
    /// Address `operand`, or a default that no zone of the tests has.
    func address(_ standard: UInt64) -> UInt64 { operand == 0 ? standard : operand }
    let foreign = address(0x7fff_f000)

    switch self {
    case .randomCalls: FirmwareAttacks.random(&random)
    case .zoneManagement: FirmwareAttacks.manage(&random)
    case .foreignCPUs: FirmwareAttacks.foreignCPUs(&random)
    case .powerFunctions: FirmwareAttacks.psci()
    case .callImmediates: FirmwareAttacks.immediates(&random)
    case .registersSurvive: FirmwareAttacks.registers()
    case .foreignSGIs: InterruptAttacks.foreignTargets(&random)
    case .foreignDeactivation: InterruptAttacks.deactivation(&random)
    case .sgiStorm: InterruptAttacks.sgiStorm(rounds: 2000)
    case .waitStorm: InterruptAttacks.waitStorm()
    case .maskedSpin: InterruptAttacks.maskedSpin()
    case .timerExtremes: InterruptAttacks.timers(&random)
    case .distributorSweep:
      ControllerAttacks.distributorSweep(&random, ownLines: operand)
    case .redistributorSweep: ControllerAttacks.redistributorSweep(&random)
    case .consoleSweep: ControllerAttacks.consoleSweep(&random)
    case .higherRegisters: RegisterAttacks.higherLevels()
    case .randomRegisters: RegisterAttacks.random(&random)
    case .debugRegisters: RegisterAttacks.debugAndMonitors()
    case .setWay: RegisterAttacks.setWay()
    case .maintenance: RegisterAttacks.maintenance()
    case .aarch32User: StateAttacks.aarch32User()
    case .aarch64User: StateAttacks.aarch64User()
    case .illegalReturn: StateAttacks.illegalReturn()
    case .brokenStack: StateAttacks.brokenStack(&random)
    case .ownFaults: StateAttacks.ownFaults(&random)

    case .readForeign: return FatalAttacks.access(.load(sizeLog2: 3), at: foreign)
    case .writeForeign: return FatalAttacks.access(.store(sizeLog2: 3), at: foreign)
    case .executeForeign: return FatalAttacks.execute(at: foreign)
    case .readKernel: return FatalAttacks.access(.load(sizeLog2: 2), at: address(0xc000_0000))
    case .writeUART: return FatalAttacks.access(.store(sizeLog2: 2), at: address(0x0900_1000))
    case .readDevice: return FatalAttacks.access(.load(sizeLog2: 2), at: address(0x0901_0000))
    case .writeForeignRedistributor:
      return FatalAttacks.access(
        .store(sizeLog2: 2), at: address(0x080d_0100))
    case .readITS: return FatalAttacks.access(.load(sizeLog2: 2), at: address(0x0808_0000))
    case .readBeyondAddressSpace:
      return FatalAttacks.readHigh(at: address(0xff_c000_0000))
    case .exclusiveForeign: return FatalAttacks.access(.loadExclusive, at: foreign)
    case .cleanForeign: return FatalAttacks.access(.system(3, 7, 14, 1), at: foreign)
    case .zeroForeign: return FatalAttacks.access(.system(3, 7, 4, 1), at: foreign)
    case .tableWalkForeign: return FatalAttacks.tableWalk(at: foreign)
    case .vectorsForeign: return FatalAttacks.vectors(at: foreign)
    case .exceptionLoop: return FatalAttacks.exceptionLoop()
    case .cpuOff: return .returned(Firmware.hvc(Firmware.psciCPUOff).x0)
    case .spin: FatalAttacks.spin()
    case .wait: FatalAttacks.wait()
    case .trapStorm: FatalAttacks.trapStorm()
    case .maintenanceStorm: FatalAttacks.maintenanceStorm()
    case .consoleFlood: FatalAttacks.consoleFlood()
    case .suspendToNowhere:
      Timer.start(Timer.now + Timer.frequency / 1000)
      return .returned(Firmware.hvc(Firmware.psciCPUSuspend, 1 << 16, foreign, 0).x0)
    case .deafGroup: DeafAttacks.group()
    case .deafInterface: DeafAttacks.interface()
    case .deafPriority: DeafAttacks.priority()
    case .endlessSGIStorm:
      while true { InterruptAttacks.sgiStorm(rounds: 1_000_000) }
    }
    return .returned(0)
  }
}
#endif
