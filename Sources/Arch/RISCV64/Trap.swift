#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// From trap entry to return. The short path (`shortTrap`) answers what must be fast with the registers
// a Swift function saves anyway; everything else goes to `fullTrap`, which has all of them.

/// What the short path did with a trap; the vectors know the numbers.
enum ShortTrap {
  /// Back to the zone.
  static let served: UInt32 = 0
  /// The full path shall serve it.
  static let full: UInt32 = 1
}

/// Serves a trap on the short path, if it can: `ShortTrap`. What it calls it ends with, so that nothing
/// needs to be kept.
@inline(__always)
func shortTrap(_ frame: UnsafeMutablePointer<TrapFrame>, _ cause: UInt64) -> UInt32 {
  let block = unsafe currentCPU()
  let start = unsafe block.pointee.recordTime
  if cause == Cause.supervisorCall,
    unsafe frame.pointee.x[unchecked: Register.a7] == SBIExtension.base,
    unsafe frame.pointee.x[unchecked: Register.a6] == 0
  {
    unsafe frame.pointee.x[unchecked: Register.a0] = 0
    unsafe frame.pointee.x[unchecked: Register.a1] = SBIIdentity.version
    shim_write_sepc(shim_read_sepc() &+ 4)
    return unsafe leaveShort(.firmwareCall, start, block)
  }
  return unsafe shortOther(frame, cause, start, block)
}

