public import ArchCommon

/// Descriptors of the AArch64 4 KiB granule (DDI 0487, D8.3), the same for EL2's own stage 1 and for
/// stage 2.
public enum Descriptor: TableFormat {
  /// Output address of a descriptor.
  static var addressMask: UInt64 { 0x0000_ffff_ffff_f000 }

  public static func table(at address: UInt64) -> UInt64 { address | 3 }

  public static func leaf(_ output: UInt64, _ attributes: UInt64, level: Int) -> UInt64 {
    output | attributes | (level == 3 ? 3 : 1)
  }

  public static func leafDistance(_ size: UInt64) -> UInt64 { size }

  public static func kind(of descriptor: UInt64) -> TableEntryKind {
    switch descriptor & 3 {
    case 0: .empty
    case 3: .table(descriptor & addressMask)
    default: .leaf
    }
  }
}
