public import ArchCommon
public import SepKernel
public import Synchronization

/// The APLIC's supervisor domain as a zone sees it: RISC-V Advanced Interrupt Architecture 1.0, 4.5,
/// with delivery by MSI (4.9).
///
/// Only the zone's own sources exist; all other bits read as zero and ignore writes. Writes that set or
/// clear bits go straight to hardware, masked, without a lock. Each source has its registers `sourcecfg`
/// and `target` for itself, so nothing here is read and written back. A target is a vCPU number to the
/// zone and the guest interrupt file of that CPU to the hardware. A source that the kernel raises is
/// edge-sensitive while it is active, whatever the zone chose: the pending bit of a level-sensitive one
/// cannot be set by a write (4.7), and the wire of the board's UART still counts. A zone's own writes do
/// not make it pending: a driver of a level-sensitive source writes after each interrupt, in case the
/// input is still high (4.9.2), and the kernel raises such a line again by itself.
///
/// What is inactive to the zone is detached and disabled in hardware: a source that becomes active has a
/// target nobody specified (4.5.2), which could be another zone's, until the zone wrote one. So zones have
/// no mode Detached, as 4.5.2 allows.
public struct APLIC<Bus: RegisterBus> {
  /// How the real one is reached.
  let bus: Bus
  /// Physical base of the supervisor domain.
  let base: UInt64

  /// The domain whose registers start at physical address `base`.
  @inline(__always)
  public init(bus: Bus, base: UInt64) {
    self.bus = bus
    self.base = base
  }

  /// What the emulation needs to know of the zone.
  public struct Zone: ~Copyable {
    /// domaincfg.IE as the zone wrote it. Sources of the others stay on whatever it is.
    public let control: Atomic<UInt32>
    /// vCPUs of the zone, 1 to 16.
    public var cpuCount: UInt32
    /// Hart indexes of the vCPUs, as the APLIC and the IMSICs count them.
    public var hartIndexes: InlineArray<16, UInt32>
    /// Sources that the kernel raises: bit n of word w is source 32 w + n.
    public var doorbells: InlineArray<32, UInt32>

    /// A zone with these vCPUs and doorbells.
    public init(
      cpuCount: UInt32, hartIndexes: InlineArray<16, UInt32>, doorbells: InlineArray<32, UInt32>
    ) {
      control = Atomic(0)
      self.cpuCount = cpuCount
      self.hartIndexes = hartIndexes
      self.doorbells = doorbells
    }

    func isDoorbell(_ line: UInt32) -> Bool {
      doorbells[Int(line >> 5 & 31)] >> (line & 31) & 1 != 0
    }
  }

  /// Bytes of the window.
  public static var size: UInt64 { 0x8000 }
  /// domaincfg: bits 31:24 fixed, delivery by MSI.
  static var domainConfiguration: UInt32 { 0x8000_0000 | 1 << 2 }
  /// domaincfg.IE.
  static var interruptEnable: UInt32 { 1 << 8 }
  /// sourcecfg.SM: active, pending only when a register is written.
  static var detached: UInt32 { 1 }
  /// sourcecfg.SM: pending at a rising edge, or when a register is written.
  static var risingEdge: UInt32 { 4 }
  /// The guest interrupt file that zones have.
  static var guestFile: UInt32 { 1 }

  /// A 32-bit read at a multiple of four; everything unknown reads as zero.
  public func read(_ offset: UInt64, owner: borrowing ZoneBlock, zone: borrowing Zone) -> UInt32 {
    if let value = readShort(offset, owner: owner, zone: zone) { return value }
    switch offset {
    case 0x0004..<0x1000:
      guard owner.owns(line: UInt32(offset / 4)) else { return 0 }
      let mode = bus.load32(base + offset) & 7
      return mode == Self.detached ? 0 : mode
    case 0x3004..<0x4000:
      return target(UInt32((offset - 0x3000) / 4), owner, zone)
    default: return 0
    }
  }

  /// Reads what takes no more than a load and a mask: domaincfg, setip, in_clrip and setie. Nil for all
  /// others. On the short trap path.
  @inline(__always)
  public func readShort(
    _ offset: UInt64, owner: borrowing ZoneBlock, zone: borrowing Zone
  ) -> UInt32? {
    if offset == 0 {
      return Self.domainConfiguration | zone.control.load(ordering: .relaxed)
    }
    // 0x1c00, 0x1d00, 0x1e00, each 32 words.
    guard offset &- 0x1c00 < 0x280, offset & 0x80 == 0 else { return nil }
    return bus.load32(base &+ offset) & owner.lineBits(Int(truncatingIfNeeded: offset &>> 2 & 31))
  }

