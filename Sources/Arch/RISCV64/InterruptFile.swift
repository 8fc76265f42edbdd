#if hasFeature(Embedded) && arch(riscv64)
internal import ArchShims
#endif

/// A guest interrupt file of an IMSIC: RISC-V Advanced Interrupt Architecture 1.0, chapter 3. It is the
/// zone's own: the zone reads and writes it by its CSRs, devices and other CPUs of the zone write
/// identities to its page.
public enum InterruptFile {
  /// The page of guest interrupt file 1 of a hart: files of one hart follow each other, the supervisor's
  /// first (3.6).
  public static func guestAddress(
    base: UInt64, hartIndex: UInt64, guestIndexBits: UInt64
  ) -> UInt64 {
    base + hartIndex << (12 + guestIndexBits) + 0x1000
  }

  /// Registers reached through vsiselect (2.3): delivery, threshold, pending and enabled identities,
  /// 64 in each even register.
  static let delivery: UInt64 = 0x70
  static let threshold: UInt64 = 0x72
  static let pending: UInt64 = 0x80
  static let enabled: UInt64 = 0xc0

  #if hasFeature(Embedded) && arch(riscv64)
  /// As after reset: delivers nothing, nothing enabled, nothing pending. hstatus.VGEIN names the file.
  static func reset() {
    shim_write_vsiselect(delivery)
    shim_write_vsireg(0)
    shim_write_vsiselect(threshold)
    shim_write_vsireg(0)
    for word in 0..<UInt64(32) {
      shim_write_vsiselect(enabled + word * 2)
      // A file has up to 2,047 identities; beyond those it has, some harts trap.
      if kernel_try_write_vsireg(0) == 0 { break }
      shim_write_vsiselect(pending + word * 2)
      shim_write_vsireg(0)
    }
    shim_write_vsiselect(0)
  }

  /// Whether the hart has a guest interrupt file 1: bit 1 of hgeie can be set (18.2.4).
  static var isPresent: Bool {
    shim_write_hgeie(2)
    let answer = shim_read_hgeie()
    shim_write_hgeie(0)
    return answer & 2 != 0
  }
  #endif
}
