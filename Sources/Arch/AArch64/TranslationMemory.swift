/// Where the tables of an ITS and of its LPIs are: memory of the kernel, because the ITS and the redistributors read and
/// write it by physical address, past stage 2. Offsets from a multiple of 64 KiB; IHI 0069, chapter 5 and 12.19.
public enum TranslationMemory {
  /// Alignment of the whole, and of a pending table (`GICR_PENDBASER`).
  public static let granule: UInt64 = 0x1_0000

  /// Table of devices, four granules whatever the size of an entry: PCI devices of boards with several bridges have numbers
  /// beyond 0x2000.
  static var devices: UInt64 { 0 }
  static var devicesSize: UInt64 { 0x4_0000 }
  /// Table of collections, a granule.
  static var collections: UInt64 { 0x4_0000 }
  /// Interrupt translation tables: one for each device slot.
  static var tables: UInt64 { 0x5_0000 }
  /// Command queue, 4 KiB.
  static var queue: UInt64 { 0x6_0000 }
  /// Configuration of the LPIs, a byte for each.
  static var properties: UInt64 { 0x6_1000 }
  /// For the kernel alone: of each event the LPI, bits 15-0, and the zone's collection, 31-16; 0: not mapped.
  static var interrupts: UInt64 { 0x6_3000 }
  /// For the kernel alone: the device in each slot, 64 bits for each.
  static var slots: UInt64 { 0x6_7000 }
  /// For the kernel alone: the command that is being executed.
  static var command: UInt64 { 0x6_8000 }
  /// For the kernel alone: what the owner reads in its registers, as a frame for the ITS and one for each redistributor.
  static var registers: UInt64 { 0x6_9000 }
  /// Bytes of such a frame.
  static var frame: UInt64 { 0x100 }
  /// Pending tables, `granule` bytes for each CPU, of which 2 KiB are used.
  static var pending: UInt64 { 0x7_0000 }

  /// Devices that can have interrupts at the same time.
  static var slotCount: UInt64 { 32 }
  /// Bits of an event number: 128 events for each device.
  static var eventBits: UInt64 { 7 }
  /// Bytes of a translation table: entries have at most 16 bytes (`GITS_TYPER.ITT_entry_size`).
  static var tableSize: UInt64 { 16 << eventBits }
  /// INTID of the first LPI.
  static var firstLPI: UInt64 { 8192 }
  /// Bits of an INTID, less 1, as registers have it. There are as many LPIs as numbers below them.
  static var numberBits: UInt64 { 13 }

  /// Bytes for an owner of `cpus` CPUs.
  public static func size(cpus: UInt64) -> UInt64 { pending + cpus * granule }
}

/// Commands of an ITS, bits 7-0 of the first double word (IHI 0069, 5.3).
enum TranslationCommand {
  static var movi: UInt64 { 0x01 }
  static var int: UInt64 { 0x03 }
  static var clear: UInt64 { 0x04 }
  static var sync: UInt64 { 0x05 }
  static var mapd: UInt64 { 0x08 }
  static var mapc: UInt64 { 0x09 }
  static var mapti: UInt64 { 0x0a }
  static var mapi: UInt64 { 0x0b }
  static var inv: UInt64 { 0x0c }
  static var invall: UInt64 { 0x0d }
  static var discard: UInt64 { 0x0f }
  /// V of MAPC and MAPD, in the third double word.
  static var valid: UInt64 { 1 << 63 }
}
