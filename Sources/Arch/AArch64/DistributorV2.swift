public import ArchCommon
public import SepKernel
public import Synchronization

/// GICD of a GICv2 as a zone sees it: Arm GIC Architecture Specification v2 (IHI 0048B), 4.3.
///
/// Only the zone's own lines exist, and of the banked registers those of the accessing CPU; all other
/// bits read as zero and ignore writes. Targets are vCPU numbers. There is one group, so that
/// GICD_IGROUPR is zero. SGI 15 is always enabled, of the highest priority and never made active, because
/// the kernel wakes CPUs with it.
///
/// &+: offsets are within the frame, whose base does not wrap (`PlanCheck`).
public struct DistributorV2<Bus: RegisterBus> {
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
    /// Byte n: the CPU interface of vCPU n, as one bit; zero until that CPU has come up.
    public let interfaces: Atomic<UInt64>
    /// vCPUs of the zone, 1 to 8.
    public var cpuCount: UInt32

    /// A zone whose CPUs have not come up, and a distributor that is switched off.
    public init(cpuCount: UInt32) {
      control = Atomic(0)
      interfaces = Atomic(0)
      self.cpuCount = cpuCount
    }

    /// CPU interfaces of the vCPUs in `list`; vCPUs that do not exist have none.
    @inline(never)
    public func physical(_ list: UInt64) -> UInt64 {
      var rest = list & 0xff
      let interfaces = interfaces.load(ordering: .acquiring)
      var result: UInt64 = 0
      while rest != 0 {
        result |= interfaces &>> UInt64(8 &* rest.trailingZeroBitCount)
        rest &= rest &- 1
      }
      return result & 0xff
    }

