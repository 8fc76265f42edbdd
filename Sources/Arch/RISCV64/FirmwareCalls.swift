#if hasFeature(Embedded) && arch(riscv64)
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// What a zone's ECALLs do: RISC-V SBI 2.0. Full path; sepc is past the ECALL.

/// Error and value of a call: a0 and a1.
struct SBIResult {
  var error: Int64
  var value: UInt64

  init(_ error: Int64, _ value: UInt64 = 0) {
    self.error = error
    self.value = value
  }

  static func value(_ value: UInt64) -> SBIResult { SBIResult(SBIStatus.success, value) }
  static var done: SBIResult { SBIResult(SBIStatus.success) }
  static var unknown: SBIResult { SBIResult(SBIStatus.notSupported) }
}

/// Answers the call in `frame`. Does not return when the CPU is to park.
func firmwareCall(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ block: UnsafeMutablePointer<CPUBlock>
) {
  let `extension` = unsafe frame[register: Register.a7]
  // The one call that is part of a zone's interrupt latency, first.
  if `extension` == SBIExtension.ipi {
    let result = unsafe interruptCall(frame, block)
    unsafe frame[register: Register.a0] = UInt64(bitPattern: result.error)
    unsafe frame[register: Register.a1] = result.value
    return
  }
  if `extension` <= SBIExtension.shutdown {
    // Legacy calls have one result (chapter 5).
    unsafe frame[register: Register.a0] = UInt64(
      bitPattern: legacyCall(`extension`, frame[register: Register.a0], block))
    return
  }
  let result = unsafe answer(`extension`, frame, block)
  unsafe frame[register: Register.a0] = UInt64(bitPattern: result.error)
  unsafe frame[register: Register.a1] = result.value
}

