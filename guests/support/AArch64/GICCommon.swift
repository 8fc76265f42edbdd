#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry

// What is the same for every GIC.
extension Interrupts {
  /// Of every line.
  static let priority: UInt8 = 0xa0
  /// INTID of the virtual timer on every Armv8-A system (BSA, DEN0094).
  public static let timer: UInt32 = 27
  /// The first INTID of a line that is no CPU's own.
  public static let firstShared: UInt64 = 32
  /// INTIDs from here on mean that nothing is pending.
  public static let special: UInt32 = 1020

  /// Whether a CPU sent it: an SGI.
  @inline(__always)
  public static func isSoftware(_ line: UInt32) -> Bool { line < 16 }
}
#endif
