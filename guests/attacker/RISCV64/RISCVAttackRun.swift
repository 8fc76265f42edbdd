#if hasFeature(Embedded) && arch(riscv64)
internal import GuestSupport

extension Attack {
  /// Carries the attack out. `operand`: for attacks on memory the address, for the sweep of the interrupt
  /// controller the number of lines the zone owns; 0 for the default of each.
  func run(_ random: inout Random, operand: UInt64) -> Attempt {
    /// Address `operand`, or a default that no zone of the tests has.
    func address(_ standard: UInt64) -> UInt64 { operand == 0 ? standard : operand }
    let foreign = address(Memory.foreign & ~0xfff)

    switch self {
    case .randomCalls: SBIAttacks.random(&random)
    case .zoneManagement: SBIAttacks.manage(&random)
    case .foreignCPUs: SBIAttacks.foreignCPUs(&random)
    case .powerFunctions: SBIAttacks.power(&random)
    case .remoteFences: SBIAttacks.remoteFences(&random)
    case .registersSurvive: SBIAttacks.registers()
    case .foreignIPIs: IPIAttacks.foreignTargets(&random)
    case .foreignLines: LineAttacks.foreignLines(&random)
    case .ipiStorm: IPIAttacks.storm(rounds: 2000)
    case .waitStorm: IPIAttacks.waitStorm()
    case .maskedSpin: IPIAttacks.maskedSpin()
    case .timerExtremes: IPIAttacks.timers(&random)
    case .controllerSweep: LineAttacks.sweep(&random, ownLines: operand)
    case .interruptFileSweep: CSRAttacks.interruptFile(&random)
    case .consoleSweep: DeviceAttacks.consoleSweep(&random)
    case .higherRegisters: CSRAttacks.higherModes()
    case .randomRegisters: CSRAttacks.random(&random)
    case .countersAndTriggers: CSRAttacks.countersAndTriggers()
    case .hypervisorInstructions: ModeAttacks.hypervisorInstructions()
    case .maintenance: ModeAttacks.maintenance()
    case .userMode: ModeAttacks.userMode()
    case .unknownInstructions: ModeAttacks.unknownInstructions(&random)
    case .illegalReturn: ModeAttacks.illegalReturn(&random)
    case .brokenStack: ModeAttacks.brokenStack(&random)
    case .ownFaults: PageAttacks.ownFaults(&random)
    case .brokenTables: PageAttacks.brokenTables()
    case .deviceAccesses: DeviceAttacks.accesses()
    case .changedInstructions: PageAttacks.changedInstructions()
    case .debugConsole: SBIAttacks.debugConsole(&random)

    case .readForeign: return EndingAttacks.access(.load(sizeLog2: 3), at: foreign)
    case .writeForeign: return EndingAttacks.access(.store(sizeLog2: 3), at: foreign)
    case .executeForeign: return EndingAttacks.execute(at: foreign)
    case .readKernel: return EndingAttacks.access(.load(sizeLog2: 2), at: address(0xc000_0000))
    case .writeUART: return EndingAttacks.access(.store(sizeLog2: 2), at: address(0x1000_1000))
    case .readDevice: return EndingAttacks.access(.load(sizeLog2: 2), at: address(0x0010_1000))
    case .writeForeignFile:
      return EndingAttacks.access(
        .store(sizeLog2: 2), at: address(InterruptFile.base + 0x4000), value: 63)
    case .writeMachineFile:
      return EndingAttacks.access(.store(sizeLog2: 2), at: address(0x2400_0000), value: 1)
    case .readBeyondAddressSpace: return EndingAttacks.readHigh(at: address(1 << 45))
    case .exclusiveForeign:
      return EndingAttacks.access(.atomic(2, sizeLog2: 3), at: foreign)
    case .cleanForeign: return EndingAttacks.access(.cacheBlock(1), at: foreign)
    case .zeroForeign: return EndingAttacks.access(.cacheBlock(4), at: foreign)
    case .tableWalkForeign: return EndingAttacks.tableWalk(at: foreign)
    case .vectorsForeign: return EndingAttacks.vectors(at: foreign)
    case .exceptionLoop: return EndingAttacks.exceptionLoop()
    case .cpuOff:
      return .returned(
        UInt64(bitPattern: Firmware.sbi(Firmware.Extension.hartState, 1).error))
    case .spin: EndingAttacks.spin()
    case .wait: EndingAttacks.wait()
    case .trapStorm: EndingAttacks.trapStorm()
    case .maintenanceStorm: EndingAttacks.maintenanceStorm()
    case .consoleFlood: EndingAttacks.consoleFlood()
    case .endlessIPIStorm: while true { IPIAttacks.storm(rounds: 1_000_000) }
    case .suspendToNowhere:
      Timer.start(Timer.now + Timer.frequency / 1000)
      return .returned(
        Firmware.sbi(Firmware.Extension.hartState, 3, 0x8000_0000, foreign, 0).value)
    case .deafFile: EndingAttacks.deaf(register: 0x70, value: 0)
    case .deafEnables: EndingAttacks.deafEnables()
    case .deafThreshold: EndingAttacks.deaf(register: 0x72, value: 1)
    case .atomicForeign:
      return EndingAttacks.access(.atomic(0, sizeLog2: 3), at: foreign)
    case .executeDevice: return Instruction.jump.run(DeviceAttacks.executable(Console.device))
    case .writeMachineController:
      return EndingAttacks.access(.store(sizeLog2: 2), at: address(EndingAttacks.machineController))
    case .writeMachineTimer:
      return EndingAttacks.access(.store(sizeLog2: 3), at: address(0x0200_4000))
    case .rootForeign: return EndingAttacks.root(at: foreign)
    case .powerSwitch:  // the test device of QEMU's machine
      return EndingAttacks.access(.store(sizeLog2: 2), at: address(0x0010_0000), value: 0x5555)
    }
    return .returned(0)
  }
}
#endif
