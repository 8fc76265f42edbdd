#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// The platform-level interrupt controller: RISC-V PLIC specification 1.0.0. Context of S-mode of
/// hart n is 2n + 1, as on QEMU virt and in zones.
public enum PLIC {
  /// Where QEMU virt and zones have it.
  public static let base: UInt64 = 0x0c00_0000

  /// Threshold of `cpu`; its claim register is 4 behind it.
  @inline(__always)
  static func context(_ cpu: UInt64) -> UInt64 {
    base + 0x20_0000 + 0x1000 * (2 * CPU.hart(cpu) + 1)
  }

  /// Threshold of the first CPU.
  public static var threshold: UInt64 { context(0) }

  /// Enable bits of `cpu`.
  static func enables(_ cpu: UInt64) -> UInt64 { base + 0x2000 + 0x80 * (2 * CPU.hart(cpu) + 1) }

  /// Nothing enabled, all priorities let through.
  static func start(cpu: UInt64) {
    for word: UInt64 in 0..<3 { guest_store32(enables(cpu) + 4 * word, 0) }
    guest_store32(context(cpu), 0)
  }

  static func enable(line: UInt32, cpu: UInt64) {
    guest_store32(base + 4 * UInt64(line), 1)  // priority
    let word = enables(cpu) + UInt64(line / 32) * 4
    guest_store32(word, guest_load32(word) | 1 << (line % 32))
  }

  /// Takes the pending line of the first CPU, on which all lines are.
  @inline(__always)
  static func claim() -> UInt32 {
    let line = guest_load32(context(0) + 4)
    return line == 0 ? Interrupts.special : line
  }

  @inline(__always)
  static func complete(_ line: UInt32) { guest_store32(context(0) + 4, line) }
}
#endif
