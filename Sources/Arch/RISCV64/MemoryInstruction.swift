/// A load or store of a general register, decoded: what it transfers and how. Instruction formats of the
/// RISC-V unprivileged manual (20240411), 2.6, 5.3 and 27 (compressed, 64 bits).
public struct MemoryInstruction: Equatable, Sendable {
  /// The register loaded or stored.
  public let register: Int
  /// Log2 of the bytes.
  public let sizeLog2: UInt32
  /// Whether it writes memory.
  public let isStore: Bool
  /// Whether a load extends the sign.
  public let isSigned: Bool
  /// Bytes of the instruction.
  public let length: UInt64

  /// Decodes `bits`: an instruction, or what htinst makes of one (18.6.3), in which bit 1 of a
  /// compressed one is clear after it was expanded. Nil for anything else: AMO, LR, SC, floating point.
  @inline(__always)
  public init?(transformed bits: UInt64) {
    // Bit 0 set: an instruction; clear: a pseudoinstruction of an implicit access.
    guard bits & 1 != 0 else { return nil }
    let length: UInt64 = bits & 2 != 0 ? 4 : 2
    self.init(standard: UInt32(truncatingIfNeeded: bits) | 2, length: length)
  }

  /// Decodes an instruction as fetched; the upper half is ignored when it is compressed.
  public init?(fetched bits: UInt32) {
    if bits & 3 == 3 {
      self.init(standard: bits, length: 4)
    } else {
      self.init(compressed: bits & 0xffff)
    }
  }

  @inline(__always)
  private init?(standard bits: UInt32, length: UInt64) {
    let function = bits >> 12 & 7
    switch bits & 0x7f {
    case 0x03:
      // LB, LH, LW, LD, LBU, LHU, LWU.
      guard function != 7 else { return nil }
      register = Int(bits >> 7 & 31)
      isStore = false
      isSigned = function & 4 == 0
    case 0x23:
      // SB, SH, SW, SD.
      guard function < 4 else { return nil }
      register = Int(bits >> 20 & 31)
      isStore = true
      isSigned = false
    default:
      return nil
    }
    sizeLog2 = function & 3
    self.length = length
  }

  private init?(compressed bits: UInt32) {
    let function = bits >> 13
    switch bits & 3 {
    case 0:
      // C.LW, C.LD, C.SW, C.SD, and C.LBU, C.LHU, C.LH, C.SB, C.SH of Zcb.
      register = Int(bits >> 2 & 7) + 8
      switch function {
      case 2, 3, 6, 7:
        sizeLog2 = function & 1 == 0 ? 2 : 3
        isStore = function & 4 != 0
        isSigned = !isStore
      case 4:
        let kind = bits >> 10 & 7
        let isHalf = kind & 1 != 0
        guard kind < 4 else { return nil }
        // A set bit 6 of a half word: C.LH, and nothing for a store. Of a byte it belongs to the offset.
        guard kind != 3 || bits & 0x40 == 0 else { return nil }
        sizeLog2 = isHalf ? 1 : 0
        isStore = kind & 2 != 0
        isSigned = isHalf && !isStore && bits & 0x40 != 0
      default:
        return nil
      }
    case 2:
      // C.LWSP, C.LDSP, C.SWSP, C.SDSP.
      switch function {
      case 2, 3: register = Int(bits >> 7 & 31)
      case 6, 7: register = Int(bits >> 2 & 31)
      default: return nil
      }
      sizeLog2 = function & 1 == 0 ? 2 : 3
      isStore = function & 4 != 0
      isSigned = !isStore
      if !isStore, register == 0 { return nil }
    default:
      return nil
    }
    length = 2
  }

  /// What the register of a load gets of the `value` that was read.
  @inline(__always)
  public func loaded(_ value: UInt64) -> UInt64 {
    let shift = 64 &- (8 &<< UInt64(sizeLog2))
    return isSigned
      ? UInt64(bitPattern: (Int64(bitPattern: value &<< shift)) &>> Int64(shift))
      : (value &<< shift) &>> shift
  }

  /// What LW makes of a word.
  @inline(__always)
  public static func signedWord(_ value: UInt32) -> UInt64 {
    UInt64(bitPattern: Int64(Int32(bitPattern: value)))
  }

  /// The bytes of `value` that a store transfers.
  @inline(__always)
  public func stored(_ value: UInt64) -> UInt64 {
    let shift = 64 &- (8 &<< UInt64(sizeLog2))
    return (value &<< shift) &>> shift
  }
}
