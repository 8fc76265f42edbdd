public import ArchCommon
public import SepKernel
public import Synchronization

/// The PLIC as a zone sees it: RISC-V Platform-Level Interrupt Controller 1.0.0.
///
/// A PLIC interrupts the kernel, which passes the signal on (`PLIC.Port`) and leaves everything else to
/// the zone's own accesses: claim and completion go through to the context of the CPU, enables and
/// priorities are the real ones, cut to the zone's own sources. So one interrupt costs one exit for the
/// signal, one for the claim, one for the completion, and none of them looks at more than one word.
///
/// Sources that the kernel raises are its invention, because nobody can set pending bits of a PLIC: 32
/// behind the last of the hardware. The last of these is not seen as such: it is the second half of
/// the line of the board's UART, which its owner's console and the UART itself raise. Among what is
/// pending, the hardware's go first.
public struct PLIC<Bus: RegisterBus> {
  /// How the real one is reached.
  let bus: Bus
  /// Physical base.
  let base: UInt64

  /// The PLIC whose registers start at physical address `base`.
  @inline(__always)
  public init(bus: Bus, base: UInt64) {
    self.bus = bus
    self.base = base
  }

  /// The virtual sources of a zone, and its contexts.
  public struct Zone: ~Copyable {
    /// vCPUs of the zone, 1 to 16.
    public var cpuCount: UInt32
    /// Supervisor context of each vCPU.
    public var contexts: InlineArray<16, UInt32>
    /// Word of the virtual sources: they are 32 * word to 32 * word + 30.
    public var virtualWord: UInt32
    /// A hardware source that the kernel raises too; 0: none.
    public var sharedLine: UInt32
    /// Raised and not claimed.
    public let pending: Atomic<UInt32>
    /// Claimed and not completed.
    public let claimed: Atomic<UInt32>
    /// With a priority other than zero.
    public let prioritised: Atomic<UInt32>
    /// Enabled, by vCPU.
    public let enabled: InlineArray<16, Atomic<UInt32>>

    /// Nothing enabled, nothing pending.
    public init(
      cpuCount: UInt32, contexts: InlineArray<16, UInt32>, virtualWord: UInt32,
      sharedLine: UInt32 = 0
    ) {
      self.sharedLine = sharedLine
      self.cpuCount = cpuCount
      self.contexts = contexts
      self.virtualWord = virtualWord
      pending = Atomic(0)
      claimed = Atomic(0)
      prioritised = Atomic(0)
      enabled = InlineArray { _ in Atomic(0) }
    }

    /// The bit of a source that the kernel raises; 0 for all others.
    public func virtualBit(_ line: UInt32) -> UInt32 {
      if line >> 5 == virtualWord { return 1 << (line & 31) }
      return line == sharedLine && line != 0 ? Self.sharedBit : 0
    }
    /// The bit of `sharedLine`.
    static var sharedBit: UInt32 { 1 << 31 }

    /// The virtual sources `vcpu` would be given.
    public func ready(_ vcpu: Int) -> UInt32 {
      pending.load(ordering: .sequentiallyConsistent) & prioritised.load(ordering: .relaxed)
        & enabled[vcpu].load(ordering: .relaxed)
        & ~claimed.load(ordering: .sequentiallyConsistent)
    }

    /// Forgets everything about the virtual sources.
    public func reset() {
      pending.store(0, ordering: .sequentiallyConsistent)
      claimed.store(0, ordering: .relaxed)
      prioritised.store(0, ordering: .relaxed)
      for vcpu in 0..<16 { enabled[vcpu].store(0, ordering: .relaxed) }
    }
  }

  /// Where the zone sees its contexts: vCPU n has 2 n + 1, as on machines whose harts have a machine
  /// context and a supervisor context each.
  static var enables: UInt64 { 0x2000 }
  static var contexts: UInt64 { 0x20_0000 }
  /// Bytes of the window.
  public static var size: UInt64 { 0x60_0000 }

