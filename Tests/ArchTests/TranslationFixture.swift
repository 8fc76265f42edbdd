@testable import ArchAArch64

/// A zone with an ITS of its own.
struct TranslationFixture: ~Copyable {
  let its: TranslationModel
  var service: TranslationService<TranslationModel>
  private var written: UInt64 = 0

  /// Where the zone has its queue, of one page, and its configuration of LPIs.
  static let queue: UInt64 = 0x1000
  static let properties: UInt64 = 0x4000

  /// `up`: how many of its CPUs are; the others have no redistributor yet.
  init(cpus: UInt64 = 2, up: UInt64? = nil, its: TranslationModel? = nil) {
    self.its = its ?? TranslationModel(cpus: cpus)
    service = TranslationService(bus: self.its)
    service.base = TranslationModel.base
    service.memory = TranslationModel.memory
    service.cpuCount = cpus
    for vcpu in 0..<(up ?? cpus) {
      let redistributor = TranslationModel.redistributors + vcpu * 0x2_0000
      self.its.targets.insert(self.its.namesByAddress ? redistributor : (vcpu + 3) << 16)
      service.join(vcpu, redistributor: redistributor)
    }
    service.reset()
  }

  mutating func read(_ offset: UInt64, _ sizeLog2: UInt32 = 3, frame: UInt64 = 0) -> UInt64 {
    service.access(frame, offset, sizeLog2: sizeLog2, write: nil)
  }

  mutating func write(_ offset: UInt64, _ value: UInt64, _ sizeLog2: UInt32 = 3, frame: UInt64 = 0)
  {
    _ = service.access(frame, offset, sizeLog2: sizeLog2, write: value)
  }

  /// As a driver starts it.
  mutating func start() {
    write(0x70, TranslationModel.guest + Self.properties | 13, frame: 1)
    write(0x80, 1 << 63 | TranslationModel.guest + Self.queue)
    write(0x88, 0)
    write(0x00, 1, 2)
    written = 0
  }

  /// Puts a command into the zone's queue, unannounced.
  mutating func put(_ words: UInt64...) {
    for (index, word) in (words + [0, 0, 0]).prefix(4).enumerated() {
      for byte in 0..<8 {
        its.zone[Int(Self.queue + written) + index * 8 + byte] = UInt8(word >> (8 * byte) & 0xff)
      }
    }
    written = (written + 32) & 0xfff
  }

  /// Announces what was put.
  mutating func announce() { write(0x88, written) }

  mutating func mapDevice(_ device: UInt64, bits: UInt64) {
    put(device << 32 | 0x08, bits - 1, 1 << 63 | 0xdead_be00)
  }

  mutating func mapEvent(_ device: UInt64, _ event: UInt64, _ number: UInt64, _ collection: UInt64)
  {
    put(device << 32 | 0x0a, number << 32 | event, collection)
  }
}
