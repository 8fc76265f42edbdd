#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import SepKernel

// SAFETY, throughout: the block belongs to the calling CPU; its window is mapped by nobody else.

/// The 2 MiB of the kernel's address space through which a CPU reaches the memory of its own zone,
/// which is not mapped otherwise. Only the pages asked for are mapped, and only while they are used:
/// the same 2 MiB of RAM may hold memory of others.
enum CopyWindow {
  private static let size: UInt64 = 0x20_0000

  /// What is done with memory in the window. A value and not a closure, of which the compiler would make
  /// a copy of the loop each.
  enum Operation {
    /// The payload is written, what is left of it zeroed, both to memory.
    case fill(from: UInt64, fileSize: UInt64)
    /// The memory is copied to the kernel's.
    case read(to: UInt64)
    /// Caches are cleaned and invalidated; `whileRunning`: only as long as the zone runs.
    case clean(whileRunning: Bool)
  }

  /// Maps `count` bytes of host memory from `host`, in parts, and does `operation` with each; false when
  /// it ended early.
  @_optimize(size) @inline(never)
  static func apply(_ operation: Operation, to host: UInt64, _ count: UInt64) -> Bool {
    let block = unsafe currentCPU()
    let table = unsafe block.pointee.windowEntry
    let window = unsafe block.pointee.window
    var done: UInt64 = 0
    while done < count {
      if case .clean(whileRunning: true) = operation, unsafe isRevoked(block) { return false }
      let target = host + done
      let inside = target & 0xfff
      let part = min(count - done, size - inside)
      let pages = (inside + part + 0xfff) >> 12
      for page in 0..<pages {
        shim_store64(table + page * 8, (target & ~0xfff) + page << 12 | KernelTranslation.data | 3)
      }
      shim_dsb_ishst()
      shim_isb()
      if case .fill(let source, let fileSize) = operation {
        fill(
          window + inside, from: source + done,
          fileSize: fileSize > done ? min(fileSize - done, part) : 0, memorySize: part)
      }
      if case .read(let copy) = operation {
        // What the zone wrote past the caches: a line that was fetched before is old.
        cleanInvalidate(window + inside, part)
        fill(copy + done, from: window + inside, fileSize: part, memorySize: part)
      }
      cleanInvalidate(window + inside, part)
      for page in 0..<pages { shim_store64(table + page * 8, 0) }
      shim_dsb_ishst()
      for page in 0..<pages { shim_tlbi_vae2((window >> 12) + page) }
      shim_dsb_ish()
      shim_isb()
      done += part
    }
    return true
  }

  /// Cleans and invalidates the caches for all RAM of the calling CPU's zone.
  @_optimize(size) @inline(never)
  static func cleanInvalidateZone(whileRunning: Bool) {
    let block = unsafe currentCPU()
    let zone = unsafe block.pointee.shared.pointee.plan.zone(block.pointee.zone)
    for index in 0..<zone.rangeCount {
      let range = zone.range(index)
      if range.kind != PlanRangeKind.ram.rawValue { continue }
      if !apply(.clean(whileRunning: whileRunning), to: range.host, range.size) { return }
    }
  }
}
#endif
