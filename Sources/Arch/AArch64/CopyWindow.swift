#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import SepKernel

// SAFETY, throughout: the block belongs to the calling CPU; its window is mapped by nobody else.

/// The 2 MiB of the kernel's address space through which a CPU reaches the memory of its own zone,
/// which is not mapped otherwise. Only the pages asked for are mapped, and only while they are used:
/// the same 2 MiB of RAM may hold memory of others.
enum CopyWindow {
  private static let size: UInt64 = 0x20_0000

  /// Maps `count` bytes of host memory from `host`, in parts, and calls `body` for each part with its
  /// address in the window, its length, and how many bytes came before it; until `body` says false.
  @_optimize(size) @inline(never)
  static func forEachPart(
    of host: UInt64, _ count: UInt64, _ body: (UInt64, UInt64, UInt64) -> Bool
  ) {
    let block = unsafe currentCPU()
    let table = unsafe block.pointee.windowEntry
    let window = unsafe block.pointee.window
    var done: UInt64 = 0
    while done < count {
      let target = host + done
      let inside = target & 0xfff
      let part = min(count - done, size - inside)
      let pages = (inside + part + 0xfff) >> 12
      for page in 0..<pages {
        shim_store64(table + page * 8, (target & ~0xfff) + page << 12 | KernelTranslation.data | 3)
      }
      shim_dsb_ishst()
      shim_isb()
      let goesOn = body(window + inside, part, done)
      for page in 0..<pages { shim_store64(table + page * 8, 0) }
      shim_dsb_ishst()
      for page in 0..<pages { shim_tlbi_vae2((window >> 12) + page) }
      shim_dsb_ish()
      shim_isb()
      if !goesOn { return }
      done += part
    }
  }

  /// Cleans and invalidates the caches for all RAM of the calling CPU's zone, until `goesOn` says
  /// false after a part.
  @_optimize(size)
  static func cleanInvalidateZone(while goesOn: () -> Bool) {
    let block = unsafe currentCPU()
    let zone = unsafe block.pointee.shared.pointee.plan.zone(block.pointee.zone)
    for index in 0..<zone.rangeCount {
      let range = zone.range(index)
      if range.kind != PlanRangeKind.ram.rawValue { continue }
      forEachPart(of: range.host, range.size) { window, count, _ in
        cleanInvalidate(window, count)
        return goesOn()
      }
      if !goesOn() { return }
    }
  }
}
#endif