  /// The vCPU and offset of an access to a block of `stride` bytes for each context.
  private func context(_ offset: UInt64, stride: UInt64, _ zone: borrowing Zone) -> (Int, UInt64)? {
    let number = offset / stride
    guard number & 1 != 0, number / 2 < UInt64(zone.cpuCount) else { return nil }
    return (Int(number / 2), offset % stride)
  }

  /// A 32-bit read at a multiple of four but for a claim; everything unknown reads as zero.
  public func read(_ offset: UInt64, owner: borrowing ZoneBlock, zone: borrowing Zone) -> UInt32 {
    switch offset {
    case 0x0004..<0x1000:
      let line = UInt32(offset / 4)
      guard owner.owns(line: line) else { return 0 }
      if line >> 5 == zone.virtualWord {
        return zone.prioritised.load(ordering: .relaxed) >> (line & 31) & 1
      }
      return bus.load32(base + offset)
    case 0x1000..<0x1080:
      let word = UInt32(offset >> 2 & 31)
      return word == zone.virtualWord
        ? zone.pending.load(ordering: .relaxed) & ~Zone.sharedBit
        : bus.load32(base + offset) & owner.lineBits(Int(word))
    case Self.enables..<Self.contexts:
      guard let (vcpu, inside) = context(offset - Self.enables, stride: 0x80, zone) else {
        return 0
      }
      let word = UInt32(inside >> 2)
      if word == zone.virtualWord {
        return zone.enabled[vcpu].load(ordering: .relaxed) & ~Zone.sharedBit
      }
      return bus.load32(physicalEnable(zone.contexts[vcpu], word)) & owner.lineBits(Int(word))
    case Self.contexts..<Self.size:
      guard let (vcpu, inside) = context(offset - Self.contexts, stride: 0x1000, zone), inside == 0
      else { return 0 }
      return bus.load32(physicalContext(zone.contexts[vcpu]))
    default: return 0
    }
  }

  /// A 32-bit write at a multiple of four but for a completion; everything unknown is ignored.
  public func write(
    _ offset: UInt64, _ value: UInt32, owner: borrowing ZoneBlock, zone: borrowing Zone
  ) {
    switch offset {
    case 0x0004..<0x1000:
      let line = UInt32(offset / 4)
      guard owner.owns(line: line) else { return }
      if line >> 5 != zone.virtualWord { bus.store32(base + offset, value) }
      prioritise(zone.virtualBit(line), value, zone)
    case Self.enables..<Self.contexts:
      guard let (vcpu, inside) = context(offset - Self.enables, stride: 0x80, zone) else { return }
      let word = UInt32(inside >> 2)
      let own = value & owner.lineBits(Int(word))
      if word == zone.virtualWord {
        let shared = zone.enabled[vcpu].load(ordering: .relaxed) & Zone.sharedBit
        zone.enabled[vcpu].store(own & ~Zone.sharedBit | shared, ordering: .relaxed)
      } else {
        // The context is the zone's alone: no other zone's bit is in the register.
        bus.store32(physicalEnable(zone.contexts[vcpu], word), own)
        if zone.sharedLine != 0, zone.sharedLine >> 5 == word {
          let enables = own >> (zone.sharedLine & 31) & 1 != 0
          let others = zone.enabled[vcpu].load(ordering: .relaxed) & ~Zone.sharedBit
          zone.enabled[vcpu].store(
            enables ? others | Zone.sharedBit : others, ordering: .relaxed)
        }
      }
    case Self.contexts..<Self.size:
      guard let (vcpu, inside) = context(offset - Self.contexts, stride: 0x1000, zone), inside == 0
      else { return }
      bus.store32(physicalContext(zone.contexts[vcpu]), value)
    default: break
    }
  }

