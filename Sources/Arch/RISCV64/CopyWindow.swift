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

  /// What is done with memory in the window. A value and not a closure, of which the compiler would make
  /// a copy of the loop each.
  enum Operation {
    /// The payload is written, what is left of it zeroed.
    case fill(from: UInt64, fileSize: UInt64)
    /// Bytes go to the zone's console.
    case transmit
    /// Bytes come from the zone's console, until it has no more.
    case receive
  }

  /// Maps `count` bytes of host memory from `host`, in parts, and does `operation` with each; says how
  /// many bytes that were until it ended.
  @_optimize(size) @inline(never)
  static func apply(_ operation: Operation, to host: UInt64, _ count: UInt64) -> UInt64 {
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
      let served = unsafe serve(operation, window + inside, part, after: done, block)
      for page in 0..<pages { shim_store64(table + page * 8, 0) }
      for page in 0..<pages { shim_sfence_vma(window + page << 12) }
      done += served
      if served < part { break }
    }
    return done
  }

  /// Does `operation` with `count` mapped bytes, `done` bytes after its first; says with how many.
  @inline(__always)
  private static func serve(
    _ operation: Operation, _ address: UInt64, _ count: UInt64, after done: UInt64,
    _ block: UnsafeMutablePointer<CPUBlock>
  ) -> UInt64 {
    switch operation {
    case .fill(let source, let fileSize):
      fill(
        address, from: source + done,
        fileSize: fileSize > done ? min(fileSize - done, count) : 0, memorySize: count)
    case .transmit:
      for index in 0..<count { unsafe transmit(shim_load8(address + index), block) }
    case .receive:
      for index in 0..<count {
        guard let byte = unsafe receive(block) else { return index }
        shim_store8(address + index, byte)
      }
    }
    return count
  }
}
#endif
