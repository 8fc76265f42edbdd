#if BRINGUP && hasFeature(Embedded) && arch(arm64)
import ArchCommon
import Bringup
internal import ArchShims
import SepKernel

// SAFETY, throughout: as in Sources/Arch/Common/BringupState.swift.

// Checks that read registers of this CPU or ask firmware.

/// Judges what this CPU says of itself.
func readRegisters(_ check: Check) -> CheckStatus {
  let state = unsafe bringupState()
  let mmfr0 = shim_read_ID_AA64MMFR0_EL1()
  let plan = unsafe state.pointee.plan
  switch check.kind {
  case .exceptionLevel:
    return unsafe judgeExceptionLevel(currentEL: shim_read_CurrentEL(), &state.pointee.line)
  case .counterFrequency:
    return unsafe judgeFrequency(
      register: shim_read_CNTFRQ_EL0(), plan: plan?.counterFrequency ?? 0, &state.pointee.line)
  case .firmware:
    if let plan, !plan.startsByFirmware {
      unsafe state.pointee.line.note("the board has no PSCI: CPUs are let go one by one")
      return .skip
    }
    return unsafe judge(askFirmware(), &state.pointee.line)
  case .stage2Granules: return unsafe judgeGranules(mmfr0: mmfr0, &state.pointee.line)
  case .stage2AddressWidth:
    return unsafe judgeAddressWidth(
      bits: physicalAddressBits(mmfr0: mmfr0), end: plan.map(addressEnd) ?? 0,
      &state.pointee.line)
  case .vmidBits:
    // ID_AA64MMFR1_EL1.VMIDBits: 0 is 8, 2 is 16. The kernel numbers zones from 1 to 16.
    return unsafe judgeVMID(
      bits: shim_read_ID_AA64MMFR1_EL1() >> 4 & 0xf == 2 ? 16 : 8, zones: 16,
      &state.pointee.line)
  case .pmu:
    let dfr0 = shim_read_ID_AA64DFR0_EL1()
    return unsafe judgePMU(
      dfr0: dfr0, pmcr: PerformanceMonitor.isPresent ? shim_read_PMCR_EL0() : 0,
      &state.pointee.line)
  case .cache: return unsafe judge(cache(level: check.index), &state.pointee.line)
  case .plan, .ram, .uart, .interruptController, .lineCount, .securityState, .stuckLines,
    .uartReceive, .cpuStart, .counterMonotonic, .wfiWake, .delivery, .baseline, .stolenTime:
    return .fail
  }
}

private func cache(level: Int) -> CacheGeometry? {
  let clidr = shim_read_CLIDR_EL1()
  // InD: the instruction side only where it is alone.
  let instructions: UInt64 = clidr >> UInt64(3 * (level - 1)) & 7 == 1 ? 1 : 0
  shim_write_CSSELR_EL1(UInt64(level - 1) << 1 | instructions)
  shim_isb()
  // ID_AA64MMFR2_EL1.CCIDX.
  let wide = shim_read_id(7, 2) >> 20 & 0xf == 1
  return CacheGeometry(level: level, clidr: clidr, ccsidr: shim_read_CCSIDR_EL1(), wide: wide)
}

private func askFirmware() -> FirmwareFacts {
  func ask(_ function: UInt32, _ argument: UInt32 = 0) -> Int64 {
    Int64(Int32(truncatingIfNeeded: shim_smc(UInt64(function), UInt64(argument), 0, 0)))
  }
  var facts = FirmwareFacts()
  facts.psci = ask(FirmwareFunction.psciVersion)
  guard facts.psci >= 1 << 16 else { return facts }
  facts.cpuOn = ask(
    FirmwareFunction.psciFeatures, FirmwareFunction.cpuOn | FirmwareFunction.smc64)
  facts.systemReset = ask(FirmwareFunction.psciFeatures, FirmwareFunction.systemReset)
  // Whether there is an SMCCC_VERSION tells PSCI_FEATURES (DEN 0028, 7.2).
  guard ask(FirmwareFunction.psciFeatures, FirmwareFunction.smcccVersion) >= 0 else {
    return facts
  }
  facts.smccc = ask(FirmwareFunction.smcccVersion)
  guard facts.smccc >= 0x1_0001 else { return facts }
  facts.workaround1 = ask(FirmwareFunction.archFeatures, FirmwareFunction.workaround1)
  facts.workaround2 = ask(FirmwareFunction.archFeatures, FirmwareFunction.workaround2)
  facts.workaround3 = ask(FirmwareFunction.archFeatures, FirmwareFunction.workaround3)
  return facts
}
#endif