@_optimize(size)
private func answer(
  _ extension: UInt64, _ frame: UnsafeMutablePointer<TrapFrame>,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> SBIResult {
  let function = unsafe frame[register: Register.a6]
  let a0 = unsafe frame[register: Register.a0]
  let a1 = unsafe frame[register: Register.a1]
  let a2 = unsafe frame[register: Register.a2]
  switch `extension` {
  case SBIExtension.base: return baseCall(function, a0)
  case SBIExtension.timer:
    guard function == 0 else { return .unknown }
    unsafe setTimer(a0, block)
    return .done
  case SBIExtension.remoteFence:
    guard function <= 2 else { return .unknown }
    guard let mask = unsafe harts(a0, a1, block) else {
      return SBIResult(SBIStatus.invalidParameter)
    }
    let a3 = unsafe frame[register: Register.a3]
    let a4 = unsafe frame[register: Register.a4]
    unsafe remoteFence(function, mask, start: a2, size: a3, asid: a4, block)
    return .done
  case SBIExtension.hartState: return unsafe hartStateCall(function, a0, a1, a2, block)
  case SBIExtension.systemReset: return unsafe systemReset(function, type: a0, reason: a1, block)
  case SBIExtension.debugConsole: return unsafe debugConsole(function, a0, a1, a2, block)
  case SBIExtension.kernel: return unsafe kernelCall(function, a0, block)
  default: return .unknown
  }
}

/// Chapter 4.
private func baseCall(_ function: UInt64, _ argument: UInt64) -> SBIResult {
  switch function {
  case 0: .value(SBIIdentity.version)
  case 1: .value(SBIIdentity.implementation)
  case 2: .value(SBIIdentity.implementationVersion)
  case 3: .value(SBIExtension.isImplemented(argument) ? 1 : 0)
  // mvendorid, marchid, mimpid: the machine's, for a zone to work around its errors.
  case 4, 5, 6: .value(shim_sbi_value(SBIExtension.base, function, 0))
  default: .unknown
  }
}

@_optimize(size)
private func legacyCall(
  _ extension: UInt64, _ argument: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) -> Int64 {
  switch `extension` {
  case SBIExtension.setTimerLegacy:
    unsafe setTimer(argument, block)
    return 0
  case SBIExtension.putCharacter:
    unsafe transmit(UInt8(truncatingIfNeeded: argument), block)
    return 0
  case SBIExtension.getCharacter:
    guard let byte = unsafe receive(block) else { return -1 }
    return Int64(byte)
  case SBIExtension.clearIPI:
    shim_clear_hvip(InterruptBit.virtualSoftware)
    return 0
  case SBIExtension.shutdown:
    _ = unsafe systemReset(0, type: 0, reason: 0, block)
    return SBIStatus.failed
  default:
    // Those with a pointer to a hart mask: the mask would be read with the zone's translation.
    return SBIStatus.notSupported
  }
}

/// A time in the past interrupts at once, all ones never (6.1).
private func setTimer(_ deadline: UInt64, _ block: UnsafeMutablePointer<CPUBlock>) {
  if unsafe block.pointee.hasTimerCompare {
    shim_write_vstimecmp(deadline)
    return
  }
  shim_clear_hvip(InterruptBit.virtualTimer)
  _ = shim_sbi(SBIExtension.timer, 0, deadline, 0, 0, 0)
  shim_set_sie(InterruptBit.timer)
}

private func harts(
  _ mask: UInt64, _ base: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) -> HartMask? {
  HartMask(mask: mask, base: base, cpuCount: unsafe block.pointee.zoneBlock.pointee.cpuCount)
}

/// Chapter 7.
private func interruptCall(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ block: UnsafeMutablePointer<CPUBlock>
) -> SBIResult {
  guard unsafe frame[register: Register.a6] == 0 else { return .unknown }
  guard
    let mask = unsafe harts(
      frame[register: Register.a0], frame[register: Register.a1], block)
  else { return SBIResult(SBIStatus.invalidParameter) }
  unsafe sendIPI(mask, block)
  return .done
}

private func sendIPI(_ mask: HartMask, _ block: UnsafeMutablePointer<CPUBlock>) {
  var left = mask.vcpus
  while left != 0 {
    let vcpu = left.trailingZeroBitCount
    left &= left - 1
    if unsafe vcpu == Int(block.pointee.vcpu) {
      shim_set_hvip(InterruptBit.virtualSoftware)
      continue
    }
    let cpu = Int(unsafe block.pointee.zoneBlock.pointee.cpus[vcpu])
    unsafe block.pointee.shared.pointee.requests[cpu].bitwiseOr(
      CPURequest.softwareInterrupt, ordering: .releasing)
    RISCV64Machine().wake(cpu: cpu)
  }
}

/// FENCE.I, SFENCE.VMA, SFENCE.VMA with ASID on the zone's CPUs: the firmware does the first as it is and
/// the others as HFENCE.VVMA of this zone's VMID (8.1, 8.6, 8.7). One call for each hart, since their
/// numbers may be far apart.
private func remoteFence(
  _ function: UInt64, _ mask: HartMask, start: UInt64, size: UInt64, asid: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) {
  let physical: UInt64 = function == 0 ? 0 : function == 1 ? 6 : 5
  var left = mask.vcpus
  while left != 0 {
    let vcpu = left.trailingZeroBitCount
    left &= left - 1
    let cpu = Int(unsafe block.pointee.zoneBlock.pointee.cpus[vcpu])
    let hart = unsafe block.pointee.shared.pointee.hartIDs[cpu]
    _ = shim_sbi_fence(physical, 1, hart, start, size, asid)
  }
}

/// Chapter 9.
@_optimize(size)
private func hartStateCall(
  _ function: UInt64, _ a0: UInt64, _ a1: UInt64, _ a2: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> SBIResult {
  switch function {
  case 0: return unsafe hartStart(vcpu: a0, entry: a1, argument: a2, block)
  case 1: unsafe leave(.firmwareCall, block)
  case 2:
    guard let cpu = unsafe ownCPU(a0, block) else { return SBIResult(SBIStatus.invalidParameter) }
    let kernel = unsafe block.pointee.kernel
    if unsafe kernel.pointee.cpus[cpu].command.load(ordering: .sequentiallyConsistent) != 0 {
      return .value(2)
    }
    let state = unsafe kernel.pointee.cpus[cpu].state.load(ordering: .sequentiallyConsistent)
    return .value(state == CPUState.running.rawValue ? 0 : 1)
  case 3:
    // Retentive, or not: the default types. All platform-specific ones are refused (9.4).
    let type = UInt32(truncatingIfNeeded: a0)
    guard a0 >> 32 == 0, type == 0 || type == 0x8000_0000 else {
      return SBIResult(
        a0 >> 32 == 0 && type & 0x7fff_ffff >= 0x1000_0000
          ? SBIStatus.notSupported : SBIStatus.invalidParameter)
    }
    if type != 0, a1 >> 39 != 0 { return SBIResult(SBIStatus.invalidAddress) }
    unsafe waitForInterrupt(block)
    if type == 0 { return .done }
    unsafe leaveFull(
      .wait, from: block.pointee.entryTick, to: block.pointee.recordTime, pc: shim_read_sepc(),
      block)
    unsafe resume(entry: a1, argument: a2, block)
  default: return .unknown
  }
}

/// Waits for an interrupt of this CPU on behalf of its zone. The time spent here is the zone's own, not
/// the kernel's: the exit is timed from the end.
private func waitForInterrupt(_ block: UnsafeMutablePointer<CPUBlock>) {
  shim_wfi()
  unsafe block.pointee.entryTick = block.pointee.recordTime
}

/// Goes on at `entry` after a suspension that kept nothing: as at a start of the hart (9.4), but that
/// timer, interrupt file and pending interrupts stay.
private func resume(
  entry: UInt64, argument: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) -> Never {
  shim_write_vsatp(0)
  shim_clear_vsstatus(SupervisorStatus.interruptEnable)
  shim_write_sepc(entry)
  shim_set_sstatus(SupervisorStatus.previousPrivilege)
  kernel_enter_guest(
    unsafe block.pointee.vcpu, argument, 0, 0, 0, UInt64(UInt(bitPattern: block)))
}

/// The zone's CPU with this vCPU number, or nil.
private func ownCPU(_ vcpu: UInt64, _ block: UnsafeMutablePointer<CPUBlock>) -> Int? {
  guard vcpu < UInt64(unsafe block.pointee.zoneBlock.pointee.cpuCount) else { return nil }
  return Int(unsafe block.pointee.zoneBlock.pointee.cpus[Int(vcpu)])
}

private func hartStart(
  vcpu: UInt64, entry: UInt64, argument: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) -> SBIResult {
  guard let cpu = unsafe ownCPU(vcpu, block) else {
    return SBIResult(SBIStatus.invalidParameter)
  }
  // An address outside the zone's memory faults there, in the zone.
  guard entry >> 39 == 0, entry & 1 == 0 else { return SBIResult(SBIStatus.invalidAddress) }
  return
    switch unsafe block.pointee.kernel.pointee.startVCPU(
      on: cpu, entry: entry, argument: argument, RISCV64Machine())
  {
  case .started: .done
  case .alreadyOn, .pending: SBIResult(SBIStatus.alreadyAvailable)
  }
}

/// Chapter 10: shutdown, or any reboot, of the zone; for no reason, or for a failure of its own.
private func systemReset(
  _ function: UInt64, type: UInt64, reason: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) -> SBIResult {
  guard function == 0 else { return .unknown }
  // Everything else is reserved, or a platform's that is not implemented (table 36).
  guard type <= 2, reason <= 1 else { return SBIResult(SBIStatus.invalidParameter) }
  let zone = unsafe block.pointee.zone
  let kernel = unsafe block.pointee.kernel
  let ticks = unsafe block.pointee.shared.pointee.ticksPerMillisecond
  let machine = RISCV64Machine()
  if type == 0 {
    if unsafe kernel.pointee.stop(
      zone: zone, final: .stopped, failure: .none, caller: block.pointee.index,
      ticksPerMillisecond: ticks, machine: machine)
    {
      unsafe kernel.pointee.sayStopped(zone, "off", machine)
    }
  } else {
    _ = unsafe kernel.pointee.restart(
      zone: zone, caller: block.pointee.index, ticksPerMillisecond: ticks, machine: machine)
  }
  // Whether this call or another CPU's began the transition, this CPU's part in it is to park.
  unsafe leave(.firmwareCall, block)
}

/// The kernel's own calls.
private func kernelCall(
  _ function: UInt64, _ argument: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) -> SBIResult {
  guard function < 0x100, let call = Hypercall(rawValue: UInt32(function)) else { return .unknown }
  switch call {
  case .clock:
    return .value(unsafe block.pointee.shared.pointee.plan.cycleFrequency)
  case .exitCount:
    guard let count = unsafe block.pointee.probe.exitCount(reason: argument) else {
      return SBIResult(SBIStatus.invalidParameter)
    }
    return .value(count)
  default:
    let result = unsafe block.pointee.kernel.pointee.zoneCall(
      call, argument: argument, zone: block.pointee.zone, caller: block.pointee.index,
      ticksPerMillisecond: block.pointee.shared.pointee.ticksPerMillisecond,
      machine: RISCV64Machine())
    return sbiResult(result)
  }
}

/// A result of the kernel in SBI's terms. The second one is in the upper half of the value.
private func sbiResult(_ result: CallResult) -> SBIResult {
  switch result.value {
  case CallStatus.notSupported: return .unknown
  case CallStatus.invalidParameters: return SBIResult(SBIStatus.invalidParameter)
  case CallStatus.denied: return SBIResult(SBIStatus.denied)
  case CallStatus.pending: return SBIResult(SBIStatus.alreadyStarted)
  default: return .value(UInt64(result.value) | (result.second ?? 0) << 32)
  }
}
#endif