  /// A 32-bit write at a multiple of four; everything unknown is ignored, genmsi too: it would reach any
  /// hart.
  public func write(
    _ offset: UInt64, _ value: UInt32, owner: borrowing ZoneBlock, zone: borrowing Zone
  ) {
    switch offset {
    case 0: zone.control.store(value & Self.interruptEnable, ordering: .relaxed)
    case 0x0004..<0x1000:
      let line = UInt32(offset / 4)
      guard owner.owns(line: line) else { return }
      // Never D (bit 10), which would give the source to a child domain. Modes 2 and 3 are reserved.
      if value & (1 << 10 | 4) == 4 {
        bus.store32(base + offset, zone.isDoorbell(line) ? Self.risingEdge : value & 7)
      } else {
        deactivate(line)
      }
    case 0x1c00..<0x1c80:
      let word = Int(offset >> 2 & 31)
      let own = value & owner.lineBits(word) & ~zone.doorbells[word]
      if own != 0 { bus.store32(base + offset, own) }
    case 0x1d00..<0x1d80, 0x1e00..<0x1e80, 0x1f00..<0x1f80:
      let own = value & owner.lineBits(Int(offset >> 2 & 31))
      if own != 0 { bus.store32(base + offset, own) }
    case 0x1ddc, 0x1edc, 0x1fdc:
      // clripnum, setienum, clrienum.
      if owner.owns(line: value) { bus.store32(base + offset, value) }
    case 0x1cdc, 0x2000:
      // setipnum, setipnum_le.
      setPending(offset, value, owner, zone)
    case 0x2004: setPending(0x2000, value.byteSwapped, owner, zone)
    case 0x3004..<0x4000:
      setTarget(UInt32((offset - 0x3000) / 4), value, owner, zone)
    default: break
    }
  }

  private func setPending(
    _ offset: UInt64, _ line: UInt32, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone
  ) {
    guard owner.owns(line: line), !zone.isDoorbell(line) else { return }
    bus.store32(base + offset, line)
  }

  /// target: hart index 31:18, guest index 17:12, identity 10:0 (4.5.16).
  private func target(
    _ line: UInt32, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone
  ) -> UInt32 {
    guard owner.owns(line: line) else { return 0 }
    let physical = bus.load32(base + 0x3000 + UInt64(line) * 4)
    for vcpu in 0..<Int(zone.cpuCount) where zone.hartIndexes[vcpu] == physical >> 18 {
      return UInt32(vcpu) << 18 | physical & 0x7ff
    }
    return 0
  }

  private func setTarget(
    _ line: UInt32, _ value: UInt32, _ owner: borrowing ZoneBlock, _ zone: borrowing Zone
  ) {
    let vcpu = value >> 18
    // A target outside the zone is what must not be; the zone has no guest files of its own.
    guard owner.owns(line: line), vcpu < zone.cpuCount, value & 0x3f000 == 0 else { return }
    bus.store32(
      base + 0x3000 + UInt64(line) * 4,
      zone.hartIndexes[Int(vcpu)] << 18 | Self.guestFile << 12 | value & 0x7ff)
  }

  /// Whole domain: on, by MSI, no source enabled or active.
  public func initialise(lineCount: UInt32) {
    bus.store32(base, 0)
    for word in 0..<UInt64(lineCount + 31) / 32 {
      bus.store32(base + 0x1f00 + word * 4, ~0)
      bus.store32(base + 0x1d00 + word * 4, ~0)
    }
    for line in 1..<max(1, UInt64(lineCount)) { bus.store32(base + line * 4, 0) }
    bus.store32(base, Self.domainConfiguration | Self.interruptEnable)
  }

  /// Inactive to its zone: off, detached, idle.
  private func deactivate(_ line: UInt32) {
    bus.store32(base + 0x1fdc, line)
    bus.store32(base + UInt64(line) * 4, Self.detached)
    bus.store32(base + 0x1ddc, line)
  }

  /// One source of a zone as at its start: off, idle, inactive, to the zone's first CPU, no identity.
  public func reset(line: UInt32, zone: borrowing Zone) {
    deactivate(line)
    // Now that it is active: the target of an inactive one ignores writes.
    bus.store32(
      base + 0x3000 + UInt64(line) * 4, zone.hartIndexes[0] << 18 | Self.guestFile << 12)
  }

  /// Makes a doorbell pending.
  public func raise(line: UInt32) { bus.store32(base + 0x1cdc, line) }
  /// Withdraws that, if it was not forwarded yet.
  public func lower(line: UInt32) { bus.store32(base + 0x1ddc, line) }
}
