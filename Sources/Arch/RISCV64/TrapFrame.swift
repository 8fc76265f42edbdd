/// General registers of a zone while the kernel runs on its CPU; Sources/KernelEntry/vectors-riscv64.S
/// writes it. gp, tp and s0-s11 are valid only on the full path.
public struct TrapFrame: ~Copyable {
  /// x0-x31; the first slot is not used.
  public var x: InlineArray<32, UInt64>

  /// All registers zero; for tests, the kernel's frames are made by the vectors.
  public init() { x = InlineArray(repeating: 0) }

  /// Whether the short path, too, has register `index` in the frame: ra, sp, t0-t6, a0-a7.
  @inline(__always)
  public static func isSavedEarly(_ index: Int) -> Bool {
    0xf003_fce7 >> UInt32(truncatingIfNeeded: index) & 1 != 0
  }
}

extension UnsafeMutablePointer<TrapFrame> {
  /// Register by number, 0 reads as zero. Through the pointer, so that one register is read and not a
  /// frame copied.
  @inline(__always)
  subscript(register index: Int) -> UInt64 {
    get { index == 0 ? 0 : unsafe pointee.x[index & 31] }
    nonmutating set {
      // SAFETY: the frame is this CPU's own, and the index is below 32.
      if index != 0 { unsafe pointee.x[index & 31] = newValue }
    }
  }
}

/// Numbers of the registers that calls use (RISC-V ELF psABI, chapter 1).
enum Register {
  static let a0 = 10
  static let a1 = 11
  static let a2 = 12
  static let a3 = 13
  static let a4 = 14
  static let a6 = 16
  static let a7 = 17
}
