#if hasFeature(Embedded) && arch(riscv64)
/// What guest-riscv64.S maps, each in a block of 2 MiB, and all at the address it has.
public enum Memory {
  /// Code and constants.
  public static let code: UInt64 = 0x8020_0000
  /// Writable and executable, for instructions made at run time.
  public static let patch: UInt64 = 0x8060_0000
  /// The same for unprivileged code.
  public static let user: UInt64 = 0x8080_0000
  /// From here to `plainEnd` plain memory that no guest uses.
  public static let plain: UInt64 = 0x80a0_0000
  /// End of the RAM that `plain` begins.
  public static let plainEnd: UInt64 = 0xc000_0000
  /// Mapped, but memory that no zone of the tests has.
  public static let foreign: UInt64 = 0xbfff_fff8
}
#endif
