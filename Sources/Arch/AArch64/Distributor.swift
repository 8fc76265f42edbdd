public import ArchCommon
public import SepKernel
public import Synchronization

/// GICD as a zone sees it: Arm GIC Architecture Specification v3/v4 (IHI 0069), 12.9.
///
/// Only the zone's own lines exist; all other bits read as zero and ignore writes. Writes that set or
/// clear bits go straight to hardware, masked, without a lock: the registers are write-one. Groups are
/// fixed at Group 1. ICFGR is the one register that needs read-modify-write across zones; `lock`
/// guards it for a few instructions. Affinity routing is always on.
public struct Distributor<Bus: RegisterBus> {
  /// How the real distributor is reached.
  let bus: Bus
  /// Physical base of GICD.
  let base: UInt64

  /// The distributor whose registers start at physical address `base`.
  @inline(__always)
  public init(bus: Bus, base: UInt64) {
    self.bus = bus
    self.base = base
  }

  /// What the emulation needs to know of the zone.
  public struct Zone: ~Copyable {
    /// GICD_CTLR bits the zone may set.
    public let control: Atomic<UInt32>
    /// vCPUs of the zone, 1 to 16.
    public var cpuCount: UInt32
    /// MPIDR affinities of its vCPUs.
    public var affinities: InlineArray<16, UInt64>
    /// Bits of the real GICD_TYPER that it sees, and those it sees set: LPIS (17), IDbits (23-19), no 1-of-N (25). No
    /// message-based SPIs; lines as they are, and ID bits, too, for a zone without LPIs.
    let typerKept, typerSet: UInt32

    /// A zone with the given vCPUs and a distributor that is switched off.
    public init(
      cpuCount: UInt32, affinities: InlineArray<16, UInt64>, hasMessages: Bool = false
    ) {
      control = Atomic(0)
      let numberBits = UInt32(truncatingIfNeeded: TranslationMemory.numberBits)
      typerKept = hasMessages ? 0x1f : 0x00f8_001f
      typerSet = hasMessages ? 1 << 25 | numberBits << 19 | 1 << 17 : 1 << 25
      self.cpuCount = cpuCount
      self.affinities = affinities
    }
  }

  /// EnableGrp0 and EnableGrp1 of GICD_CTLR, as a zone sees them.
  static var controlEnables: UInt32 { 0x3 }
  /// ARE and, as a zone sees one security state, DS.
  static var controlFixed: UInt32 { 0x50 }

  /// A read of `1 << sizeLog2` bytes. Unknown offsets and sizes read as zero.
  @_optimize(size)
  public func read(
    _ offset: UInt64, sizeLog2: UInt32, owner: borrowing ZoneBlock, zone: borrowing Zone
  ) -> UInt64 {
    if sizeLog2 == 2 && offset & 3 == 0 { return read32(offset, owner, zone) }
    if offset >= 0x400, offset < 0x800, sizeLog2 == 0 { return readPriority(offset, owner) }
    if offset >= 0x6000, offset < 0x8000, sizeLog2 == 3, offset & 7 == 0 {
      return readRoute(UInt32(offset - 0x6000) / 8, owner, zone)
    }
    return 0
  }

  /// A write of `1 << sizeLog2` bytes. Unknown offsets and sizes are ignored.
  @_optimize(size)
  public func write(
    _ offset: UInt64, _ value: UInt64, sizeLog2: UInt32,
    owner: borrowing ZoneBlock, zone: borrowing Zone, lock: borrowing SpinLock
  ) {
    if sizeLog2 == 2 && offset & 3 == 0 {
      write32(offset, UInt32(truncatingIfNeeded: value), owner, zone, lock)
    } else if offset >= 0x420, offset < 0x800, sizeLog2 == 0 {
      writePriority(offset, UInt8(truncatingIfNeeded: value), owner)
    } else if offset >= 0x6100, offset < 0x8000, sizeLog2 == 3, offset & 7 == 0 {
      writeRoute(UInt32(offset - 0x6000) / 8, value, owner, zone)
    }
  }

  /// A 32-bit read at a multiple of four. The first two cases are on the short trap path.
  @inline(__always)
  func read32(
    _ offset: UInt64, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone
  ) -> UInt64 {
    if offset == 0 {
      // RWP (bit 31) is the hardware's: a zone that waits for its own write waits long enough.
      return UInt64(
        zone.control.load(ordering: .relaxed) | Self.controlFixed | bus.load32(base) & 1 << 31)
    }
    if offset == 4 { return UInt64(bus.load32(base &+ 4) & zone.typerKept | zone.typerSet) }
    if offset >= 0x80, offset < 0x400 {
      // IGROUPR, then the six write-one registers; word 0 is banked into the redistributor.
      let mask = owner.lineBits(Int(offset >> 2 & 0x1f))
      return UInt64(offset < 0x100 ? mask : bus.load32(base &+ offset) & mask)
    }
    return readRare(offset, owner, zone)
  }

