#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// What a zone's SMC and HVC do. Full path.

/// Answers the call in `frame`. Does not return when the CPU is to park.
func firmwareCall(_ frame: UnsafeMutablePointer<TrapFrame>, is32Bit: Bool) {
  let block = unsafe currentCPU()
  let function = UInt32(truncatingIfNeeded: unsafe frame[register: 0])
  // SMC32 arguments are the lower halves; an AArch32 zone has no others.
  let narrow = is32Bit || function & FirmwareFunction.smc64 == 0
  let mask: UInt64 = narrow ? 0xffff_ffff : ~0
  let a1 = unsafe frame[register: 1] & mask
  let a2 = unsafe frame[register: 2] & mask
  let a3 = unsafe frame[register: 3] & mask
  if is32Bit, function & FirmwareFunction.smc64 != 0 {
    // SMC64 identifiers from AArch32: DEN 0028 section 2.
    unsafe frame[register: 0] = 0xffff_ffff
    return
  }
  switch function {
  case FirmwareFunction.psciVersion:
    unsafe frame[register: 0] = UInt64(FirmwareFunction.psci1_1)
  case FirmwareFunction.vendorUID:
    // 5f3a2c1e-7b4d-4e6f-8a91-d2c3b4a59687 in four words.
    unsafe frame[register: 0] = 0x1e2c_3a5f
    unsafe frame[register: 1] = 0x6f4e_4d7b
    unsafe frame[register: 2] = 0xc3d2_918a
    unsafe frame[register: 3] = 0x8796_a5b4
  case FirmwareFunction.vendorRevision:
    unsafe frame[register: 0] = 1
    unsafe frame[register: 1] = 0
  case FirmwareFunction.vendorCallCount:
    unsafe frame[register: 0] = 10
  default:
    let result = unsafe answer(function, a1, a2, a3, block)
    unsafe frame[register: 0] =
      UInt64(bitPattern: result.value) & (is32Bit ? 0xffff_ffff : ~0)
    if let second = result.second { unsafe frame[register: 1] = second }
    if result.parks { unsafe leave(.firmwareCall, block) }
  }
}

