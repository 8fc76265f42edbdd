// What a RISC-V machine says of itself: Privileged Architecture (20240411) and SBI 2.0.

/// Whether the hart has the hypervisor extension: hgatp could be written and read back.
public func judgeHypervisorExtension(present: Bool, _ line: inout ReportLine) -> CheckStatus {
  line.add("mode", "HS")
  line.add("h-extension", present ? 1 : 0)
  if !present { line.note("the kernel needs the hypervisor extension") }
  return present ? .ok : .fail
}

/// Translation modes of guest-physical addresses that hgatp keeps.
public func judgeGuestModes(sv39x4: Bool, sv48x4: Bool, _ line: inout ReportLine) -> CheckStatus {
  line.add("sv39x4", sv39x4 ? 1 : 0)
  line.add("sv48x4", sv48x4 ? 1 : 0)
  if !sv39x4, !sv48x4 { line.note("zones need one of them") }
  return sv39x4 || sv48x4 ? .ok : .fail
}

/// What the SBI offers.
public struct SBIFacts: Equatable, Sendable {
  /// Major in bits 30:24.
  public var version: UInt64 = 0
  public var implementation: UInt64 = 0
  public var implementationVersion: UInt64 = 0
  public var timer = false
  public var ipi = false
  public var remoteFence = false
  public var hartState = false
  public var systemReset = false
  public var debugConsole = false

  public init() {}
}

/// The kernel starts harts (HSM), wakes them (IPI), fences (RFENCE) and, where there is no Sstc, sets timers (TIME).
public func judge(_ facts: SBIFacts, _ line: inout ReportLine) -> CheckStatus {
  line.add("sbi", major: facts.version >> 24 & 0x7f, minor: facts.version & 0xff_ffff)
  line.add("implementation", facts.implementation)
  line.add("implementation-version", hex: facts.implementationVersion)
  line.add("time", facts.timer ? 1 : 0)
  line.add("ipi", facts.ipi ? 1 : 0)
  line.add("rfence", facts.remoteFence ? 1 : 0)
  line.add("hsm", facts.hartState ? 1 : 0)
  line.add("srst", facts.systemReset ? 1 : 0)
  line.add("dbcn", facts.debugConsole ? 1 : 0)
  guard facts.timer, facts.ipi, facts.remoteFence, facts.hartState else {
    line.note("the kernel needs TIME, IPI, RFENCE and HSM")
    return .fail
  }
  return .ok
}

/// The performance monitor that the SBI offers (SBI 2.0, chapter 11).
public func judgeSBIMonitor(present: Bool, counters: UInt64, _ line: inout ReportLine)
  -> CheckStatus
{
  guard present else {
    line.note("the SBI has no PMU extension")
    return .skip
  }
  line.add("counters", counters)
  return .ok
}

/// Registers of a PLIC: whether an enable word of this hart's context keeps what is written, and its threshold.
public func judgePLIC(
  enableKept: Bool, thresholdKept: Bool, _ line: inout ReportLine
) -> CheckStatus {
  line.add("kind", "plic")
  line.add("enable-writable", enableKept ? 1 : 0)
  line.add("threshold-writable", thresholdKept ? 1 : 0)
  guard enableKept, thresholdKept else {
    line.note("no PLIC at its address, or another context is this hart's")
    return .fail
  }
  return .ok
}

/// domaincfg of an APLIC (AIA 1.0, 4.5.1): bits 31:24 read as 0x80; DM, bit 2: it sends MSIs. `guestFile`: the hart has a
/// guest interrupt file.
public func judgeAIA(
  domain: UInt32, guestFile: Bool, _ line: inout ReportLine
) -> CheckStatus {
  line.add("kind", "aia")
  line.add("domaincfg", hex: UInt64(domain))
  line.add("guest-file", guestFile ? 1 : 0)
  guard domain >> 24 == 0x80 else {
    line.note("no APLIC at its address")
    return .fail
  }
  guard domain & 4 != 0 else {
    line.note("this APLIC domain does not send MSIs")
    return .fail
  }
  guard guestFile else {
    line.note("the hart has no guest interrupt file")
    return .fail
  }
  return .ok
}

/// Whether a source's configuration can be written from supervisor mode.
public func judgeSourceAccess(kept: Bool, _ line: inout ReportLine) -> CheckStatus {
  line.add("source-writable", kept ? 1 : 0)
  if !kept { line.note("the source is the machine mode's: firmware did not delegate it") }
  return kept ? .ok : .fail
}
