@testable import ArchAArch64

/// An ITS, its memory and a zone's: what reaches the ITS is executed and held to what the kernel promises, that no command
/// fails and none touches what is not the owner's.
final class TranslationModel: TranslationBus, SizedBus {
  static let base: UInt64 = 0x0808_0000
  static let redistributors: UInt64 = 0x080a_0000
  static let memory: UInt64 = 0x5000_0000
  static let guest: UInt64 = 0x4000_0000
  static let guestSize: UInt64 = 0x10_0000

  struct Mapping: Equatable {
    var number: UInt64
    var collection: UInt64
  }
  struct Device {
    var bits: UInt64
    var table: UInt64
    var events: [UInt64: Mapping] = [:]
  }

  /// The kernel's memory as the kernel sees it, through caches, and as the ITS does, past them.
  private var kernel: [UInt8]
  private var device: [UInt8]
  var zone = [UInt8](repeating: 0, count: Int(guestSize))
  private var registers: [UInt64: UInt64] = [:]
  /// Bytes of an entry of the device table, log2 of its pages less 12, halved, and bits of a device number.
  let entrySize: UInt64
  let page: UInt64
  let deviceBits: UInt64
  /// GITS_TYPER.PTA.
  var namesByAddress = false
  /// Whether it answers.
  var isDead = false

  var devices: [UInt64: Device] = [:]
  var collections: [UInt64: UInt64] = [:]
  /// LPIs that are pending, by the redistributor that has them.
  var pending: [UInt64: Set<UInt64>] = [:]
  /// Whether nothing is pending anywhere.
  var isIdle: Bool { pending.values.allSatisfy { $0.isEmpty } }
  /// Looks at GITS_CREADR.
  var looks = 0
  /// Reads of GITS_CTLR until it is quiescent.
  var busy = 3
  /// What the redistributors have read of the configuration, by LPI.
  var configuration: [UInt64: UInt8] = [:]
  var commands: [[UInt64]] = []
  var broken: [String] = []
  /// What a command may name as a target.
  var targets: Set<UInt64> = []

  init(cpus: UInt64, entrySize: UInt64 = 8, page: UInt64 = 0, deviceBits: UInt64 = 16) {
    kernel = Array(repeating: 0, count: Int(TranslationMemory.size(cpus: cpus)))
    device = kernel
    self.entrySize = entrySize
    self.page = page
    self.deviceBits = deviceBits
    registers[0x100] = 1 << 56 | (entrySize - 1) << 48
    registers[0x108] = 4 << 56 | 7 << 48
    registers[0x110] = 2 << 56
  }

  /// Bytes of the kernel's memory.
  func peek(_ offset: UInt64, _ size: UInt64 = 8) -> UInt64 {
    (0..<size).reduce(0) { $0 | UInt64(kernel[Int(offset + $1)]) << (8 * $1) }
  }

  /// The same as the ITS sees them.
  private func fetch(_ offset: UInt64, _ size: UInt64 = 8) -> UInt64 {
    (0..<size).reduce(0) { $0 | UInt64(device[Int(offset + $1)]) << (8 * $1) }
  }

  private func poke(_ offset: UInt64, _ value: UInt64, _ size: UInt64) {
    for byte in 0..<size { kernel[Int(offset + byte)] = UInt8(value >> (8 * byte) & 0xff) }
  }

  private func isRegister(_ address: UInt64) -> Bool {
    address >= Self.base && address < Self.base + 0x1_0000
  }

  func load(_ address: UInt64, _ size: UInt64) -> UInt64 {
    if address >= Self.redistributors, address < Self.redistributors + 0x20_0000 {
      // GICR_TYPER, with numbers that are not the vCPUs'.
      require((address & 0x1_ffff) == 8, "a register of a redistributor")
      return ((address - Self.redistributors) / 0x2_0000 + 3) << 8
    }
    guard isRegister(address) else { return peek(address - Self.memory, size) }
    switch address - Self.base {
    case 0x00:
      busy -= 1
      return registers[0, default: 0] | (busy < 0 ? 1 << 31 : 0)
    case 0x04: return 0x43b
    case 0x08:
      return (namesByAddress ? 1 << 19 : 0) | (deviceBits - 1) << 13 | 0xf << 8 | 7 << 4 | 1
    case 0x90:
      looks += 1
      return isDead ? 1 : registers[0x90, default: 0]
    case let offset: return registers[offset, default: 0]
    }
  }

  func store(_ address: UInt64, _ size: UInt64, _ value: UInt64) {
    guard isRegister(address) else {
      poke(address - Self.memory, value, size)
      return
    }
    let offset = address - Self.base
    switch offset {
    case 0x80, 0x100...0x138:
      require(registers[0, default: 0] & 1 == 0 && busy < 0, "tables of an ITS that is quiet")
      // InnerCache: Normal Non-cacheable; no shareability; not indirect.
      require(value >> 63 == 0 || value >> 59 & 7 == 1, "attributes")
      require(value & 0xc00 == 0 && value >> 62 & 1 == 0, "attributes")
      guard offset != 0x80 else {
        registers[0x80] = value
        return
      }
      // Type and size of an entry are fixed, and so are the pages.
      let fixed = registers[offset, default: 0] & 0x071f_0000_0000_0000
      registers[offset] = value & ~0x071f_0000_0000_0300 | fixed | page << 8
    case 0x88:
      registers[0x88] = value
      execute()
    default:
      registers[offset] = value
    }
  }

