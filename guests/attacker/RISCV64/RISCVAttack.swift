#if hasFeature(Embedded) && arch(riscv64)
internal import GuestSupport

/// Every attack by its number, which is that of AArch64 where it is the like. Below 100: must leave
/// the zone alive. From 100: ends the zone, or never ends itself, and is run alone.
enum Attack: UInt64 {
  case randomCalls = 1
  case zoneManagement = 2
  case foreignCPUs = 3
  case powerFunctions = 4
  case remoteFences = 5
  case registersSurvive = 6
  case foreignIPIs = 7
  case foreignLines = 8
  case ipiStorm = 9
  case waitStorm = 10
  case maskedSpin = 11
  case timerExtremes = 12
  case controllerSweep = 13
  case interruptFileSweep = 14
  case consoleSweep = 15
  case higherRegisters = 16
  case randomRegisters = 17
  case countersAndTriggers = 18
  case hypervisorInstructions = 19
  case maintenance = 20
  case userMode = 21
  case unknownInstructions = 22
  case illegalReturn = 23
  case brokenStack = 24
  case ownFaults = 25
  case brokenTables = 26
  case deviceAccesses = 27
  case changedInstructions = 28
  case debugConsole = 29

  case readForeign = 100
  case writeForeign = 101
  case executeForeign = 102
  case readKernel = 103
  case writeUART = 104
  case readDevice = 105
  case writeForeignFile = 106
  case writeMachineFile = 107
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
  case endlessIPIStorm = 121
  case suspendToNowhere = 122
  case deafFile = 123
  case deafEnables = 124
  case deafThreshold = 125
  case atomicForeign = 126
  case executeDevice = 127
  case writeMachineController = 128
  case writeMachineTimer = 129
  case rootForeign = 130
  case powerSwitch = 131

  /// Attacks 1 to this one are harmless.
  static let lastHarmless: UInt64 = 29

  /// Whether survival is no failure: cache blocks may be out of reach of S-mode or no matter to the
  /// emulator, and a suspension may be refused (SBI 2.0, 9.4).
  var mayBeSurvived: Bool {
    self == .cleanForeign || self == .zeroForeign || self == .suspendToNowhere
  }

  /// As it is printed.
  var name: StaticString {
    switch self {
    case .randomCalls: "random-calls"
    case .zoneManagement: "zone-management"
    case .foreignCPUs: "foreign-cpus"
    case .powerFunctions: "power-functions"
    case .remoteFences: "remote-fences"
    case .registersSurvive: "registers-survive"
    case .foreignIPIs: "foreign-ipis"
    case .foreignLines: "foreign-lines"
    case .ipiStorm: "ipi-storm"
    case .waitStorm: "wait-storm"
    case .maskedSpin: "masked-spin"
    case .timerExtremes: "timer-extremes"
    case .controllerSweep: "controller-sweep"
    case .interruptFileSweep: "interrupt-file-sweep"
    case .consoleSweep: "console-sweep"
    case .higherRegisters: "higher-registers"
    case .randomRegisters: "random-registers"
    case .countersAndTriggers: "counters-and-triggers"
    case .hypervisorInstructions: "hypervisor-instructions"
    case .maintenance: "maintenance"
    case .userMode: "user-mode"
    case .unknownInstructions: "unknown-instructions"
    case .illegalReturn: "illegal-return"
    case .brokenStack: "broken-stack"
    case .ownFaults: "own-faults"
    case .brokenTables: "broken-tables"
    case .deviceAccesses: "device-accesses"
    case .changedInstructions: "changed-instructions"
    case .debugConsole: "debug-console"
    case .readForeign: "read-foreign"
    case .writeForeign: "write-foreign"
    case .executeForeign: "execute-foreign"
    case .readKernel: "read-kernel"
    case .writeUART: "write-uart"
    case .readDevice: "read-device"
    case .writeForeignFile: "write-foreign-file"
    case .writeMachineFile: "write-machine-file"
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
    case .endlessIPIStorm: "endless-ipi-storm"
    case .suspendToNowhere: "suspend-to-nowhere"
    case .deafFile: "deaf-file"
    case .deafEnables: "deaf-enables"
    case .deafThreshold: "deaf-threshold"
    case .atomicForeign: "atomic-foreign"
    case .executeDevice: "execute-device"
    case .writeMachineController: "write-machine-controller"
    case .writeMachineTimer: "write-machine-timer"
    case .rootForeign: "root-foreign"
    case .powerSwitch: "power-switch"
    }
  }
}
#endif
