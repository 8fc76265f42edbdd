#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// From trap entry to return. The short path (`shortTrap`) answers what must be fast with the registers
// a Swift function saves anyway; everything else goes to `fullTrap`, which has all of them.

/// ESR_EL2 but for the register: a write of ICC_SGI1R_EL1.
private let sgiWrite = UInt64(Syndrome.systemRegister) << 26 | Syndrome.register(3, 0, 12, 11, 5)
private let sgiMask: UInt64 = 0x3f << 26 | Syndrome.registerMask | 1

/// What the short path did with a trap; the vectors know the numbers.
enum ShortTrap: UInt32 {
  /// Back to the zone.
  case served = 0
  /// The full path shall serve it.
  case full = 1
  /// An SGI from a register that is not in the frame yet: `lateSGI` shall.
  case lateSGI = 3
}

/// Serves a trap on the short path, if it can.
@inline(__always)
func shortTrap(_ frame: UnsafeMutablePointer<TrapFrame>, _ bits: UInt64) -> ShortTrap {
  let start = shim_read_CNTPCT_EL0()
  let block = unsafe currentCPU()
  if bits >> 26 == UInt64(Syndrome.hvc64) {
    if UInt32(truncatingIfNeeded: unsafe frame.pointee.x[unchecked: 0])
      == FirmwareFunction.psciVersion
    {
      unsafe frame.pointee.x[unchecked: 0] = UInt64(FirmwareFunction.psci1_1)
      unsafe leaveShort(.firmwareCall, start, block)
      return .served
    }
  } else if bits & sgiMask == sgiWrite {
    let register = Int(bits >> 5 & 0x1f)
    if TrapFrame.isSavedEarly(register), unsafe block.pointee.targets.isContiguous {
      let request = unsafe frame.pointee.x[unchecked: register]
      shim_write_ICC_SGI1R_EL1(
        unsafe block.pointee.targets.physical(request, own: block.pointee.vcpu))
      shim_write_ELR_EL2(shim_read_ELR_EL2() &+ 4)
      unsafe leaveShort(.ipi, start, block)
      return .served
    }
    unsafe block.pointee.entryTick = start
    unsafe block.pointee.entrySyndrome = bits
    return .lateSGI
  } else if bits >> 26 == UInt64(Syndrome.dataAbort) {
    return unsafe shortAbort(frame, Syndrome(bits), start, block) ? .served : .full
  }
  unsafe block.pointee.entryTick = start
  unsafe block.pointee.entrySyndrome = bits
  return .full
}

/// ESR_EL2 of a data abort by a decoded 32-bit load, zero-extended, not of cache maintenance nor of a
/// table walk, with the kind of fault that makes HPFAR_EL2 valid (translation): the register, its
/// width, and the fault's level do not matter. Instruction length 4.
private let loadMask: UInt64 =
  0x3f << 26 | 1 << 25 | 1 << 24 | 7 << 21 | 1 << 10 | 1 << 8 | 1 << 7 | 1 << 6 | 0x3c
private let loadValue: UInt64 =
  UInt64(Syndrome.dataAbort) << 26 | 1 << 25 | 1 << 24 | 2 << 22 | 0b0001 << 2
/// The same of a store.
private let storeValue = loadValue | 1 << 6

