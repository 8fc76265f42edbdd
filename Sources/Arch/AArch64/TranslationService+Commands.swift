internal import ArchCommon

// What the zone's queue holds, executed as far as it stays with the zone.

extension TranslationService {
  /// Executes what is in the zone's queue, as far as the budget goes.
  @inline(never) @_optimize(size)
  mutating func run() {
    let queue = bus.load64(register(0, 0x80))
    let size = (queue & 0xff &+ 1) << 12
    let end = bus.load64(register(0, 0x88))
    var position = bus.load64(register(0, 0x90))
    guard bus.load64(register(0, 0x00)) & 1 != 0, queue >> 63 != 0, end < size else { return }
    var budget = Self.budget
    while position != end, budget > 0 {
      budget &-= 1
      let command = memory &+ TranslationMemory.command
      if bus.copy(guest: queue & Self.address &+ position, count: 32, to: command) {
        execute(
          bus.load64(command), bus.load64(command &+ 8), bus.load64(command &+ 16))
      }
      position &+= 32
      if position == size { position = 0 }
    }
    bus.store64(register(0, 0x90), position)
  }

  /// The target of a vCPU that a command names by its number; nil if it is not there.
  private func target(_ word: UInt64) -> UInt64? {
    let vcpu = word >> 16 & 0x7_ffff_ffff
    return vcpu < cpuCount && present >> vcpu & 1 != 0 ? targets[Int(vcpu)] : nil
  }

  /// Executes one command; one that the zone may not give, or that means nothing, is skipped.
  @inline(never) @_optimize(size)
  private mutating func execute(
    _ first: UInt64, _ second: UInt64, _ third: UInt64
  ) {
    let code = first & 0xff
    let collection = third & 0xffff
    let hasCollection = collection < cpuCount
    switch code {
    case TranslationCommand.sync:
      if let target = target(third) { issue(code, 0, target) }
    case TranslationCommand.mapc:
      let vcpu = third >> 16 & 0x7_ffff_ffff
      // Never unmapped: an event would have nowhere to go.
      if hasCollection, vcpu < cpuCount, third >> 63 != 0 { move(collection, to: vcpu) }
    case TranslationCommand.invall:
      guard hasCollection else { return }
      configure(0, 0x1000)
      configure(0x1000, 0x1000)
      issue(code, 0, owner(of: collection))
    case TranslationCommand.mapd:
      map(first, second, third)
    default:
      event(first, second, third)
    }
  }

  /// The CPU that has a collection of the zone's, which is the real collection of its events, too.
  private func owner(of collection: UInt64) -> UInt64 { collections[Int(collection)] }

  /// MAPC. Of the real collections, number n is CPU n's and stays it; the events of the zone's are moved, and with them what
  /// is pending, so that this is where the event is discarded. (So there is nothing to do for MOVALL.)
  @inline(never) @_optimize(size)
  private mutating func move(_ collection: UInt64, to vcpu: UInt64) {
    guard owner(of: collection) != vcpu else { return }
    collections[Int(collection)] = vcpu
    var slot: UInt64 = 0
    while slot < TranslationMemory.slotCount {
      let device = bus.load64(record(slot)) & ~0xffff_ffff
      var event: UInt64 = 0
      while event >> TranslationMemory.eventBits == 0 {
        let mapped = bus.load32(interrupt(slot, event))
        if mapped != 0, UInt64(mapped >> 16) == collection {
          issue(device | TranslationCommand.movi, event, vcpu)
        }
        event &+= 1
      }
      slot &+= 1
    }
  }

  /// MAPD.
  @inline(never) @_optimize(size)
  private mutating func map(_ first: UInt64, _ second: UInt64, _ third: UInt64) {
    let device = first >> 32
    var slot = slot(of: device)
    if slot < TranslationMemory.slotCount { drop(slot) }
    let bits = second & 0x1f &+ 1
    guard third >> 63 != 0, bits <= TranslationMemory.eventBits, device < deviceLimit else {
      return
    }
    slot = 0
    while slot < TranslationMemory.slotCount, bus.load64(record(slot)) != 0 { slot &+= 1 }
    guard slot < TranslationMemory.slotCount else { return }
    bus.store64(record(slot), device << 32 | bits)
    issue(
      device << 32 | TranslationCommand.mapd, bits &- 1,
      TranslationCommand.valid | table(slot))
  }

  /// Commands about an event of a device.
  @inline(never) @_optimize(size)
  private mutating func event(_ first: UInt64, _ second: UInt64, _ third: UInt64) {
    let code = first & 0xff
    let device = first & ~0xffff_ffff
    let slot = slot(of: device >> 32)
    guard slot < TranslationMemory.slotCount else { return }
    let event = second & 0xffff_ffff
    guard event >> (bus.load64(record(slot)) & 0xff) == 0 else { return }
    let entry = interrupt(slot, event)
    let mapped = UInt64(bus.load32(entry)) & 0xffff
    let collection = third & 0xffff
    switch code {
    case TranslationCommand.mapti, TranslationCommand.mapi:
      let number = code == TranslationCommand.mapti ? second >> 32 : event
      let index = number &- TranslationMemory.firstLPI
      guard index < TranslationMemory.firstLPI, collection < cpuCount else { return }
      if mapped != 0 { discard(slot, device, event) }
      bus.store32(entry, UInt32(truncatingIfNeeded: collection << 16 | number))
      issue(device | TranslationCommand.mapti, number << 32 | event, owner(of: collection))
      // What a redistributor remembers of this LPI may be of a life before.
      configure(index, 1)
      issue(device | TranslationCommand.inv, event, 0)
    case _ where mapped == 0:
      return
    case TranslationCommand.movi:
      guard collection < cpuCount else { return }
      bus.store32(entry, UInt32(truncatingIfNeeded: collection << 16 | mapped))
      issue(device | code, event, owner(of: collection))
    case TranslationCommand.discard:
      discard(slot, device, event)
    case TranslationCommand.inv:
      configure(mapped &- TranslationMemory.firstLPI, 1)
      issue(device | code, event, 0)
    case TranslationCommand.int, TranslationCommand.clear:
      issue(device | code, event, 0)
    default:
      return
    }
  }
}
