// What registers of an AArch64 machine mean: Arm Architecture Reference Manual (DDI 0487), chapter D23, and
// GIC architecture (IHI 0069), chapter 12, by register name.

/// CurrentEL.
public func judgeExceptionLevel(currentEL: UInt64, _ line: inout ReportLine) -> CheckStatus {
  line.add("el", currentEL >> 2 & 3)
  return currentEL >> 2 & 3 == 2 ? .ok : .fail
}

/// ID_AA64MMFR0_EL1.TGran4_2, TGran16_2, TGran64_2 and, where they defer to them, the stage-1 fields.
public func judgeGranules(mmfr0: UInt64, _ line: inout ReportLine) -> CheckStatus {
  // TGran4 and TGran64: 0 is supported, 15 not; TGran16: 0 is not. The _2 fields: 0 defers, 1 not, 2 and 3 supported.
  func has(second: UInt64, first: UInt64, absent: UInt64) -> Bool {
    let own = mmfr0 >> second & 0xf
    return own == 0 ? mmfr0 >> first & 0xf != absent : own >= 2
  }
  let has4 = has(second: 40, first: 28, absent: 15)
  line.add("4k", has4 ? 1 : 0)
  line.add("16k", has(second: 32, first: 20, absent: 0) ? 1 : 0)
  line.add("64k", has(second: 36, first: 24, absent: 15) ? 1 : 0)
  guard has4 else {
    line.note("the kernel's stage-2 tables have 4 KiB pages")
    return .fail
  }
  return .ok
}

/// ID_AA64MMFR0_EL1.PARange, in bits.
public func physicalAddressBits(mmfr0: UInt64) -> UInt64 {
  switch mmfr0 & 0xf {
  case 0: 32
  case 1: 36
  case 2: 40
  case 3: 42
  case 4: 44
  case 5: 48
  case 6: 52
  default: 56
  }
}

/// Whether all physical addresses of the Plan, up to `end`, can be an output of stage 2. Guest addresses of 39
/// bits need a machine of 40: stage 2 starts at level 1 only then or below (D8.2).
public func judgeAddressWidth(bits: UInt64, end: UInt64, _ line: inout ReportLine) -> CheckStatus {
  line.add("bits", bits)
  line.add("needed-end", hex: end)
  if bits < 64, end >> bits != 0, end != 1 << bits {
    line.note("memory or devices lie beyond what this CPU can address")
    return .fail
  }
  return .ok
}

/// Bits of a VMID, for zones with the numbers 1 to `zones`.
public func judgeVMID(bits: UInt64, zones: UInt64, _ line: inout ReportLine) -> CheckStatus {
  line.add("bits", bits)
  guard bits < 64, 1 << bits > zones else {
    line.note("zones would share translations in the TLBs")
    return .fail
  }
  return .ok
}

/// ID_AA64DFR0_EL1.PMUVer and PMCR_EL0.
public func judgePMU(dfr0: UInt64, pmcr: UInt64, _ line: inout ReportLine) -> CheckStatus {
  let version = dfr0 >> 8 & 0xf
  guard version != 0, version != 15 else {
    line.note("there is none that the architecture describes")
    return .skip
  }
  line.add("version", version)
  line.add("counters", pmcr >> 11 & 0x1f)
  return .ok
}

/// GICD_PIDR2.ArchRev and GICD_IIDR against the Plan's controller. `wanted`: architecture version of its kind.
public func judgeGIC(
  pidr2: UInt64, iidr: UInt64, wanted: UInt64, _ line: inout ReportLine
) -> CheckStatus {
  let version = pidr2 >> 4 & 0xf
  line.add("version", version)
  line.add("pidr2", hex: pidr2)
  line.add("iidr", hex: iidr)
  // A GICv4 is a GICv3 with more.
  guard version == wanted || (wanted == 3 && version == 4) else {
    line.note("there is another device at the distributor's address, or none")
    return .fail
  }
  return .ok
}

