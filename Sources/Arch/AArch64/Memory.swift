#if hasFeature(Embedded)
internal import ArchShims

/// Bytes of a data cache line (CTR_EL0.DminLine).
func cacheLineSize() -> UInt64 { 4 << (shim_read_CTR_EL0() >> 16 & 0xf) }

/// Cleans and invalidates a range to the point of coherency.
func cleanInvalidate(_ base: UInt64, _ size: UInt64) {
  let line = cacheLineSize()
  var address = base & ~(line - 1)
  while address < base + size {
    shim_dc_civac(address)
    address += line
  }
  shim_dsb_sy()
}

/// Copies `fileSize` bytes and zeroes up to `memorySize`; both addresses are 8-byte aligned and mapped.
func fill(_ target: UInt64, from source: UInt64, fileSize: UInt64, memorySize: UInt64) {
  // SAFETY: the caller checked both ranges against the Plan and mapped them.
  let to = unsafe UnsafeMutableRawPointer(bitPattern: UInt(target)).unsafelyUnwrapped
  var offset = 0
  if fileSize > 0 {
    let from = unsafe UnsafeRawPointer(bitPattern: UInt(source)).unsafelyUnwrapped
    while offset + 8 <= Int(fileSize) {
      unsafe to.storeBytes(
        of: from.load(fromByteOffset: offset, as: UInt64.self), toByteOffset: offset,
        as: UInt64.self)
      offset += 8
    }
    while offset < Int(fileSize) {
      unsafe to.storeBytes(
        of: from.load(fromByteOffset: offset, as: UInt8.self), toByteOffset: offset,
        as: UInt8.self)
      offset += 1
    }
  }
  while offset < Int(memorySize), offset & 7 != 0 {
    unsafe to.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    offset += 1
  }
  while offset + 8 <= Int(memorySize) {
    unsafe to.storeBytes(of: 0, toByteOffset: offset, as: UInt64.self)
    offset += 8
  }
  while offset < Int(memorySize) {
    unsafe to.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    offset += 1
  }
}
#endif
