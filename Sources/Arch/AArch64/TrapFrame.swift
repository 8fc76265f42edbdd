/// General registers of a zone while the kernel runs on its CPU; Sources/KernelEntry/vectors-aarch64.S
/// writes it. x19-x29 are valid only on the full path.
public struct TrapFrame {
  /// x0-x30; the last slot stays zero and stands for XZR.
  public var x: InlineArray<32, UInt64>

  public init() { x = InlineArray(repeating: 0) }

  /// Whether the short path, too, has register `index` in the frame.
  @inline(__always)
  public static func isSavedEarly(_ index: Int) -> Bool { index <= 18 || index == 30 }

  /// Register by number, 31 reads as zero.
  @inline(__always)
  public subscript(_ index: Int) -> UInt64 {
    get { index == 31 ? 0 : x[index & 31] }
    set { if index != 31 { x[index & 31] = newValue } }
  }
}
