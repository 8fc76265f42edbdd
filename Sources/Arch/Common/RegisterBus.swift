public import SepKernel

/// Access to a real interrupt controller's registers. On hardware: volatile loads and stores.
public protocol RegisterBus {
  /// The byte at physical address `address`.
  func load8(_ address: UInt64) -> UInt8
  /// The word there; the address is aligned.
  func load32(_ address: UInt64) -> UInt32
  /// The double word there; the address is aligned.
  func load64(_ address: UInt64) -> UInt64
  /// Writes a byte.
  func store8(_ address: UInt64, _ value: UInt8)
  /// Writes a word; the address is aligned.
  func store32(_ address: UInt64, _ value: UInt32)
  /// Writes a double word; the address is aligned.
  func store64(_ address: UInt64, _ value: UInt64)
}

extension RegisterBus {
  /// Writes the bits of `value` that are in `mask` to a register whose other bits other zones may write: under the
  /// lock, unless all bits are in the mask.
  @inline(never) @_optimize(size)
  public func merge(
    _ value: UInt32, _ mask: UInt32, at address: UInt64, _ lock: borrowing SpinLock
  ) {
    guard mask != 0 else { return }
    if mask == ~0 {
      store32(address, value)
      return
    }
    lock.lock()
    store32(address, load32(address) & ~mask | value & mask)
    lock.unlock()
  }
}

#if hasFeature(Embedded)
public import ArchShims

/// Volatile loads and stores.
public struct HardwareBus: RegisterBus {
  @inlinable public init() {}
  @inlinable @inline(__always) public func load8(_ address: UInt64) -> UInt8 {
    shim_load8(address)
  }
  @inlinable @inline(__always) public func load32(_ address: UInt64) -> UInt32 {
    shim_load32(address)
  }
  @inlinable @inline(__always) public func load64(_ address: UInt64) -> UInt64 {
    shim_load64(address)
  }
  @inlinable @inline(__always) public func store8(_ address: UInt64, _ value: UInt8) {
    shim_store8(address, value)
  }
  @inlinable @inline(__always) public func store32(_ address: UInt64, _ value: UInt32) {
    shim_store32(address, value)
  }
  @inlinable @inline(__always) public func store64(_ address: UInt64, _ value: UInt64) {
    shim_store64(address, value)
  }
}
#endif
