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
          bus.load64(command), bus.load64(command &+ 8), bus.load64(command &+ 16),
          bus.load64(command &+ 24))
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
    _ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64
  ) {
    let code = first & 0xff
    let collection = third & 0xffff
    let hasCollection = collection < cpuCount
    switch code {
    case TranslationCommand.mapc, TranslationCommand.sync, TranslationCommand.movall:
      guard let target = target(third) else { return }
      if code == TranslationCommand.sync {
        issue(code, 0, target)
      } else if code == TranslationCommand.movall {
        if let other = self.target(fourth) { issue(code, 0, target, other) }
      } else if hasCollection, third >> 63 != 0 {
        // Never unmapped: an event of a collection that is not mapped would be an error.
        issue(code, 0, TranslationCommand.valid | target | collection)
      }
    case TranslationCommand.invall:
      guard hasCollection else { return }
      configure(0, 0x1000)
      configure(0x1000, 0x1000)
      issue(code, 0, collection)
    case TranslationCommand.mapd:
      map(first, second, third)
    default:
      event(first, second, third)
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
    let mapped = UInt64(bus.load32(entry))
    let collection = third & 0xffff
    switch code {
    case TranslationCommand.mapti, TranslationCommand.mapi:
      let number = code == TranslationCommand.mapti ? second >> 32 : event
      let index = number &- TranslationMemory.firstLPI
      guard index < TranslationMemory.firstLPI, collection < cpuCount else { return }
      if mapped != 0 { discard(slot, device, event) }
      bus.store32(entry, UInt32(truncatingIfNeeded: number))
      issue(device | TranslationCommand.mapti, number << 32 | event, collection)
      // What a redistributor remembers of this LPI may be of a life before.
      configure(index, 1)
      issue(device | TranslationCommand.inv, event, 0)
    case _ where mapped == 0:
      return
    case TranslationCommand.movi:
      if collection < cpuCount { issue(device | code, event, collection) }
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
