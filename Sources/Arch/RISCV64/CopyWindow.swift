#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import SepKernel

// SAFETY, throughout: the block belongs to the calling CPU; its window is mapped by nobody else.

/// The 2 MiB of the kernel's address space through which a CPU reaches the memory of its own zone,
/// which is not mapped otherwise. Only the pages asked for are mapped, and only while they are used:
/// the same 2 MiB of RAM may hold memory of others.
enum CopyWindow {
  private static let size: UInt64 = 0x20_0000

  /// Maps `count` bytes of host memory from `host`, in parts, and calls `body` for each part with its
  /// address in the window, its length, and how many bytes came before it.
  @_optimize(size) @inline(never)
  static func forEachPart(
    of host: UInt64, _ count: UInt64, _ body: (UInt64, UInt64, UInt64) -> Void
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
        shim_store64(
          table + page * 8,
          SvDescriptor.leaf((target & ~0xfff) + page << 12, PageAttributes.data, level: 3))
      }
      // Also against a negative answer that the hart may have kept.
      for page in 0..<pages { shim_sfence_vma(window + page << 12) }
      body(window + inside, part, done)
      for page in 0..<pages { shim_store64(table + page * 8, 0) }
      for page in 0..<pages { shim_sfence_vma(window + page << 12) }
      done += part
    }
  }
}
#endif