  private func prioritise(_ bit: UInt32, _ priority: UInt32, _ zone: borrowing Zone) {
    if priority & 7 != 0 {
      zone.prioritised.bitwiseOr(bit, ordering: .relaxed)
    } else {
      zone.prioritised.bitwiseAnd(~bit, ordering: .relaxed)
    }
  }

  /// Whether `offset` is the claim and completion register of `vcpu`.
  @inline(__always)
  public func isClaim(_ offset: UInt64, vcpu: UInt64) -> Bool {
    offset == Self.contexts &+ (2 &* vcpu &+ 1) &* 0x1000 &+ 4
  }

  /// The source `vcpu` shall serve next, 0 if none.
  @inline(__always)
  public func claim(vcpu: Int, zone: borrowing Zone) -> UInt32 {
    let hardware = bus.load32(physicalContext(zone.contexts[vcpu]) &+ 4)
    return hardware != 0 ? hardware : claimVirtual(vcpu, zone)
  }

  private func claimVirtual(_ vcpu: Int, _ zone: borrowing Zone) -> UInt32 {
    let ready = zone.ready(vcpu)
    guard ready != 0 else { return 0 }
    let bit = ready & (0 &- ready)
    // Claimed before it is no longer pending, so that nobody is given what is raised in between.
    guard zone.claimed.bitwiseOr(bit, ordering: .sequentiallyConsistent).oldValue & bit == 0
    else {
      // Another CPU of the zone was faster.
      return 0
    }
    guard zone.pending.bitwiseAnd(~bit, ordering: .sequentiallyConsistent).oldValue & bit != 0
    else {
      zone.claimed.bitwiseAnd(~bit, ordering: .sequentiallyConsistent)
      return 0
    }
    return bit == Zone.sharedBit && zone.sharedLine != 0
      ? zone.sharedLine : zone.virtualWord << 5 | UInt32(bit.trailingZeroBitCount)
  }

  /// `vcpu` has served `line`. Whether that was raised again meanwhile by the kernel: then it may be the
  /// turn of another CPU of the zone.
  @inline(__always)
  public func complete(
    _ line: UInt32, vcpu: Int, owner: borrowing ZoneBlock, zone: borrowing Zone
  ) -> Bool {
    guard owner.owns(line: line) else { return false }
    let bit = zone.virtualBit(line)
    // The hardware ignores the completion of what it was not asked for.
    if line >> 5 != zone.virtualWord {
      bus.store32(physicalContext(zone.contexts[vcpu]) &+ 4, line)
    }
    guard bit != 0 else { return false }
    zone.claimed.bitwiseAnd(~bit, ordering: .sequentiallyConsistent)
    return zone.pending.load(ordering: .sequentiallyConsistent) & bit != 0
  }

  @inline(__always)
  private func physicalContext(_ context: UInt32) -> UInt64 {
    base &+ Self.contexts &+ UInt64(context) &* 0x1000
  }

  private func physicalEnable(_ context: UInt32, _ word: UInt32) -> UInt64 {
    base + Self.enables + UInt64(context) * 0x80 + UInt64(word) * 4
  }

  /// A context as at the start of its CPU's zone: nothing enabled, and what was claimed completed, or
  /// the source would stay silent. `owner` is the zone's.
  public func reset(context: UInt32, lineCount: UInt32, owner: borrowing ZoneBlock) {
    for word in 0..<(lineCount + 31) / 32 {
      var lines = owner.lineBits(Int(word))
      // Only a source that is enabled can be completed.
      bus.store32(physicalEnable(context, word), lines)
      while lines != 0 {
        bus.store32(
          physicalContext(context) + 4, word << 5 | UInt32(lines.trailingZeroBitCount))
        lines &= lines - 1
      }
      bus.store32(physicalEnable(context, word), 0)
    }
    bus.store32(physicalContext(context), 0)
  }

  /// The priority of a source at the start of its zone.
  public func reset(line: UInt32) { bus.store32(base + UInt64(line) * 4, 0) }
}
