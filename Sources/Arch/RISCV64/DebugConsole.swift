#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import SepKernel

// SAFETY, throughout: the block belongs to the calling CPU; memory is reached through its copy window.

// The console by calls: SBI 2.0, 5.2, 5.3 and chapter 12. It is the UART the zone sees, so that output of
// both ways keeps its order.

/// Bytes one call takes at most; the caller sees how many and goes on (12.1).
private let longestTransfer: UInt64 = 64

/// DBCN: write, read, write byte.
@_optimize(size)
func debugConsole(
  _ function: UInt64, _ a0: UInt64, _ a1: UInt64, _ a2: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> SBIResult {
  switch function {
  case 0, 1:
    guard a0 > 0 else { return .done }
    let count = min(a0, longestTransfer)
    guard a2 == 0, let host = unsafe buffer(a1, a0, isWritten: function == 1, block) else {
      return SBIResult(SBIStatus.invalidParameter)
    }
    return .value(CopyWindow.apply(function == 0 ? .transmit : .receive, to: host, count))
  case 2:
    unsafe transmit(UInt8(truncatingIfNeeded: a0), block)
    return .done
  default: return .unknown
  }
}

/// Where a buffer of the zone is in host memory, if all of it is memory of the zone, in one range.
private func buffer(
  _ guest: UInt64, _ count: UInt64, isWritten: Bool, _ block: UnsafeMutablePointer<CPUBlock>
) -> UInt64? {
  let zone = unsafe block.pointee.shared.pointee.plan.zone(block.pointee.zone)
  for index in 0..<zone.rangeCount {
    let range = zone.range(index)
    let permissions = PlanPermissions(rawValue: range.permissions)
    guard range.kind == PlanRangeKind.ram.rawValue, guest >= range.guest,
      guest - range.guest < range.size, count <= range.size - (guest - range.guest),
      permissions.contains(isWritten ? .write : .read)
    else { continue }
    return range.host + (guest - range.guest)
  }
  return nil
}

/// One byte to the zone's console: THR. Lost if the zone has none.
@inline(never)
func transmit(_ byte: UInt8, _ block: UnsafeMutablePointer<CPUBlock>) {
  guard unsafe block.pointee.zoneHardware.pointee.consoleSize != 0 else { return }
  unsafe block.pointee.kernel.pointee.sendToConsole(
    byte, zone: block.pointee.zone, machine: RISCV64Machine())
}

/// One byte from the zone's console, if there is one.
@inline(never)
func receive(_ block: UnsafeMutablePointer<CPUBlock>) -> UInt8? {
  guard unsafe block.pointee.zoneHardware.pointee.consoleSize != 0 else { return nil }
  return unsafe block.pointee.kernel.pointee.receiveFromConsole(
    zone: block.pointee.zone, machine: RISCV64Machine())
}
#endif
