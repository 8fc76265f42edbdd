#if hasFeature(Embedded)
internal import ArchShims
internal import SepKernel

/// Tables taken from a pool of pages the kernel owns; `next` and `end` live in the caller.
public struct TablePool: TableStore {
  /// Next free page.
  public var next: UInt64
  /// End of the pool.
  public let end: UInt64

  /// The pages from `next` up to `end`.
  public init(next: UInt64, end: UInt64) {
    self.next = next
    self.end = end
  }

  public func read(_ address: UInt64) -> UInt64 { shim_load64(address) }
  public func write(_ address: UInt64, _ descriptor: UInt64) { shim_store64(address, descriptor) }

  @inline(never)
  public mutating func allocate() -> UInt64? {
    guard next + 4096 <= end else { return nil }
    let table = next
    next += 4096
    clearTable(table)
    return table
  }
}

/// Bytes to map of the Plan behind an image: as much as it says it is, within what a Plan can be; its header is not
/// believed beyond that.
@inline(__always)
public func planSpace(at planBase: UInt64) -> UInt64 {
  let stated = UInt64(shim_load32(planBase + 16))
  return (min(max(stated, 0x1000), UInt64(MemoryLayout<Plan>.size)) + 0xfff) & ~0xfff
}

/// Zeroes a 4 KiB table. Not inlined: once in the kernel is enough.
@inline(never)
public func clearTable(_ table: UInt64) {
  // &+: a table is a page of memory, which does not wrap around.
  for offset in stride(from: UInt64(0), to: 4096, by: 32) {
    shim_store64(table &+ offset, 0)
    shim_store64(table &+ offset &+ 8, 0)
    shim_store64(table &+ offset &+ 16, 0)
    shim_store64(table &+ offset &+ 24, 0)
  }
}

/// Copies `fileSize` bytes and zeroes up to `memorySize`, which is not less; both addresses are 8-byte
/// aligned and mapped.
public func fill(_ target: UInt64, from source: UInt64, fileSize: UInt64, memorySize: UInt64) {
  // SAFETY: the caller checked both ranges against the Plan and mapped them.
  let to = unsafe UnsafeMutableRawPointer(bitPattern: UInt(target)).unsafelyUnwrapped
  if fileSize > 0 {
    let from = unsafe UnsafeRawPointer(bitPattern: UInt(source)).unsafelyUnwrapped
    unsafe to.copyMemory(from: from, byteCount: Int(fileSize))
  }
  _ = unsafe (to + Int(fileSize)).initializeMemory(
    as: UInt8.self, repeating: 0, count: Int(memorySize - fileSize))
}
#endif