@inline(never)
private func shortOther(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ cause: UInt64, _ start: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> UInt32 {
  if cause == Cause.guestLoad {
    return unsafe block.pointee.hasInterruptFile
      ? shortLoad(frame, start, block) : shortClaim(frame, start, block)
  }
  if cause == Cause.externalInterrupt {
    // The signal of the PLIC goes on to the zone; its claim will tell what it was.
    shim_clear_sie(InterruptBit.external)
    shim_set_hvip(InterruptBit.virtualExternal)
    return unsafe leaveShort(.interrupt, start, block)
  }
  if cause == Cause.guestStore, unsafe !block.pointee.hasInterruptFile {
    return unsafe shortCompletion(frame, start, block)
  }
  return unsafe goFull(start, cause, block)
}

/// The full path shall go on with this trap.
@inline(__always)
private func goFull(
  _ start: UInt64, _ cause: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) -> UInt32 {
  unsafe block.pointee.entryTick = start
  unsafe block.pointee.entryCause = cause
  return ShortTrap.full
}

/// htinst of LW and of SW, but for the registers; bit 1 is clear for a compressed one (18.6.3).
private let wordMask: UInt64 = 0x707d
private let loadWord: UInt64 = 0x2001
private let storeWord: UInt64 = 0x2021

/// A load from a register of the APLIC that is at hand.
@inline(never)
private func shortLoad(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ start: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> UInt32 {
  // &-: an address below the window wraps to more than its size.
  let offset = unsafe faultAddress() &- block.pointee.controllerGuest
  let bits = shim_read_htinst()
  let register = Int(truncatingIfNeeded: bits &>> 7 & 31)
  guard bits & wordMask == loadWord, offset & 3 == 0, TrapFrame.isSavedEarly(register),
    let value = unsafe APLIC(bus: HardwareBus(), base: block.pointee.controller).readShort(
      offset, owner: block.pointee.zoneBlock.pointee,
      zone: block.pointee.zoneHardware.pointee.aplic)
  else { return unsafe goFull(start, Cause.guestLoad, block) }
  unsafe frame.pointee.x[unchecked: register] = MemoryInstruction.signedWord(value)
  shim_write_sepc(shim_read_sepc() &+ (bits & 2 &+ 2))
  return unsafe leaveShort(.interruptController, start, block)
}

/// A claim of the PLIC.
@inline(never)
private func shortClaim(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ start: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> UInt32 {
  let offset = unsafe faultAddress() &- block.pointee.controllerGuest
  let bits = shim_read_htinst()
  let register = Int(truncatingIfNeeded: bits &>> 7 & 31)
  let plic = PLIC(bus: HardwareBus(), base: unsafe block.pointee.controller)
  guard bits & wordMask == loadWord, unsafe plic.isClaim(offset, vcpu: block.pointee.vcpu),
    TrapFrame.isSavedEarly(register)
  else { return unsafe goFull(start, Cause.guestLoad, block) }
  let line = unsafe plic.claim(
    vcpu: Int(truncatingIfNeeded: block.pointee.vcpu),
    zone: block.pointee.zoneHardware.pointee.plic)
  unsafe passOnExternal(block)
  unsafe frame.pointee.x[unchecked: register] = MemoryInstruction.signedWord(line)
  shim_write_sepc(shim_read_sepc() &+ (bits & 2 &+ 2))
  return unsafe leaveShort(.interruptController, start, block)
}

/// A completion of the PLIC.
@inline(never)
private func shortCompletion(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ start: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> UInt32 {
  let offset = unsafe faultAddress() &- block.pointee.controllerGuest
  let bits = shim_read_htinst()
  let register = Int(truncatingIfNeeded: bits &>> 20 & 31)
  let plic = PLIC(bus: HardwareBus(), base: unsafe block.pointee.controller)
  guard bits & wordMask == storeWord, unsafe plic.isClaim(offset, vcpu: block.pointee.vcpu),
    TrapFrame.isSavedEarly(register)
  else { return unsafe goFull(start, Cause.guestStore, block) }
  if unsafe plic.complete(
    UInt32(truncatingIfNeeded: frame[register: register]),
    vcpu: Int(truncatingIfNeeded: block.pointee.vcpu), owner: block.pointee.zoneBlock.pointee,
    zone: block.pointee.zoneHardware.pointee.plic)
  {
    unsafe wakeForVirtual(block)
  }
  unsafe passOnExternal(block)
  shim_write_sepc(shim_read_sepc() &+ (bits & 2 &+ 2))
  return unsafe leaveShort(.interruptController, start, block)
}

@inline(__always)
private func leaveShort(
  _ reason: ExitReason, _ start: UInt64, _ block: UnsafeMutablePointer<CPUBlock>
) -> UInt32 {
  unsafe block.pointee.probe.pointee.recordExit(
    reason: reason, ticks: block.pointee.recordTime &- start, pc: shim_read_sepc())
  return ShortTrap.served
}

/// Serves a trap with all registers in the frame.
func fullTrap(_ frame: UnsafeMutablePointer<TrapFrame>) {
  let block = unsafe currentCPU()
  let pc = shim_read_sepc()
  let reason = unsafe serve(frame, block.pointee.entryCause, block)
  unsafe leaveFull(
    reason, from: block.pointee.entryTick, to: block.pointee.recordTime, pc: pc, block)
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

private func serve(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ cause: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason {
  switch cause {
  case Cause.guestLoad, Cause.guestStore:
    return unsafe dataFault(frame, cause, block)
  case Cause.supervisorCall:
    // Only the call's results change registers, and what it stops may not come back here.
    shim_write_sepc(shim_read_sepc() &+ 4)
    unsafe firmwareCall(frame, block)
    return .firmwareCall
  case Cause.softwareInterrupt:
    return unsafe softwareInterrupt(block)
  case Cause.timerInterrupt:
    // Without a timer of its own the zone has the kernel's.
    shim_clear_sie(InterruptBit.timer)
    shim_set_hvip(InterruptBit.virtualTimer)
    return .interrupt
  case Cause.guestFetch:
    if unsafe isRevoked(block) { unsafe leave(.revoked, block) }
    unsafe failZone(.foreignFetch, cause, block, address: faultAddress())
  case Cause.virtualInstruction, Cause.illegalInstruction:
    injectIllegalInstruction()
    return .undefined
  case Cause.hardwareError:
    unsafe failZone(.systemError, cause, block, address: shim_read_stval())
  default:
    unsafe failZone(.unexpectedTrap, cause, block, address: shim_read_stval())
  }
}

/// Somebody wants this CPU: its zone is being stopped, another CPU of the zone sent an IPI, or a virtual
/// source of the PLIC was raised for it.
private func softwareInterrupt(_ block: UnsafeMutablePointer<CPUBlock>) -> ExitReason {
  shim_clear_sip(InterruptBit.software)
  // What the sender wrote before it woke us is seen from here on.
  shim_fence()
  if unsafe isRevoked(block) { unsafe leave(.revoked, block) }
  let requests = unsafe block.pointee.shared.pointee.requests[block.pointee.index].exchange(
    0, ordering: .acquiring)
  if requests & CPURequest.softwareInterrupt != 0 { shim_set_hvip(InterruptBit.virtualSoftware) }
  if unsafe !block.pointee.hasInterruptFile { unsafe passOnExternal(block) }
  return requests & CPURequest.softwareInterrupt != 0 ? .ipi : .interrupt
}

/// Makes the zone's external interrupt agree with what its CPU would be given if it claimed now.
func passOnExternal(_ block: UnsafeMutablePointer<CPUBlock>) {
  let vcpu = unsafe Int(block.pointee.vcpu)
  let hasVirtual = unsafe block.pointee.zoneHardware.pointee.plic.ready(vcpu) != 0
  let hasHardware = shim_read_sip() & InterruptBit.external != 0
  if hasHardware {
    shim_clear_sie(InterruptBit.external)
  } else {
    shim_set_sie(InterruptBit.external)
  }
  if hasHardware || hasVirtual {
    shim_set_hvip(InterruptBit.virtualExternal)
  } else {
    shim_clear_hvip(InterruptBit.virtualExternal)
  }
}

/// A read of the zone's interrupt controller.
@inline(__always)
func readController(_ offset: UInt64, _ block: UnsafeMutablePointer<CPUBlock>) -> UInt32 {
  let hardware = unsafe block.pointee.zoneHardware
  if unsafe block.pointee.hasInterruptFile {
    return unsafe APLIC(bus: HardwareBus(), base: block.pointee.controller).read(
      offset, owner: block.pointee.zoneBlock.pointee, zone: hardware.pointee.aplic)
  }
  let plic = PLIC(bus: HardwareBus(), base: unsafe block.pointee.controller)
  if unsafe plic.isClaim(offset, vcpu: block.pointee.vcpu) {
    let line = unsafe plic.claim(
      vcpu: Int(block.pointee.vcpu), zone: hardware.pointee.plic)
    unsafe passOnExternal(block)
    return line
  }
  return unsafe plic.read(
    offset, owner: block.pointee.zoneBlock.pointee, zone: hardware.pointee.plic)
}

/// A write to the zone's interrupt controller.
@inline(__always)
func writeController(
  _ offset: UInt64, _ value: UInt32, _ block: UnsafeMutablePointer<CPUBlock>
) {
  let hardware = unsafe block.pointee.zoneHardware
  if unsafe block.pointee.hasInterruptFile {
    unsafe APLIC(bus: HardwareBus(), base: block.pointee.controller).write(
      offset, value, owner: block.pointee.zoneBlock.pointee, zone: hardware.pointee.aplic)
    return
  }
  let plic = PLIC(bus: HardwareBus(), base: unsafe block.pointee.controller)
  if unsafe plic.isClaim(offset, vcpu: block.pointee.vcpu) {
    if unsafe plic.complete(
      value, vcpu: Int(block.pointee.vcpu), owner: block.pointee.zoneBlock.pointee,
      zone: hardware.pointee.plic)
    {
      unsafe wakeForVirtual(block)
    }
  } else {
    unsafe plic.write(
      offset, value, owner: block.pointee.zoneBlock.pointee, zone: hardware.pointee.plic)
    unsafe wakeForVirtual(block)
  }
  unsafe passOnExternal(block)
}

/// A virtual source may have become ready for another CPU of the zone.
@inline(never)
private func wakeForVirtual(_ block: UnsafeMutablePointer<CPUBlock>) {
  let hardware = unsafe block.pointee.zoneHardware
  for vcpu in 0..<Int(unsafe hardware.pointee.plic.cpuCount)
  where unsafe vcpu != Int(block.pointee.vcpu) && hardware.pointee.plic.ready(vcpu) != 0 {
    RISCV64Machine().wake(cpu: Int(unsafe block.pointee.zoneBlock.pointee.cpus[vcpu]))
  }
}

/// Whether the zone's memory was taken away: then it is the expected way into the kernel.
func isRevoked(_ block: UnsafeMutablePointer<CPUBlock>) -> Bool {
  unsafe !block.pointee.zoneBlock.pointee.isRunning
}

/// Ends an exit that does not return to the zone. For `revoked` the time is that from the revocation
/// to the trap.
func leave(_ reason: ExitReason, _ block: UnsafeMutablePointer<CPUBlock>) -> Never {
  let entry = unsafe block.pointee.entryTick
  let isRevoked = reason == .revoked
  let start =
    isRevoked
    ? unsafe block.pointee.zoneBlock.pointee.revokedAt.load(ordering: .acquiring) : entry
  let end = unsafe isRevoked ? entry : block.pointee.recordTime
  let pc = shim_read_sepc()
  unsafe leaveFull(reason, from: start, to: end, pc: pc, block)
  unsafe block.pointee.probe.pointee.noteFinalExit(reason: reason, ticks: end &- start, pc: pc)
  park()
}
#endif