    /// vCPUs whose CPU interfaces are in `mask`; those of other zones are left out.
    @inline(never) @_optimize(size)
    public func virtual(_ mask: UInt64) -> UInt64 {
      let interfaces = interfaces.load(ordering: .acquiring)
      var result: UInt64 = 0
      for vcpu in 0..<UInt64(8) where interfaces &>> (8 &* vcpu) & mask & 0xff != 0 {
        result |= 1 &<< vcpu
      }
      return result
    }
  }

  /// The SGI by which the kernel wakes a CPU.
  static var wakeSGI: UInt64 { 15 }

  /// EnableGrp0 and EnableGrp1 of GICD_CTLR, as a zone sees them.
  static var controlEnables: UInt32 { 3 }

  /// A read of `1 << sizeLog2` bytes by vCPU `vcpu`. Unknown offsets and sizes read as zero.
  @_optimize(size)
  public func read(
    _ offset: UInt64, sizeLog2: UInt32, owner: borrowing ZoneBlock, zone: borrowing Zone,
    vcpu: UInt64
  ) -> UInt64 {
    if sizeLog2 == 0 { return readByte(offset, owner, zone, vcpu) }
    guard sizeLog2 == 2, offset & 3 == 0 else { return 0 }
    switch offset {
    case 0x000:
      return UInt64(zone.control.load(ordering: .relaxed))
    case 0x004:
      // GICD_TYPER: lines as they are, the zone's CPUs, no security extensions.
      return UInt64(bus.load32(base &+ 4) & 0x1f | (zone.cpuCount &- 1) << 5)
    case 0x008:
      return UInt64(bus.load32(base &+ 8))
    case 0x100..<0x400:
      return UInt64(bus.load32(base &+ offset) & Self.wordMask(offset, owner))
    case 0xc00..<0xd00:
      return UInt64(bus.load32(base &+ offset) & Self.pairMask(offset, owner))
    case 0xfe8:
      // ICPIDR2: architecture version 2.
      return 0x2b
    default:
      var value: UInt64 = 0
      for byte in 0..<UInt64(4) {
        value |= readByte(offset &+ byte, owner, zone, vcpu) << (8 &* byte)
      }
      return value
    }
  }

  /// A write of `1 << sizeLog2` bytes by vCPU `vcpu`. Unknown offsets and sizes are ignored.
  @_optimize(size)
  public func write(
    _ offset: UInt64, _ value: UInt64, sizeLog2: UInt32, owner: borrowing ZoneBlock,
    zone: borrowing Zone, vcpu: UInt64, lock: borrowing SpinLock
  ) {
    if sizeLog2 == 0 {
      writeByte(offset, value, owner, zone)
      return
    }
    guard sizeLog2 == 2, offset & 3 == 0 else { return }
    let word = UInt32(truncatingIfNeeded: value)
    switch offset {
    case 0x000:
      zone.control.store(word & Self.controlEnables, ordering: .relaxed)
    case 0x100..<0x400:
      var own = word & Self.wordMask(offset, owner)
      // GICD_ICENABLER0, GICD_ISACTIVER0.
      if offset == 0x180 || offset == 0x300 { own &= ~(1 << UInt32(Self.wakeSGI)) }
      if own != 0 { bus.store32(base &+ offset, own) }
    case 0xc04..<0xd00:
      bus.merge(word, Self.pairMask(offset, owner), at: base &+ offset, lock)
    case 0xf00:
      send(value, zone: zone, vcpu: vcpu)
    default:
      for byte in 0..<UInt64(4) { writeByte(offset &+ byte, value >> (8 &* byte), owner, zone) }
    }
  }

  /// A write of GICD_SGIR, cut to the zone's own CPUs.
  @inline(__always)
  public func send(_ request: UInt64, zone: borrowing Zone, vcpu: UInt64) {
    let everybody: UInt64 = 0xff
    let targets: UInt64 =
      switch request >> 24 & 3 {
      case 0: request >> 16 & everybody
      case 1: everybody & ~(1 &<< vcpu)
      case 2: 1 &<< vcpu
      default: 0
      }
    let physical = zone.physical(targets)
    if physical != 0 {
      bus.store32(base &+ 0xf00, UInt32(truncatingIfNeeded: physical << 16 | request & 0xf))
    }
  }

  @inline(never) @_optimize(size)
  private func readByte(
    _ offset: UInt64, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone, _ vcpu: UInt64
  ) -> UInt64 {
    switch offset {
    case 0x400..<0x7fc:
      Self.isOwn(offset - 0x400, owner) ? UInt64(bus.load8(base &+ offset)) : 0
    case 0x800..<0x820:
      1 &<< vcpu
    case 0x820..<0xbfc:
      Self.isOwn(offset - 0x800, owner) ? zone.virtual(UInt64(bus.load8(base &+ offset))) : 0
    case 0xf10..<0xf30:
      // GICD_CPENDSGIR, GICD_SPENDSGIR: from which CPUs each SGI is pending.
      zone.virtual(UInt64(bus.load8(base &+ offset)))
    default:
      0
    }
  }

  @inline(never) @_optimize(size)
  private func writeByte(
    _ offset: UInt64, _ value: UInt64, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone
  ) {
    let byte: UInt64
    switch offset {
    case 0x400..<0x7fc:
      guard Self.isOwn(offset - 0x400, owner), offset != 0x400 &+ Self.wakeSGI else { return }
      byte = value
    case 0x820..<0xbfc:
      guard Self.isOwn(offset - 0x800, owner) else { return }
      byte = zone.physical(value)
    case 0xf10..<0xf30:
      byte = zone.physical(value)
      guard byte != 0 else { return }
    default:
      return
    }
    bus.store8(base &+ offset, UInt8(truncatingIfNeeded: byte))
  }

  /// Lines below 32 are the accessing CPU's.
  private static func isOwn(_ line: UInt64, _ owner: borrowing ZoneBlock) -> Bool {
    line < 32 || owner.owns(line: UInt32(line))
  }

  /// Of the registers with a bit for each line; word 0 is banked.
  private static func wordMask(_ offset: UInt64, _ owner: borrowing ZoneBlock) -> UInt32 {
    let word = Int(offset >> 2 & 0x1f)
    return word == 0 ? ~0 : owner.lineBits(word)
  }

  private static func pairMask(_ offset: UInt64, _ owner: borrowing ZoneBlock) -> UInt32 {
    offset < 0xc08 ? ~0 : Distributor<Bus>.pairMask(offset, owner)
  }
}
