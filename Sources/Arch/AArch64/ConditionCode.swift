/// A32 condition codes (DDI 0487, F1.2) and T32 IT blocks (F1.2.1).
public enum ConditionCode {
  /// Whether `condition` (4 bits) holds for `flags` (N, Z, C, V in bits 3-0).
  public static func holds(_ condition: UInt32, flags: UInt32) -> Bool {
    let n = flags & 8 != 0
    let z = flags & 4 != 0
    let c = flags & 2 != 0
    let v = flags & 1 != 0
    let base: Bool =
      switch condition >> 1 & 7 {
      case 0: z
      case 1: c
      case 2: n
      case 3: v
      case 4: c && !z
      case 5: n == v
      case 6: n == v && !z
      default: true
      }
    return condition & 1 != 0 && condition != 15 ? !base : base
  }

  /// SPSR of an AArch32 zone one instruction on: ITSTATE (bits 15:10 and 26:25) shifts, or ends.
  public static func advanceBlock(_ state: UInt64) -> UInt64 {
    let block = state >> 8 & 0xfc | state >> 25 & 3
    let next = block & 7 == 0 ? 0 : block & 0xe0 | block << 1 & 0x1f
    let cleared = state & ~(0x3f << 10 | 3 << 25)
    return cleared | (next & 0xfc) << 8 | (next & 3) << 25
  }
}
