#if BRINGUP && hasFeature(Embedded) && arch(riscv64)
import ArchCommon
import Bringup
internal import ArchShims
import SepKernel

// SAFETY, throughout: as in Sources/Arch/Common/BringupState.swift.

// Checks that read registers of this hart or ask firmware.

extension RISCV64Bringup {
  /// Whether hgatp keeps a mode (18.2.10).
  static func hasGuestMode(_ mode: TranslationMode) -> Bool {
    shim_write_hgatp(mode.guest(root: 0, vmid: 0))
    let kept = TranslationMode(of: shim_read_hgatp()) == mode
    shim_write_hgatp(0)
    return kept
  }
}

/// Judges what this hart says of itself.
func readRegisters(_ check: Check) -> CheckStatus {
  let state = unsafe bringupState()
  let plan = unsafe state.pointee.plan
  switch check.kind {
  case .exceptionLevel:
    // Without the extension the register is an illegal instruction, and the check ends there.
    shim_write_hgatp(0)
    return unsafe judgeHypervisorExtension(present: shim_read_hgatp() == 0, &state.pointee.line)
  case .counterFrequency:
    return unsafe judgeFrequency(
      register: nil, plan: plan?.counterFrequency ?? 0, &state.pointee.line)
  case .firmware: return unsafe judge(askFirmware(), &state.pointee.line)
  case .stage2Granules:
    return unsafe judgeGuestModes(
      sv39x4: RISCV64Bringup.hasGuestMode(.sv39), sv48x4: RISCV64Bringup.hasGuestMode(.sv48),
      &state.pointee.line)
  case .stage2AddressWidth:
    let mode = TranslationMode(of: shim_read_satp()) ?? .sv39
    return unsafe judgeAddressWidth(
      bits: UInt64(KernelMap.addressBits(mode)), end: plan.map(addressEnd) ?? 0,
      &state.pointee.line)
  case .vmidBits:
    // VMID, bits 57:44.
    shim_write_hgatp(0x3fff << 44 | TranslationMode.sv39.guest(root: 0, vmid: 0))
    let kept = shim_read_hgatp() >> 44 & 0x3fff
    shim_write_hgatp(0)
    return unsafe judgeVMID(bits: UInt64(kept.nonzeroBitCount), zones: 16, &state.pointee.line)
  case .pmu:
    let monitor: UInt64 = 0x50_4d55
    let present = shim_sbi_value(SBIExtension.base, 3, monitor) != 0
    return unsafe judgeSBIMonitor(
      present: present, counters: present ? shim_sbi_value(monitor, 0, 0) : 0,
      &state.pointee.line)
  case .cache: return unsafe judge(nil, &state.pointee.line)
  case .plan, .ram, .uart, .interruptController, .lineCount, .securityState, .stuckLines,
    .uartReceive, .cpuStart, .counterMonotonic, .wfiWake, .delivery, .baseline, .stolenTime:
    return .fail
  }
}

private func askFirmware() -> SBIFacts {
  func has(_ extension: UInt64) -> Bool { shim_sbi_value(SBIExtension.base, 3, `extension`) != 0 }
  var facts = SBIFacts()
  facts.version = shim_sbi_value(SBIExtension.base, 0, 0)
  facts.implementation = shim_sbi_value(SBIExtension.base, 1, 0)
  facts.implementationVersion = shim_sbi_value(SBIExtension.base, 2, 0)
  facts.timer = has(SBIExtension.timer)
  facts.ipi = has(SBIExtension.ipi)
  facts.remoteFence = has(SBIExtension.remoteFence)
  facts.hartState = has(SBIExtension.hartState)
  facts.systemReset = has(SBIExtension.systemReset)
  facts.debugConsole = has(SBIExtension.debugConsole)
  return facts
}
#endif
