#if hasFeature(Embedded) && arch(arm64)
public import ArchCommon
internal import ArchShims
import SepKernel

// SAFETY, throughout: the block belongs to the calling CPU, which is the owner's; the Plan was admitted at boot.

extension HardwareBus: TranslationBus {
  @inline(never) @_optimize(size)
  public func copy(guest: UInt64, count: UInt64, to target: UInt64) -> Bool {
    let block = unsafe currentCPU()
    let zone = unsafe block.pointee.shared.pointee.plan.zone(block.pointee.zone)
    for index in 0..<zone.rangeCount {
      let range = zone.range(index)
      if range.kind == PlanRangeKind.ram.rawValue,
        range.guestRegion.contains(PlanRegion(base: guest, size: count))
      {
        return CopyWindow.apply(.read(to: target), to: range.host + (guest - range.guest), count)
      }
    }
    return false
  }

  public func clean(_ address: UInt64, _ count: UInt64) { cleanInvalidate(address, count) }
}
#endif
