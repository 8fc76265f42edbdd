public import ArchCommon
internal import SepKernel

/// How the emulation of an ITS reaches the real one and memory.
public protocol TranslationBus: RegisterBus {
  /// Copies `count` bytes of the owner's RAM from guest-physical address `guest` to the kernel's at `target`; both lie
  /// in a page each. False, and nothing copied, where the owner has no RAM.
  func copy(guest: UInt64, count: UInt64, to target: UInt64) -> Bool
  /// Makes memory of the kernel visible to the interrupt controller, which need not look into caches.
  func clean(_ address: UInt64, _ count: UInt64)
}

/// The ITS of a GICv3 as the one zone that owns it sees it, and the LPI registers of that zone's redistributors: IHI 0069,
/// chapter 5, 12.11 and 12.19. docs/decisions/0017.
///
/// Registers and commands are emulated: the real ITS has all its tables in `TranslationMemory`, and each command of the zone
/// is executed only as far as it stays with the zone's CPUs, device slots and LPIs. So no command that reaches the real ITS can
/// fail. Interrupts themselves are not emulated: an LPI goes to the zone's CPU like any line.
public struct TranslationService<Bus: TranslationBus>: ~Copyable {
  let bus: Bus
  /// The zone's CPUs use it at the same time, nobody else.
  let lock = SpinLock()
  /// Physical base of the ITS.
  public var base: UInt64 = 0
  /// Base of `TranslationMemory`.
  public var memory: UInt64 = 0
  /// CPUs of the owner; as many collections.
  public var cpuCount: UInt64 = 0
  /// What the real ITS calls each redistributor, where commands have it (RDbase, bits 50-16).
  public var targets = InlineArray<16, UInt64>(repeating: 0)
  /// The CPU of each collection of the zone's.
  var collections = InlineArray<16, UInt64>(repeating: 0)
  /// CPUs whose redistributor has its LPIs on, as a bit for each.
  public var present: UInt64 = 0
  /// Device numbers below this have a place in the real table; 0: the real ITS was not looked at yet.
  var deviceLimit: UInt64 = 0
  /// GICR_PROPBASER of the owner, which all its CPUs have the same.
  var properties: UInt64 = 0
  /// Whether the real ITS runs and answers.
  var isReady = false
  /// Where the next command goes in the real queue.
  var next: UInt64 = 0

  /// Commands executed in one access: what is left waits for the next, and a zone that stops waits no longer than this.
  static var budget: Int { 16 }
  /// Bits 51-12 of an address in GITS_CBASER and GICR_PROPBASER.
  static var address: UInt64 { 0xf_ffff_ffff_f000 }
  /// Looks at GITS_CREADR before the ITS is given up.
  static var patience: Int { 1_000_000 }

  /// An ITS that nobody has described yet.
  public init(bus: Bus) { self.bus = bus }

  // MARK: The real ITS

  /// All that a life of the owner left is gone: mappings, pending LPIs, registers. Called by a CPU of its own.
  @inline(never) @_optimize(size)
  public mutating func reset() {
    acquire()
    if deviceLimit == 0 { initialise() }
    var index: UInt64 = 0
    while index < TranslationMemory.slotCount {
      drop(index)
      index &+= 1
    }
    index = 0
    while index < cpuCount {
      collections[Int(index)] = index
      // All are up: a zone that misses one is not started.
      let target = targets[present >> index & 1 != 0 ? Int(index) : 0]
      issue(TranslationCommand.mapc, 0, TranslationCommand.valid | target | index)
      issue(TranslationCommand.sync, 0, target)
      index &+= 1
    }
    properties = 0
    clear(register(0, 0), 17 &* TranslationMemory.frame)
    // GITS_IIDR, and GITS_CTLR: always quiescent, because a command is executed before its write ends.
    bus.store64(register(0, 0x00), UInt64(bus.load32(base &+ 4)) << 32 | 1 << 31)
    // GITS_TYPER: physical LPIs, CPUs by number (PTA 0), as many collections, which need no memory of the zone (HCC).
    let deviceBits = UInt64(63 &- deviceLimit.leadingZeroBitCount)
    bus.store64(
      register(0, 0x08),
      cpuCount << 24 | (deviceBits &- 1) << 13 | (TranslationMemory.eventBits - 1) << 8 | 0xf << 4
        | 1)
    index = 1
    while index <= cpuCount {
      // GICR_TYPER.PLPIS.
      bus.store64(register(index, 0x08), 1)
      index &+= 1
    }
    lock.unlock()
  }

