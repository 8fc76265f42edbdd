#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// Accesses of a zone to addresses that are not mapped for it: its emulated devices, absent devices,
// everything else.

/// Guest-physical address of a guest page fault: htval without its lowest two bits, which stval has.
@inline(__always)
func faultAddress() -> UInt64 { shim_read_htval() &<< 2 | shim_read_stval() & 3 }

/// Full path.
func dataFault(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ cause: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason {
  if unsafe isRevoked(block) { unsafe leave(.revoked, block) }
  let address = faultAddress()
  let hardware = unsafe block.pointee.zoneHardware
  let controller = unsafe address &- block.pointee.controllerGuest
  let console = unsafe address &- hardware.pointee.consoleGuest
  let device: ExitReason
  if unsafe controller < block.pointee.controllerSize {
    device = .interruptController
  } else if unsafe console < hardware.pointee.consoleSize {
    device = .console
  } else {
    guard unsafe hardware.pointee.absentReadsZero, isBoardDevice(address) else {
      unsafe failZone(.foreignAddress, cause, block, address: address)
    }
    device = .absentDevice
  }
  // A device cannot hold page tables (pseudoinstructions have bit 0 clear: 18.6.3).
  let transformed = shim_read_htinst()
  if transformed != 0, transformed & 1 == 0 {
    unsafe failZone(.foreignAddress, cause, block, address: address)
  }
  let decoded =
    transformed != 0
    ? MemoryInstruction(transformed: transformed) : fetchInstruction().flatMap(decode)
  guard let access = decoded, access.isStore == (cause == Cause.guestStore) else {
    // AMO, LR, SC, floating point, or code that changed meanwhile: the device does not answer.
    injectException(cause == Cause.guestStore ? Cause.storeAccess : Cause.loadAccess)
    return device
  }
  if access.isStore {
    let value = unsafe access.stored(frame[register: access.register])
    switch device {
    case .interruptController:
      if access.sizeLog2 == 2, controller & 3 == 0 {
        unsafe writeController(controller, UInt32(truncatingIfNeeded: value), block)
      }
    case .console:
      _ = unsafe block.pointee.kernel.pointee.accessConsole(
        zone: block.pointee.zone, offset: UInt32(console),
        write: UInt32(truncatingIfNeeded: value), machine: RISCV64Machine())
    default: break
    }
  } else {
    var value: UInt64 = 0
    switch device {
    case .interruptController:
      if access.sizeLog2 == 2, controller & 3 == 0 {
        value = UInt64(unsafe readController(controller, block))
      }
    case .console:
      value = UInt64(
        unsafe block.pointee.kernel.pointee.accessConsole(
          zone: block.pointee.zone, offset: UInt32(console), write: nil,
          machine: RISCV64Machine()))
    default: break
    }
    unsafe frame[register: access.register] = access.loaded(value)
  }
  shim_write_sepc(shim_read_sepc() &+ access.length)
  return device
}

private func decode(_ bits: UInt32) -> MemoryInstruction? { MemoryInstruction(fetched: bits) }

/// The instruction at sepc, where the hart does not say what trapped. Nil if it cannot be fetched any
/// more.
private func fetchInstruction() -> UInt32? {
  let pc = shim_read_sepc()
  let low = kernel_fetch_half(pc)
  guard low <= 0xffff else { return nil }
  if low & 3 != 3 { return UInt32(low) }
  let high = kernel_fetch_half(pc &+ 2)
  guard high <= 0xffff else { return nil }
  return UInt32(high) << 16 | UInt32(low)
}

/// Whether some device window of the board, the zone's or not, is at `address`.
private func isBoardDevice(_ address: UInt64) -> Bool {
  unsafe currentCPU().pointee.shared.pointee.plan.isDeviceAddress(address)
}
#endif