/// What could be written of an interrupt's configuration, tried on one of the CPU's own lines.
public struct SecurityState: Equatable, Sendable {
  /// GICD_CTLR.DS: the distributor knows one security state only.
  public var oneState: Bool
  /// Whether the line could be moved to Group 1, and to Group 0.
  public var group1: Bool
  public var group0: Bool
  /// What came back of the priority 0xff.
  public var priority: UInt8
  /// Whether Group 0's registers of the CPU interface are software's: on a GICv3 with two states this is SCR_EL3.FIQ,
  /// clear.
  public var interfaceHasGroup0: Bool

  public init(
    oneState: Bool, group1: Bool, group0: Bool, priority: UInt8, interfaceHasGroup0: Bool
  ) {
    self.oneState = oneState
    self.group1 = group1
    self.group0 = group0
    self.priority = priority
    self.interfaceHasGroup0 = interfaceHasGroup0
  }
}

/// Whether the kernel can set up lines. Where there are two security states the group is the firmware's and reads as
/// zero to others (GICR_IGROUPR0); that lines arrive shows `delivery`.
public func judge(_ state: SecurityState, _ line: inout ReportLine) -> CheckStatus {
  let bits = state.priority.nonzeroBitCount
  line.add("one-state", state.oneState ? 1 : 0)
  line.add("group-writable", state.group1 && state.group0 ? 1 : 0)
  line.add("priority-bits", count: bits)
  // IHI 0069, 4.8: at least 16 levels, 4 bits, for each state.
  guard bits >= 4 else {
    line.note("priorities cannot be written: the line is the firmware's")
    return .fail
  }
  guard state.group1 && state.group0 || !state.oneState else {
    line.note("one security state, and yet a line's group cannot be chosen")
    return .fail
  }
  // IHI 0069, 4.8.1: priorities are shifted for non-secure software, masks only when FIQs go to EL3.
  line.add("mask-shifted", state.oneState || state.interfaceHasGroup0 ? 0 : 1)
  guard state.oneState || !state.interfaceHasGroup0 else {
    line.note("priority masks have another scale than priorities: firmware keeps SCR_EL3.FIQ clear")
    return .warn
  }
  return .ok
}

/// What firmware offers: PSCI (DEN 0022) and SMCCC (DEN 0028). Versions as it returns them: major in bits 31:16.
public struct FirmwareFacts: Equatable, Sendable {
  public var psci: Int64 = -1
  /// PSCI_FEATURES of CPU_ON.
  public var cpuOn: Int64 = -1
  /// PSCI_FEATURES of SYSTEM_RESET.
  public var systemReset: Int64 = -1
  public var smccc: Int64 = -1
  /// SMCCC_ARCH_FEATURES of ARCH_WORKAROUND_1, _2, _3.
  public var workaround1: Int64 = -1
  public var workaround2: Int64 = -1
  public var workaround3: Int64 = -1

  public init() {}
}

/// The kernel starts CPUs with PSCI 0.2 or later and asks for workarounds from SMCCC 1.1 on.
public func judge(_ facts: FirmwareFacts, _ line: inout ReportLine) -> CheckStatus {
  guard facts.psci >= 0 else {
    line.add("psci", signed: facts.psci)
    line.note("no PSCI answers to SMC: no other CPU can be started")
    return .fail
  }
  let psci = UInt64(facts.psci)
  line.add("psci", major: psci >> 16, minor: psci & 0xffff)
  line.add("cpu-on", signed: facts.cpuOn)
  line.add("system-reset", signed: facts.systemReset)
  if facts.smccc >= 0 {
    line.add("smccc", major: UInt64(facts.smccc) >> 16, minor: UInt64(facts.smccc) & 0xffff)
    line.add("workaround-1", signed: facts.workaround1)
    line.add("workaround-2", signed: facts.workaround2)
    line.add("workaround-3", signed: facts.workaround3)
  } else {
    line.add("smccc", "1.0")
  }
  guard psci >= 2 else {
    line.note("PSCI 0.1 has no fixed function numbers")
    return .fail
  }
  // PSCI_FEATURES itself came with 1.0.
  if psci >= 1 << 16, facts.cpuOn < 0 {
    line.note("firmware does not offer CPU_ON")
    return .fail
  }
  return .ok
}
