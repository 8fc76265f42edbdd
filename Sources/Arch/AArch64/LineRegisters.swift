#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims

/// Registers with a bit or a byte for each line. Every GIC has them at the same offsets: in GICD and, those of a
/// GICv3's private interrupts, in GICR's SGI frame (IHI 0048, 4.1.2; IHI 0069, 12.8 and 12.10).
enum LineRegisters {
  /// ISENABLER.
  static let enable: UInt64 = 0x100
  /// ICPENDR.
  static let clearPending: UInt64 = 0x280
  /// IPRIORITYR.
  static let priority: UInt64 = 0x400

  /// Those of 32 lines that have a bit in `lines` disabled, neither pending nor active.
  @inline(never) @_optimize(size)
  static func quiet(_ base: UInt64, _ word: UInt64, _ lines: UInt32) {
    shim_store32(base + 0x180 + word * 4, lines)
    shim_store32(base + clearPending + word * 4, lines)
    shim_store32(base + 0x380 + word * 4, lines)
  }

  /// All 32 of them, and in `group`.
  @inline(never) @_optimize(size)
  static func reset(_ base: UInt64, _ word: UInt64, group: UInt32) {
    quiet(base, word, ~0)
    shim_store32(base + 0x080 + word * 4, group)
  }
}
#endif
