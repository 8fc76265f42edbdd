#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import LatencyProbe
import SepKernel

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// The common registers of the GIC CPU interface, trapped by ICH_HCR_EL2.TC. SGIs are filtered; the
// others are done for the zone as asked, because they reach only its own CPU, but for ICC_DIR_EL1,
// which deactivates lines wherever they are active.

private let interfaceMask: UInt64 = Syndrome.registerMask

/// Serves the access if it is one of these registers.
func interfaceRegister(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason? {
  let register = syndrome.bits & interfaceMask
  let transfer = syndrome.transferRegister
  let value = unsafe frame[register: transfer]
  switch register {
  case Syndrome.register(3, 0, 12, 11, 5):
    guard !syndrome.isRead else { return nil }
    unsafe sendSGI(value, block)
    return .ipi
  case Syndrome.register(3, 0, 12, 11, 6), Syndrome.register(3, 0, 12, 11, 7):
    // ICC_ASGI1R_EL1, ICC_SGI0R_EL1: there is one security state and one group, so nobody listens.
    return syndrome.isRead ? nil : .ipi
  case Syndrome.register(3, 0, 4, 6, 0):
    if syndrome.isRead {
      unsafe frame[register: transfer] = shim_read_ICC_PMR_EL1()
    } else {
      shim_write_ICC_PMR_EL1(value)
    }
  case Syndrome.register(3, 0, 12, 11, 1):
    guard !syndrome.isRead else { return nil }
    unsafe deactivate(value, block)
  case Syndrome.register(3, 0, 12, 11, 3):
    guard syndrome.isRead else { return nil }
    unsafe frame[register: transfer] = shim_read_ICC_RPR_EL1()
  case Syndrome.register(3, 0, 12, 12, 4):
    if syndrome.isRead {
      unsafe frame[register: transfer] = shim_read_ICC_CTLR_EL1()
    } else {
      shim_write_ICC_CTLR_EL1(value)
    }
  default:
    // Group 0's, which trap only where they are firmware's (`GICv3.hasGroup0`): CRm 8, whatever Op2 (bits 19-17), and
    // ICC_IGRPEN0_EL1. Zero, writes ignored: a zone sees one security state, so it may believe in them.
    guard
      register & ~(7 << 17) == Syndrome.register(3, 0, 12, 8, 0)
        || register == Syndrome.register(3, 0, 12, 12, 6)
    else { return nil }
    if syndrome.isRead { unsafe frame[register: transfer] = 0 }
  }
  return .controllerRegister
}

/// The same registers through MCR and MRC.
func interfaceCoprocessor(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason? {
  let transfer = syndrome.transferRegister
  let value = unsafe frame[register: transfer] & 0xffff_ffff
  switch syndrome.bits & Syndrome.coprocessorMask {
  case Syndrome.coprocessor(0, 4, 6, 0):
    if syndrome.isRead {
      unsafe frame[register: transfer] = shim_read_ICC_PMR_EL1()
    } else {
      shim_write_ICC_PMR_EL1(value)
    }
  case Syndrome.coprocessor(0, 12, 11, 1):
    guard !syndrome.isRead else { return nil }
    unsafe deactivate(value, block)
  case Syndrome.coprocessor(0, 12, 11, 3):
    guard syndrome.isRead else { return nil }
    unsafe frame[register: transfer] = shim_read_ICC_RPR_EL1()
  case Syndrome.coprocessor(0, 12, 12, 4):
    if syndrome.isRead {
      unsafe frame[register: transfer] = shim_read_ICC_CTLR_EL1()
    } else {
      shim_write_ICC_CTLR_EL1(value)
    }
  default:
    return nil
  }
  return .controllerRegister
}

/// Deactivates a line of the zone, or one of the CPU's own private interrupts.
private func deactivate(_ value: UInt64, _ block: UnsafeMutablePointer<CPUBlock>) {
  let line = value & 0xff_ffff
  if unsafe isOwn(line, block) { shim_write_ICC_DIR_EL1(line) }
}

/// Whether a line is the zone's, or the CPU's own.
func isOwn(_ line: UInt64, _ block: UnsafeMutablePointer<CPUBlock>) -> Bool {
  let zone = unsafe block.pointee.zone
  return unsafe line < 32
    || block.pointee.kernel.pointee.zones[zone].owns(line: UInt32(truncatingIfNeeded: line))
}

/// Sends the SGI to those of the requested vCPUs that exist.
func sendSGI(_ request: UInt64, _ block: UnsafeMutablePointer<CPUBlock>) {
  let own = unsafe block.pointee.vcpu
  if unsafe block.pointee.targets.isContiguous {
    shim_write_ICC_SGI1R_EL1(unsafe block.pointee.targets.physical(request, own: own))
    return
  }
  let zone = unsafe block.pointee.zone
  var targets = unsafe block.pointee.targets.vcpus(request, own: own)
  while targets != 0 {
    let vcpu = targets.trailingZeroBitCount
    targets &= targets - 1
    let affinity = unsafe block.pointee.shared.pointee.zones[zone].distributor.affinities[vcpu]
    shim_write_ICC_SGI1R_EL1(
      SGITargets.group(affinity) | request & 0x0f00_0000 | 1 << (affinity & 0xf))
  }
}
#endif
