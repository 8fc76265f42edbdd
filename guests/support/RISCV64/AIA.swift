#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// The calling CPU's interrupt file: RISC-V Advanced Interrupt Architecture 1.0, chapter 3.
public enum InterruptFile {
  /// Of hart 0, where QEMU virt and zones have it.
  public static let base: UInt64 = 0x2800_0000
  /// Identity of interrupts that CPUs send: the last that every interrupt file has. Lines have the
  /// identities of their sources' numbers.
  public static let software: UInt32 = 63

  /// Where identities for `cpu` are stored.
  @inline(__always)
  public static func address(cpu: UInt64) -> UInt64 {
    base + CPU.hart(cpu) * Found.fileStride.value
  }

  /// Delivers; `software` alone is enabled, and nothing pending.
  static func start() {
    // Of the identities that every file has.
    write(0xc0, 0)  // eie0
    write(0x80, 0)  // eip0
    write(0x72, 0)  // eithreshold: none
    write(0x70, 1)  // eidelivery
    enable(UInt64(software))
  }

  /// Enables `identity`.
  static func enable(_ identity: UInt64) {
    guest_write_siselect(0xc0 + identity / 64 * 2)
    guest_write_sireg(guest_read_sireg() | 1 << (identity % 64))
  }

  private static func write(_ register: UInt64, _ value: UInt64) {
    guest_write_siselect(register)
    guest_write_sireg(value)
  }
}

/// The supervisor's domain of the APLIC, which sends the interrupts of lines to interrupt files: AIA,
/// chapter 4.
public enum APLIC {
  /// Where QEMU virt and zones have it.
  public static let base: UInt64 = 0x0d00_0000
  /// domaincfg.
  public static let domainConfiguration: UInt64 = base

  /// Interrupts enabled, delivered as messages.
  static func start() {
    guest_store32(domainConfiguration, 1 << 8 | 1 << 2)
  }

  static func enable(line: UInt32, cpu: UInt64, isEdge: Bool) {
    let offset = 4 * UInt64(line)
    guest_store32(base + offset, isEdge ? 4 : 6)  // sourcecfg: rising edge, high level
    if !isEdge { Found.levelLines.value |= 1 << UInt64(line) }
    let hart = UInt32(truncatingIfNeeded: CPU.hart(cpu))
    guest_store32(base + 0x3000 + offset, hart << 18 | line)  // target
    guest_store32(base + 0x1edc, line)  // setienum
  }

  /// A level that is still high is sent again (AIA, 4.9.2).
  @inline(__always)
  static func end(_ line: UInt32) {
    guard Found.levelLines.value >> UInt64(line) & 1 != 0 else { return }
    guest_store32(base + 0x1cdc, line)  // setipnum
  }
}
#endif