/// A 32-bit read of a GICv3's distributor, if it needs no more registers than the short path has.
@inline(never)
private func shortAbort(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome, _ start: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> Bool {
  // &-: an address below the window wraps to more than its size.
  let offset = unsafe faultAddress() &- block.pointee.distributorGuest
  if syndrome.bits & loadMask == loadValue, offset < 0x1_0000, offset & 3 == 0,
    TrapFrame.isSavedEarly(syndrome.register)
  {
    let bus = Distributor(bus: HardwareBus(), base: unsafe block.pointee.gicd)
    unsafe frame.pointee.x[unchecked: syndrome.register] = bus.read32(
      offset, block.pointee.zoneBlock.pointee, block.pointee.zoneHardware.pointee.distributor)
    shim_write_ELR_EL2(shim_read_ELR_EL2() &+ 4)
    unsafe leaveShort(.interruptController, start, block)
    return true
  }
  return unsafe shortSoftwareInterrupt(frame, syndrome, start, block)
}

/// A 32-bit write of a GICv2's GICD_SGIR, on the same terms.
@inline(never)
private func shortSoftwareInterrupt(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome, _ start: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> Bool {
  if unsafe faultAddress() == block.pointee.softwareInterrupts,
    syndrome.bits & loadMask == storeValue, TrapFrame.isSavedEarly(syndrome.register)
  {
    let bus = DistributorV2(bus: HardwareBus(), base: unsafe block.pointee.gicd)
    bus.send(
      unsafe frame.pointee.x[unchecked: syndrome.register] & 0xffff_ffff,
      zone: unsafe block.pointee.zoneHardware.pointee.distributorV2,
      vcpu: unsafe block.pointee.vcpu)
    shim_write_ELR_EL2(shim_read_ELR_EL2() &+ 4)
    unsafe leaveShort(.ipi, start, block)
    return true
  }
  unsafe block.pointee.entryTick = start
  unsafe block.pointee.entrySyndrome = syndrome.bits
  return false
}

@inline(__always)
private func leaveShort(
  _ reason: ExitReason, _ start: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) {
  unsafe block.pointee.probe.pointee.recordExit(
    reason: reason, ticks: shim_read_CNTPCT_EL0() &- start, pc: shim_read_ELR_EL2())
}

/// Sends the SGI of a trap that the short path could not serve for want of the register.
func lateSGI(_ frame: UnsafeMutablePointer<TrapFrame>) {
  let block = unsafe currentCPU()
  let register = Int(unsafe block.pointee.entrySyndrome >> 5 & 0x1f)
  unsafe sendSGI(frame[register: register], block)
  shim_write_ELR_EL2(shim_read_ELR_EL2() &+ 4)
  unsafe leaveShort(.ipi, block.pointee.entryTick, block)
}

/// Serves a trap with all registers in the frame.
func fullTrap(_ frame: UnsafeMutablePointer<TrapFrame>) {
  let block = unsafe currentCPU()
  let syndrome = Syndrome(unsafe block.pointee.entrySyndrome)
  let pc = shim_read_ELR_EL2()
  let reason = unsafe serve(frame, syndrome, block)
  unsafe leaveFull(
    reason, from: block.pointee.entryTick, to: shim_read_CNTPCT_EL0(), pc: pc, block)
}

/// Counts and logs an exit that is not of the short path. `pc` is the guest's.
@inline(never)
func leaveFull(
  _ reason: ExitReason, from start: UInt64, to end: UInt64, pc: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) {
  let ticks = end &- start
  unsafe block.pointee.probe.pointee.recordExit(reason: reason, ticks: ticks, pc: pc)
  unsafe block.pointee.exitLog.pointee.note(
    ExitLogEntry(end: end, ticks: ticks, reason: reason, pc: pc))
}

/// Past the trapped instruction.
func skip(_ syndrome: Syndrome) {
  shim_write_ELR_EL2(shim_read_ELR_EL2() &+ syndrome.instructionLength)
  let state = shim_read_SPSR_EL2()
  if state & 0x10 != 0 { shim_write_SPSR_EL2(ConditionCode.advanceBlock(state)) }
}

private func serve(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason {
  switch syndrome.exceptionClass {
  case Syndrome.dataAbort:
    return unsafe dataAbort(frame, syndrome, block)
  case Syndrome.hvc64:
    unsafe firmwareCall(frame, is32Bit: false)
    return .firmwareCall
  case Syndrome.smc64:
    skip(syndrome)
    unsafe firmwareCall(frame, is32Bit: false)
    return .firmwareCall
  case Syndrome.hvc32:
    unsafe firmwareCall(frame, is32Bit: true)
    return .firmwareCall
  case Syndrome.smc32:
    // A conditional SMC that fails its condition may trap all the same (ISS.CCKNOWNPASS).
    skip(syndrome)
    if conditionHolds(syndrome) { unsafe firmwareCall(frame, is32Bit: true) }
    return .firmwareCall
  case Syndrome.systemRegister:
    return unsafe systemRegister(frame, syndrome, block)
  case Syndrome.cp15Register, Syndrome.cp15Pair:
    return unsafe coprocessor(frame, syndrome, block)
  case Syndrome.wait:
    skip(syndrome)
    // ISS.TI: 0 is WFI; WFE and the timed forms may end at once.
    if syndrome.bits & 3 == 0, conditionHolds(syndrome) { unsafe waitForInterrupt(block) }
    return .wait
  case Syndrome.idGroup:
    return unsafe vectorIdentification(frame, syndrome, block)
  case Syndrome.instructionAbort:
    if unsafe isRevoked(block) { unsafe leave(.revoked, block) }
    // As for data: a guest-physical address, where the hardware gives one.
    let isTranslation = syndrome.faultKind == Syndrome.translationFault
    unsafe failZone(
      .foreignFetch, syndrome, block, address: isTranslation ? faultAddress() : nil)
  case Syndrome.cp14Register, Syndrome.cp14Load, Syndrome.cp14Pair, Syndrome.simd,
    Syndrome.pointerAuthentication, 0x00, 0x19, 0x1b, 0x1d:
    // Debug, trace, SVE and what else the zone was not given.
    unsafe injectUndefined(frame, isAArch32: isAArch32(block))
    return .undefined
  default:
    unsafe failZone(.unexpectedTrap, syndrome, block)
  }
}

/// Whether the zone of this CPU runs in AArch32 state at EL1.
func isAArch32(_ block: UnsafeMutablePointer<CPUBlock>) -> Bool {
  unsafe block.pointee.shared.pointee.zones[block.pointee.zone].isAArch32
}

/// Whether a trapped A32 or T32 instruction passed its condition (ISS: CV bit 24, COND 23:20); always
/// for A64, where CV is set with COND 14.
private func conditionHolds(_ syndrome: Syndrome) -> Bool {
  if syndrome.exceptionClass == Syndrome.smc32, syndrome.bits & (1 << 19) == 0 { return true }
  guard syndrome.bits & (1 << 24) != 0 else { return true }
  return ConditionCode.holds(
    UInt32(truncatingIfNeeded: syndrome.bits >> 20 & 0xf),
    flags: UInt32(truncatingIfNeeded: shim_read_SPSR_EL2() >> 28))
}

/// Whether the zone's memory was taken away: then a fault is the expected way into the kernel.
func isRevoked(_ block: UnsafeMutablePointer<CPUBlock>) -> Bool {
  unsafe !block.pointee.kernel.pointee.zones[block.pointee.zone].isRunning
}

/// An identification register as zones see it; `crm` is 1 to 7.
@inline(never) @_optimize(size)
private func readIdentification(crm: UInt32, op2: UInt32) -> UInt64 {
  shim_read_id(crm, op2) & ~IdentificationMask.hidden(crm: crm, op2: op2)
}

@_optimize(size)
private func systemRegister(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason {
  let register = syndrome.bits & Syndrome.registerMask
  let transfer = syndrome.transferRegister
  if let reason = unsafe interfaceRegister(frame, syndrome, block) {
    skip(syndrome)
    return reason
  }
  // Identification registers: op0 3, op1 0, CRn 0, CRm 1-7.
  if syndrome.isRead, register & 0x31_fc00 == Syndrome.register(3, 0, 0, 0, 0) {
    let crm = UInt32(truncatingIfNeeded: register >> 1 & 0xf)
    let op2 = UInt32(truncatingIfNeeded: register >> 17 & 0x7)
    if crm >= 1, crm <= 7 {
      unsafe frame[register: transfer] =
        readIdentification(crm: crm, op2: op2)
      skip(syndrome)
      return .systemRegister
    }
  }
  if SetWayMaintenance.contains(register) {
    unsafe maintainBySetAndWay(frame[register: transfer], block)
    skip(syndrome)
    return .systemRegister
  }
  if IgnoredRegister.contains(register) {
    if syndrome.isRead { unsafe frame[register: transfer] = 0 }
    skip(syndrome)
    return .systemRegister
  }
  unsafe injectUndefined(frame, isAArch32: isAArch32(block))
  return .undefined
}

/// MCR, MRC, MCRR and MRRC of coprocessor 15.
@_optimize(size)
private func coprocessor(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason {
  let transfer = syndrome.transferRegister
  if !conditionHolds(syndrome) {
    skip(syndrome)
    return .systemRegister
  }
  if syndrome.exceptionClass == Syndrome.cp15Pair {
    // ICC_SGI1R, ICC_ASGI1R, ICC_SGI0R: opc1 0, 1, 2 of CRm 12.
    if syndrome.pairMemory == 12, !syndrome.isRead {
      if syndrome.pairOpcode == 0 {
        let low = unsafe frame[register: transfer] & 0xffff_ffff
        let high = unsafe frame[register: syndrome.pairRegister] & 0xffff_ffff
        unsafe sendSGI(high << 32 | low, block)
      }
      skip(syndrome)
      return .ipi
    }
  } else {
    let register = syndrome.bits & Syndrome.coprocessorMask
    if let reason = unsafe interfaceCoprocessor(frame, syndrome, block) {
      skip(syndrome)
      return reason
    }
    let crm = UInt32(truncatingIfNeeded: register >> 1 & 0xf)
    let op2 = UInt32(truncatingIfNeeded: register >> 17 & 0x7)
    // c0, opc1 0, CRm 1-7: the AArch32 identification registers, at the same CRm and op2.
    if syndrome.isRead, register & 0x1_fc00 == 0, crm >= 1, crm <= 7 {
      unsafe frame[register: transfer] =
        readIdentification(crm: crm, op2: op2) & 0xffff_ffff
      skip(syndrome)
      return .systemRegister
    }
    if SetWayMaintenance.containsAArch32(register) {
      unsafe maintainBySetAndWay(frame[register: transfer], block)
      skip(syndrome)
      return .systemRegister
    }
    if IgnoredRegister.containsAArch32(register) {
      if syndrome.isRead { unsafe frame[register: transfer] = 0 }
      skip(syndrome)
      return .systemRegister
    }
  }
  unsafe injectUndefined(frame, isAArch32: true)
  return .undefined
}

/// Executes one instruction of a loop by set and way: `SetWayMaintenance`. Ends early when the zone is
/// being stopped, so that a large zone does not keep the stopper waiting.
@_optimize(size)
private func maintainBySetAndWay(_ operand: UInt64, _ block: UnsafeMutablePointer<CPUBlock>) {
  guard SetWayMaintenance.isLast(operand) else { return }
  CopyWindow.cleanInvalidateZone(whileRunning: true)
  if unsafe isRevoked(block) { unsafe leave(.revoked, block) }
}

/// VMRS of MVFR0-2 (HCR_EL2.TID3): the register number is where CRn is in MRC.
private func vectorIdentification(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason {
  let register = UInt32(truncatingIfNeeded: syndrome.bits >> 10 & 0xf)
  guard syndrome.isRead, register >= 5, register <= 7 else {
    unsafe injectUndefined(frame, isAArch32: isAArch32(block))
    return .undefined
  }
  if conditionHolds(syndrome) {
    unsafe frame[register: syndrome.transferRegister] =
      readIdentification(crm: 3, op2: 7 - register)
  }
  skip(syndrome)
  return .systemRegister
}

/// Ends an exit that does not return to the zone. For `revoked` the time is that from the revocation
/// to the trap.
func leave(_ reason: ExitReason, _ block: UnsafeMutablePointer<CPUBlock>) -> Never {
  let entry = unsafe block.pointee.entryTick
  let isRevoked = reason == .revoked
  let start =
    isRevoked
    ? unsafe block.pointee.zoneBlock.pointee.revokedAt.load(ordering: .acquiring) : entry
  let end = isRevoked ? entry : shim_read_CNTPCT_EL0()
  let pc = shim_read_ELR_EL2()
  unsafe leaveFull(reason, from: start, to: end, pc: pc, block)
  unsafe block.pointee.probe.pointee.noteFinalExit(reason: reason, ticks: end &- start, pc: pc)
  park()
}
#endif