  @inline(never) @_optimize(size)
  private func readRare(
    _ offset: UInt64, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone
  ) -> UInt64 {
    switch offset {
    case 0x0008:
      return UInt64(bus.load32(base &+ 8))
    case 0x0400..<0x0800:
      var value: UInt64 = 0
      for byte in 0..<UInt64(4) {
        value |= readPriority(offset + byte, owner) << (8 * byte)
      }
      return value
    case 0x0c00..<0x0d00:
      return UInt64(bus.load32(base + offset) & Self.pairMask(offset, owner))
    case 0x6000..<0x8000:
      let route = readRoute(UInt32(offset - 0x6000) / 8, owner, zone)
      return offset & 4 == 0 ? route & 0xffff_ffff : route >> 32
    case 0xffe8:
      // GICD_PIDR2: architecture revision GICv3.
      return 0x3b
    default:
      return 0
    }
  }

  @_optimize(size)
  private func write32(
    _ offset: UInt64, _ value: UInt32, _ owner: borrowing ZoneBlock,
    _ zone: borrowing Zone, _ lock: borrowing SpinLock
  ) {
    switch offset {
    case 0x0100..<0x0400:
      let word = Int(offset >> 2 & 0x1f)
      guard word > 0 else { return }
      let own = value & owner.lineBits(word)
      if own != 0 { bus.store32(base + offset, own) }
    case 0x0420..<0x0800:
      for byte in 0..<UInt32(4) {
        writePriority(
          offset + UInt64(byte), UInt8(truncatingIfNeeded: value >> (8 * byte)), owner)
      }
    case 0x0c08..<0x0d00:
      bus.merge(value, Self.pairMask(offset, owner), at: base + offset, lock)
    case 0x0000:
      zone.control.store(value & Self.controlEnables, ordering: .relaxed)
    case 0x6100..<0x8000:
      // Half of a 64-bit register: the zone's affinities live in the lower half, IRM (bit 31) is
      // not granted.
      if offset & 4 == 0 {
        writeRoute(UInt32(offset - 0x6000) / 8, UInt64(value), owner, zone)
      }
    default:
      break
    }
  }

  /// Two bits for each of sixteen lines, from the ownership bits.
  static func pairMask(_ offset: UInt64, _ owner: borrowing ZoneBlock) -> UInt32 {
    let index = Int(offset - 0xc00) / 4
    guard index >= 2 else { return 0 }
    let half = owner.lineBits(index / 2) >> (index & 1 == 0 ? 0 : 16) & 0xffff
    var spread = half
    spread = (spread | spread << 8) & 0x00ff_00ff
    spread = (spread | spread << 4) & 0x0f0f_0f0f
    spread = (spread | spread << 2) & 0x3333_3333
    spread = (spread | spread << 1) & 0x5555_5555
    return spread | spread << 1
  }

  private func readPriority(
    _ offset: UInt64, _ owner: borrowing ZoneBlock
  ) -> UInt64 {
    let line = UInt32(offset - 0x400)
    return owner.owns(line: line) ? UInt64(bus.load8(base + offset)) : 0
  }

  private func writePriority(
    _ offset: UInt64, _ value: UInt8, _ owner: borrowing ZoneBlock
  ) {
    let line = UInt32(offset - 0x400)
    if owner.owns(line: line) { bus.store8(base + offset, value) }
  }

  /// The vCPU a line goes to, as an affinity of the zone's own numbering.
  @inline(never) @_optimize(size)
  private func readRoute(
    _ line: UInt32, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone
  ) -> UInt64 {
    guard owner.owns(line: line) else { return 0 }
    let route = bus.load64(base + 0x6000 + UInt64(line) * 8)
    for vcpu in 0..<Int(zone.cpuCount) where zone.affinities[vcpu] == route {
      return UInt64(vcpu)
    }
    return 0
  }

  @_optimize(size)
  private func writeRoute(
    _ line: UInt32, _ value: UInt64, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone
  ) {
    guard owner.owns(line: line) else { return }
    let vcpu = value & 0xff_00ff_ffff
    // A route to nobody would lose the line; a route to another zone is what must not be.
    guard vcpu < UInt64(zone.cpuCount) else { return }
    bus.store64(base + 0x6000 + UInt64(line) * 8, zone.affinities[Int(vcpu)])
  }
}