  func clean(_ address: UInt64, _ count: UInt64) {
    require(
      address >= Self.memory && address + count <= Self.memory + UInt64(kernel.count), "cleaned")
    let range = Int(address - Self.memory)..<Int(address - Self.memory + count)
    device.replaceSubrange(range, with: kernel[range])
  }

  func copy(guest: UInt64, count: UInt64, to target: UInt64) -> Bool {
    require(
      target >= Self.memory && target + count <= Self.memory + UInt64(kernel.count), "copied to")
    let offset = guest &- Self.guest
    guard offset < Self.guestSize, count <= Self.guestSize - offset else { return false }
    for byte in 0..<count {
      kernel[Int(target - Self.memory + byte)] = zone[Int(offset + byte)]
    }
    return true
  }

  // MARK: The ITS

  private func require(_ holds: Bool, _ what: String) {
    if !holds { broken.append("\(what): \(commands.last ?? [])") }
  }

  private func execute() {
    guard !isDead else { return }
    var read = registers[0x90, default: 0]
    let end = registers[0x88, default: 0]
    while read != end {
      require(registers[0, default: 0] & 1 == 1, "enabled")
      let start = TranslationMemory.queue + read
      execute((0..<4).map { fetch(start + $0 * 8) })
      read = (read + 32) & 0xfff
    }
    registers[0x90] = read
  }

  private func execute(_ command: [UInt64]) {
    commands.append(command)
    let code = command[0] & 0xff
    let device = command[0] >> 32
    let event = command[1] & 0xffff_ffff
    let collection = command[2] & 0xffff
    let target = command[2] & 0x7_ffff_ffff_0000
    switch code {
    case 0x08:
      let table = command[2] & 0xf_ffff_ffff_ff00
      require(device < min(0x4_0000 / entrySize, 1 << deviceBits), "a device of the table")
      guard command[2] >> 63 == 1 else {
        require(devices[device]?.events.isEmpty == true, "an empty device is unmapped")
        devices[device] = nil
        return
      }
      let bits = command[1] & 0x1f + 1
      let arena = Self.memory + TranslationMemory.tables
      require(table >= arena && table + (16 << bits) <= arena + 0x1_0000, "a table of the kernel")
      require(devices[device] == nil, "a device is mapped once")
      let size: UInt64 = 16 << 7
      require(
        !devices.values.contains { $0.table < table + size && table < $0.table + size }, "alone")
      let offset = table - Self.memory
      require((0..<size / 8).allSatisfy { fetch(offset + $0 * 8) == 0 }, "an empty table")
      devices[device] = Device(bits: bits, table: table)
      // As an ITS would.
      for byte in 0..<8 { self.device[Int(offset) + byte] = 0xff }
    case 0x09:
      require(targets.contains(target) && command[2] >> 63 == 1, "a target")
      require(collections[collection] ?? target == target, "a collection is mapped once")
      collections[collection] = target
    case 0x0a:
      guard let known = devices[device] else { return require(false, "a device") }
      require(event < 1 << known.bits && known.events[event] == nil, "a free event")
      require(collections[collection] != nil, "a collection")
      let number = command[1] >> 32
      require((8192..<16384).contains(number), "an LPI")
      devices[device]?.events[event] = Mapping(number: number, collection: collection)
    case 0x01, 0x03, 0x04, 0x0c, 0x0f:
      guard let mapping = devices[device]?.events[event] else { return require(false, "an event") }
      let owner = collections[mapping.collection] ?? 0
      switch code {
      case 0x01:
        require(collections[collection] != nil, "a collection")
        devices[device]?.events[event]?.collection = collection
        if pending[owner]?.remove(mapping.number) != nil {
          pending[collections[collection] ?? 0, default: []].insert(mapping.number)
        }
      case 0x03: pending[owner, default: []].insert(mapping.number)
      case 0x04: pending[owner]?.remove(mapping.number)
      case 0x0c: reread(mapping.number)
      default:
        pending[owner]?.remove(mapping.number)
        devices[device]?.events[event] = nil
      }
    case 0x0d:
      require(collections[collection] != nil, "a collection")
      for mapping in devices.values.flatMap(\.events.values) where mapping.collection == collection
      {
        reread(mapping.number)
      }
    case 0x05:
      require(targets.contains(target), "a target")
    default:
      require(false, "a command")
    }
  }

  private func reread(_ number: UInt64) {
    configuration[number] = UInt8(fetch(TranslationMemory.properties + number - 8192, 1))
  }
}