@_optimize(size)
private func answer(
  _ function: UInt32, _ a1: UInt64, _ a2: UInt64, _ a3: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> CallResult {
  let zone = unsafe block.pointee.zone
  let cpu = unsafe block.pointee.index
  let kernel = unsafe block.pointee.kernel
  let ticks = unsafe block.pointee.shared.pointee.ticksPerMillisecond
  let machine = AArch64Machine()
  switch function {
  case FirmwareFunction.psciFeatures:
    let queried = UInt32(truncatingIfNeeded: a1)
    return CallResult(
      FirmwareFunction.isImplemented(queried) ? CallStatus.success : CallStatus.notSupported)
  case FirmwareFunction.migrateInfoType:
    return CallResult(PSCIStatus.migrationNotRequired)
  case FirmwareFunction.cpuOn, FirmwareFunction.cpuOn | FirmwareFunction.smc64:
    return unsafe cpuOn(target: a1, entry: a2, context: a3, zone: zone, block)
  case FirmwareFunction.affinityInfo, FirmwareFunction.affinityInfo | FirmwareFunction.smc64:
    return unsafe affinityInfo(target: a1, level: a2, zone: zone, block)
  case FirmwareFunction.cpuSuspend, FirmwareFunction.cpuSuspend | FirmwareFunction.smc64:
    // A standby state: the CPU waits for an interrupt of its own and goes on.
    unsafe waitForInterrupt(block)
    return CallResult(CallStatus.success)
  case FirmwareFunction.cpuOff:
    return CallResult(CallStatus.success, parks: true)
  case FirmwareFunction.systemOff:
    if unsafe kernel.pointee.stop(
      zone: zone, final: .stopped, failure: .none, caller: cpu, ticksPerMillisecond: ticks,
      machine: machine)
    {
      unsafe kernel.pointee.sayStopped(zone, "off", machine)
    }
    return CallResult(CallStatus.success, parks: true)
  case FirmwareFunction.systemReset:
    _ = unsafe kernel.pointee.restart(
      zone: zone, caller: cpu, ticksPerMillisecond: ticks, machine: machine)
    // Whether this call or another CPU's began the transition, this CPU's part in it is to park.
    return CallResult(CallStatus.success, parks: true)
  case FirmwareFunction.smcccVersion:
    return CallResult(FirmwareFunction.smccc1_1)
  case FirmwareFunction.archFeatures:
    return CallResult(unsafe archFeatures(UInt32(truncatingIfNeeded: a1), block))
  case FirmwareFunction.workaround1, FirmwareFunction.workaround2, FirmwareFunction.workaround3:
    guard unsafe archFeatures(function, block) >= 0 else {
      return CallResult(CallStatus.notSupported)
    }
    // Only these calls reach firmware from a zone: they have no effect beyond the calling CPU.
    _ = shim_smc(UInt64(function), a1, 0, 0)
    return CallResult(CallStatus.success)
  default:
    // SAFETY of &-: the range check below rejects what wraps.
    let number = function &- Hypercall.base
    guard number < 0x100, let call = Hypercall(rawValue: number) else {
      return CallResult(CallStatus.notSupported)
    }
    if call == .exitCount {
      let count = unsafe block.pointee.probe.exitCount(reason: a1)
      return CallResult(count.map { Int64(truncatingIfNeeded: $0) } ?? CallStatus.invalidParameters)
    }
    if call == .clock { return CallResult(CallStatus.success) }
    return unsafe kernel.pointee.zoneCall(
      call, argument: a1, zone: zone, caller: cpu, ticksPerMillisecond: ticks, machine: machine)
  }
}

private func archFeatures(_ function: UInt32, _ block: UnsafeMutablePointer<CPUBlock>) -> Int64 {
  let known = unsafe block.pointee.shared.pointee.workarounds
  return switch function {
  case FirmwareFunction.smcccVersion, FirmwareFunction.archFeatures: CallStatus.success
  case FirmwareFunction.workaround1: known[0]
  case FirmwareFunction.workaround2: known[1]
  case FirmwareFunction.workaround3: known[2]
  default: CallStatus.notSupported
  }
}

/// The zone's CPU with vCPU number `affinity`, or nil.
private func ownCPU(
  _ affinity: UInt64, zone: Int, _ block: UnsafeMutablePointer<CPUBlock>
) -> Int? {
  let kernel = unsafe block.pointee.kernel
  guard affinity < UInt64(unsafe kernel.pointee.zones[zone].cpuCount) else { return nil }
  return Int(unsafe kernel.pointee.zones[zone].cpus[Int(affinity)])
}

private func cpuOn(
  target: UInt64, entry: UInt64, context: UInt64, zone: Int,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> CallResult {
  guard let cpu = unsafe ownCPU(target, zone: zone, block) else {
    return CallResult(CallStatus.invalidParameters)
  }
  let kernel = unsafe block.pointee.kernel
  // Aligned for AArch64; an address outside the zone's memory faults there, in the zone.
  let isAArch32 = unsafe block.pointee.shared.pointee.zones[zone].isAArch32
  guard entry >> 39 == 0, isAArch32 || entry & 3 == 0 else {
    return CallResult(PSCIStatus.invalidAddress)
  }
  return
    switch unsafe kernel.pointee.startVCPU(
      on: cpu, entry: entry, argument: context, AArch64Machine())
  {
  case .started: CallResult(CallStatus.success)
  case .alreadyOn: CallResult(PSCIStatus.alreadyOn)
  case .pending: CallResult(PSCIStatus.onPending)
  }
}

private func affinityInfo(
  target: UInt64, level: UInt64, zone: Int, _ block: UnsafeMutablePointer<CPUBlock>
) -> CallResult {
  guard level <= 3, let cpu = unsafe ownCPU(target, zone: zone, block) else {
    return CallResult(CallStatus.invalidParameters)
  }
  let kernel = unsafe block.pointee.kernel
  if unsafe kernel.pointee.cpus[cpu].command.load(ordering: .sequentiallyConsistent) != 0 {
    return CallResult(2)
  }
  let state = unsafe kernel.pointee.cpus[cpu].state.load(ordering: .sequentiallyConsistent)
  return CallResult(state == CPUState.running.rawValue ? 0 : 1)
}
#endif
