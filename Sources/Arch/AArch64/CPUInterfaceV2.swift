#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// What of a GICv2 is not mapped into a zone: the distributor, and the second page of the CPU interface.

/// Where in the CPU interface GICC_DIR is: the page that is not mapped (IHI 0048B, 4.4.15).
let deactivateOffset: UInt64 = 0x1000

/// Serves a decoded access to the distributor or, at `deactivateOffset` of the CPU interface, to
/// GICC_DIR; the value for a read.
@_optimize(size)
@inline(never)
func accessGICv2(
  _ syndrome: Syndrome, distributor offset: UInt64?, interface: UInt64, write: UInt64?,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> UInt64 {
  let zone = unsafe block.pointee.zone
  let kernel = unsafe block.pointee.kernel
  let vcpu = unsafe block.pointee.vcpu
  guard let offset else {
    // GICC_DIR is write-only.
    if let write, interface == 0, syndrome.accessSize == 2 { unsafe deactivate(write, block) }
    return 0
  }
  let bus = DistributorV2(bus: HardwareBus(), base: unsafe block.pointee.gicd)
  guard let write else {
    return unsafe bus.read(
      offset, sizeLog2: syndrome.accessSize, owner: kernel.pointee.zones[zone],
      zone: block.pointee.zoneHardware.pointee.distributorV2, vcpu: vcpu)
  }
  unsafe bus.write(
    offset, write, sizeLog2: syndrome.accessSize, owner: kernel.pointee.zones[zone],
    zone: block.pointee.zoneHardware.pointee.distributorV2, vcpu: vcpu,
    lock: kernel.pointee.controllerLock)
  return 0
}

/// Deactivates a line of the zone, or one of the CPU's own private interrupts; for an SGI, bits 12-10
/// name the CPU that sent it.
private func deactivate(_ value: UInt64, _ block: UnsafeMutablePointer<CPUBlock>) {
  if unsafe isOwn(value & 0x3ff, block) {
    let gicc = unsafe block.pointee.shared.pointee.gicc
    shim_store32(gicc + deactivateOffset, UInt32(truncatingIfNeeded: value & 0x1fff))
  }
}
#endif
