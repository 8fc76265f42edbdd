#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims

/// Bytes of a data cache line (CTR_EL0.DminLine).
func cacheLineSize() -> UInt64 { 4 << (shim_read_CTR_EL0() >> 16 & 0xf) }

/// Cleans and invalidates a range to the point of coherency.
func cleanInvalidate(_ base: UInt64, _ size: UInt64) {
  let line = cacheLineSize()
  var address = base & ~(line - 1)
  // &+: what is mapped does not wrap around. Most of a restart is this loop.
  let end = base &+ size
  while address < end {
    shim_dc_civac(address)
    address &+= line
  }
  shim_dsb_sy()
}
#endif
