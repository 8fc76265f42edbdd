@testable import ArchCommon

/// A supervisor domain of an APLIC with delivery by MSI, as far as zones can tell: RISC-V Advanced
/// Interrupt Architecture 1.0, 4.5 and 4.7, with the least that hardware may do. The target of a source
/// that becomes active is `unspecified`.
final class APLICModel: RegisterBus {
  static let base: UInt64 = 0x0d00_0000
  var modes = [UInt32](repeating: 0, count: 1024)
  var targets = [UInt32](repeating: 0, count: 1024)
  var enabled = Set<Int>()
  var pending = Set<Int>()
  var domain: UInt32 = 0
  let unspecified: UInt32
  /// Stores to anything but what is modelled.
  var strange: [UInt64] = []
  /// Where MSIs went: target registers.
  var sent: [(source: Int, target: UInt32)] = []

  init(unspecified: UInt32) { self.unspecified = unspecified }

  func load8(_ address: UInt64) -> UInt8 { 0 }
  func load64(_ address: UInt64) -> UInt64 { 0 }
  func store8(_ address: UInt64, _ value: UInt8) { strange.append(address - Self.base) }
  func store64(_ address: UInt64, _ value: UInt64) { strange.append(address - Self.base) }

  private func bits(_ set: Set<Int>, _ word: Int) -> UInt32 {
    (0..<32).reduce(0) { $0 | (set.contains(word * 32 + $1) ? 1 << UInt32($1) : 0) }
  }

  func load32(_ address: UInt64) -> UInt32 {
    let offset = Int(address - Self.base)
    switch offset {
    case 0: return domain
    case 4..<0x1000: return modes[offset / 4]
    case 0x1c00..<0x1c80: return bits(pending, (offset - 0x1c00) / 4)
    case 0x1e00..<0x1e80: return bits(enabled, (offset - 0x1e00) / 4)
    case 0x3004..<0x4000: return targets[(offset - 0x3000) / 4]
    default: return 0
    }
  }

  func store32(_ address: UInt64, _ value: UInt32) {
    let offset = Int(address - Self.base)
    switch offset {
    case 0: domain = value
    case 4..<0x1000: configure(offset / 4, value)
    case 0x1c00..<0x1c80: each(value, offset) { pending.insert($0) }
    case 0x1d00..<0x1d80: each(value, offset) { pending.remove($0) }
    case 0x1e00..<0x1e80: each(value, offset) { enabled.insert($0) }
    case 0x1f00..<0x1f80: each(value, offset) { enabled.remove($0) }
    case 0x1cdc, 0x2000: one(value) { pending.insert($0) }
    case 0x1ddc: one(value) { pending.remove($0) }
    case 0x1edc: one(value) { enabled.insert($0) }
    case 0x1fdc: one(value) { enabled.remove($0) }
    case 0x3004..<0x4000:
      let source = (offset - 0x3000) / 4
      if modes[source] != 0 { targets[source] = value & 0xffff_f7ff }
    default: strange.append(UInt64(offset))
    }
    forward()
  }

  private func each(_ value: UInt32, _ offset: Int, _ body: (Int) -> Void) {
    let word = (offset & 0x7f) / 4
    for bit in 0..<32 where value >> UInt32(bit) & 1 != 0 { one(UInt32(word * 32 + bit), body) }
  }

  /// For an active source.
  private func one(_ value: UInt32, _ body: (Int) -> Void) {
    if (1..<1024).contains(value), modes[Int(value)] != 0 { body(Int(value)) }
  }

  private func configure(_ source: Int, _ value: UInt32) {
    if value & 0x400 != 0 { strange.append(UInt64(source * 4)) }
    let mode = value & 0x400 != 0 ? 0 : value & 7
    if mode == 0 {
      pending.remove(source)
      enabled.remove(source)
      targets[source] = 0
    } else if modes[source] == 0 {
      targets[source] = unspecified
    }
    modes[source] = mode
  }

  private func forward() {
    guard domain & 0x100 != 0 else { return }
    for source in pending.intersection(enabled).sorted() {
      pending.remove(source)
      sent.append((source, targets[source]))
    }
  }
}
