/// General registers of a zone while the kernel runs on its CPU; Sources/KernelEntry/vectors-aarch64.S
/// writes it. x19-x29 are valid only on the full path.
public struct TrapFrame: ~Copyable {
  /// x0-x30; the last slot stays zero and stands for XZR.
  public var x: InlineArray<32, UInt64>

  /// All registers zero; for tests, the kernel's frames are made by the vectors.
  public init() { x = InlineArray(repeating: 0) }

  /// Whether the short path, too, has register `index` in the frame.
  @inline(__always)
  public static func isSavedEarly(_ index: Int) -> Bool { index <= 18 || index == 30 }
}

extension UnsafeMutablePointer<TrapFrame> {
  /// Register by number, 31 reads as zero. Through the pointer, so that one register is read and not
  /// a frame copied.
  @inline(__always)
  subscript(register index: Int) -> UInt64 {
    get { index == 31 ? 0 : unsafe pointee.x[index & 31] }
    nonmutating set {
      // SAFETY: the frame is this CPU's own, and the index is below 32.
      if index != 31 { unsafe pointee.x[index & 31] = newValue }
    }
  }
}