  @inline(never)
  private func acquire() { lock.lock() }

  /// Zeroes memory of the kernel.
  @inline(never) @_optimize(size)
  private func clear(_ start: UInt64, _ size: UInt64) {
    var offset: UInt64 = 0
    while offset < size {
      bus.store64(start &+ offset, 0)
      offset &+= 8
    }
  }

  /// Gives the real ITS its tables and turns it on, once: the memory is zero. Attributes: Normal Non-cacheable, Non-shareable; the kernel cleans
  /// what it writes, so that it is right whatever an implementation makes of them.
  @inline(never) @_optimize(size)
  private mutating func initialise() {
    deviceLimit = 2 << (bus.load64(base &+ 0x08) >> 13 & 0x1f)
    bus.store32(base, 0)
    var tries = Self.patience
    while bus.load32(base) >> 31 == 0 {
      tries &-= 1
      if tries == 0 { return }
    }
    var register = base &+ 0xf8
    while register < base &+ 0x138 {
      register &+= 8
      let type = bus.load64(register) >> 56 & 7
      guard type == 1 || type == 4 else {
        bus.store64(register, 0)
        continue
      }
      let table = memory &+ (type == 1 ? TranslationMemory.devices : TranslationMemory.collections)
      let value = 1 << 63 | 1 << 59 | table
      // Pages of 4 KiB, or what the implementation has instead: 16 or 64.
      bus.store64(register, value)
      let page = bus.load64(register) >> 8 & 3
      let pages: UInt64 = type == 1 ? 0x40 : 0x10
      let entry = bus.load64(register) >> 48 & 0x1f &+ 1
      bus.store64(register, value | page << 8 | (pages >> (2 &* page) &- 1))
      if type == 1 { deviceLimit = min(deviceLimit, TranslationMemory.devicesSize / entry) }
    }
    bus.store64(base &+ 0x80, 1 << 63 | 1 << 59 | memory &+ TranslationMemory.queue)
    bus.store64(base &+ 0x88, 0)
    bus.store32(base, 1)
    isReady = true
  }

  /// Has the real ITS execute a command.
  @inline(never) @_optimize(size)
  mutating func issue(_ first: UInt64, _ second: UInt64, _ third: UInt64) {
    guard isReady else { return }
    let command = memory &+ TranslationMemory.queue &+ next
    bus.store64(command, first)
    bus.store64(command &+ 8, second)
    bus.store64(command &+ 16, third)
    bus.store64(command &+ 24, 0)
    bus.clean(command, 32)
    next = (next &+ 32) & 0xfff
    bus.store64(base &+ 0x88, next)
    var tries = Self.patience
    while bus.load64(base &+ 0x90) != next {
      tries &-= 1
      guard tries > 0 else {
        isReady = false
        return
      }
    }
  }

  /// The CPU of vCPU `vcpu` is up, and the LPIs of its redistributor are on. The ITS calls that by its address, or by its number
  /// (GITS_TYPER.PTA; GICR_TYPER.Processor_Number).
  @inline(never) @_optimize(size)
  public mutating func join(_ vcpu: UInt64, redistributor: UInt64) {
    let byAddress = bus.load64(base &+ 0x08) >> 19 & 1 != 0
    let number = (bus.load64(redistributor &+ 0x08) >> 8 & 0xffff) << 16
    acquire()
    targets[Int(vcpu)] = byAddress ? redistributor : number
    present |= 1 << vcpu
    lock.unlock()
  }

  // MARK: What is mapped

  /// Address of the record of a slot: device in bits 63-32, bits of its events in 31-0; 0: free.
  func record(_ slot: UInt64) -> UInt64 {
    memory &+ TranslationMemory.slots &+ slot &* 8
  }

  /// Address of the LPI of an event; 0 there: not mapped.
  func interrupt(_ slot: UInt64, _ event: UInt64) -> UInt64 {
    memory &+ TranslationMemory.interrupts &+ (slot << TranslationMemory.eventBits &+ event) &* 4
  }

  /// The interrupt translation table of a slot.
  func table(_ slot: UInt64) -> UInt64 {
    memory &+ TranslationMemory.tables &+ slot &* TranslationMemory.tableSize
  }

