public import ArchCommon

/// Page table entries of Sv39, Sv48 and of the guest-physical tables Sv39x4, Sv48x4: RISC-V Privileged
/// Architecture 20240411, 12.3 to 12.5 and 18.5.1.
public enum SvDescriptor: TableFormat {
  // The physical page number begins at bit 10: a 4 KiB aligned address shifted right by two.

  /// V: the entry is valid.
  static let valid: UInt64 = 1 << 0
  /// R, W and X; none of them: the entry points to a table.
  static let permissions: UInt64 = 0b111 << 1

  public static func table(at address: UInt64) -> UInt64 { address >> 2 | valid }

  public static func leaf(_ output: UInt64, _ attributes: UInt64, level: Int) -> UInt64 {
    output >> 2 | attributes | valid
  }

  public static func leafDistance(_ size: UInt64) -> UInt64 { size >> 2 }

  public static func kind(of descriptor: UInt64) -> TableEntryKind {
    guard descriptor & valid != 0 else { return .empty }
    guard descriptor & permissions == 0 else { return .leaf }
    return .table((descriptor << 2) & 0x00ff_ffff_ffff_f000)
  }
}