  /// Slot of a device, or `slotCount`.
  @inline(never) @_optimize(size)
  func slot(of device: UInt64) -> UInt64 {
    var slot: UInt64 = 0
    while slot < TranslationMemory.slotCount {
      let value = bus.load64(record(slot))
      if value != 0, value >> 32 == device { break }
      slot &+= 1
    }
    return slot
  }

  /// A slot with nothing in it, whatever was: no event mapped, none pending.
  @inline(never) @_optimize(size)
  mutating func drop(_ slot: UInt64) {
    let value = bus.load64(record(slot))
    guard value != 0 else { return }
    let device = value & ~0xffff_ffff
    var event: UInt64 = 0
    while event >> (value & 0xff) == 0 {
      if bus.load32(interrupt(slot, event)) != 0 { discard(slot, device, event) }
      event &+= 1
    }
    issue(device | TranslationCommand.mapd, 0, 0)
    issue(TranslationCommand.sync, 0, targets[0])
    bus.store64(record(slot), 0)
    clear(table(slot), TranslationMemory.tableSize)
    bus.clean(table(slot), TranslationMemory.tableSize)
  }

  /// Unmaps an event; its LPI is not pending then.
  mutating func discard(_ slot: UInt64, _ device: UInt64, _ event: UInt64) {
    issue(device | TranslationCommand.discard, event, 0)
    bus.store32(interrupt(slot, event), 0)
  }

  /// Takes over the configuration of `count` LPIs from the zone's table, a page of it at most.
  @inline(never) @_optimize(size)
  func configure(_ first: UInt64, _ count: UInt64) {
    let target = memory &+ TranslationMemory.properties &+ first
    if bus.copy(guest: properties & Self.address &+ first, count: count, to: target) {
      bus.clean(target, count)
    }
  }

  // MARK: Registers

  /// Where the value of a register is kept: of the ITS, `frame` 0, or of the redistributor of vCPU `frame` - 1.
  func register(_ frame: UInt64, _ offset: UInt64) -> UInt64 {
    memory &+ TranslationMemory.registers &+ frame &* TranslationMemory.frame &+ offset
  }

  /// An access of `1 << sizeLog2` bytes to the ITS, `frame` 0, or to the RD frame of vCPU `frame` - 1; gives the value of a read,
  /// of an RD frame what the LPIs add to `Redistributor.read`. Other sizes and unaligned accesses read as zero and ignore
  /// writes, as does the second frame of the ITS, to which only devices write (GITS_TRANSLATER).
  @inline(never) @_optimize(size)
  public mutating func access(
    _ frame: UInt64, _ offset: UInt64, sizeLog2: UInt32, write: UInt64?
  ) -> UInt64 {
    // GITS_PIDR2: architecture revision GICv3.
    if offset == 0xffe8, frame == 0 { return 0x3b }
    guard sizeLog2 >= 2, offset & (1 << UInt64(sizeLog2) &- 1) == 0, offset < 0x98,
      frame <= cpuCount
    else { return 0 }
    let cell = register(frame, offset & ~7)
    let shift = offset & 4 &* 8
    let mask: UInt64 = sizeLog2 == 3 ? ~0 : 0xffff_ffff << shift
    // The ITS has commands to execute when they are announced and when somebody waits for them.
    let kind = frame == 0 ? offset & ~7 : 0x100 | offset & ~7
    acquire()
    defer { lock.unlock() }
    let old = bus.load64(cell)
    guard let write else {
      if kind == 0x90 { run() }
      return (bus.load64(cell) & mask) >> shift
    }
    let value = old & ~mask | write << shift & mask
    switch kind {
    case 0x00, 0x100:
      // GITS_CTLR.Enabled, GICR_CTLR.EnableLPIs.
      bus.store64(cell, old & ~1 | value & 1)
    case 0x80 where bus.load64(register(0, 0)) & 1 == 0:
      bus.store64(cell, value)
      bus.store64(register(0, 0x90), 0)
    case 0x88:
      bus.store64(cell, value & 0xf_ffe0)
      run()
    case 0x170, 0x178:
      // GICR_PROPBASER; GICR_PENDBASER, whose PTZ (bit 62) reads as zero.
      bus.store64(cell, kind == 0x178 ? value & ~(1 << 62) : value)
      if kind == 0x170 { properties = value }
    default:
      break
    }
    return 0
  }
}
