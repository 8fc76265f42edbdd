#if hasFeature(Embedded)
internal import GuestEntry
internal import GuestSupport

/// The zone's ITS and the LPI registers of its first CPU, where QEMU virt has them (Arm IHI 0069, chapter 5, 12.11, 12.19).
enum Messages {
  static let service: UInt64 = 0x0808_0000
  /// GITS_TRANSLATER, to which devices write.
  static let translater: UInt64 = service + 0x1_0040
  /// The first LPI.
  static let firstNumber: UInt32 = 8192
  /// Pages of the zone's own: queue, configuration, pending table.
  private static let queue = Memory.plain
  private static let properties = Memory.plain + 0x1_0000
  private static let pending = Memory.plain + 0x2_0000
  private static var queueBytes: UInt64 { 0x1000 }

  /// LPIs and ITS on, LPI 8192 enabled at the usual priority.
  static func start() {
    guest_store8(properties, 0xa0 | 1)
    let frame = Interrupts.redistributors
    guest_store64(frame + 0x70, properties | 13)  // GICR_PROPBASER: numbers of 14 bits
    guest_store64(frame + 0x78, pending | 1 << 62)  // GICR_PENDBASER: zero
    guest_store32(frame, 1)  // GICR_CTLR.EnableLPIs
    guest_store32(service, 0)
    guest_store64(service + 0x80, 1 << 63 | queue)  // GITS_CBASER
    guest_store64(service + 0x88, 0)  // GITS_CWRITER
    guest_store32(service, 1)
  }

  /// Event 0 of `device` is LPI 8192 of this CPU.
  static func map(device: UInt64) {
    command(0x09, 0, 1 << 63, 0)  // MAPC: collection 0, CPU 0
    // MAPD: one bit of events
    command(device << 32 | 0x08, 0, 1 << 63 | Memory.plain + 0x3_0000, 0)
    command(device << 32 | 0x0a, UInt64(firstNumber) << 32, 0, 0)  // MAPTI
    command(device << 32 | 0x0c, 0, 0, 0)  // INV
    command(0x05, 0, 0, 0)  // SYNC
  }

  /// Has the ITS execute a command; false if it does not within the time a driver waits.
  @discardableResult
  static func command(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) -> Bool
  {
    let offset = guest_load64(service + 0x88) & 0xfe0
    guest_store64(queue + offset, first)
    guest_store64(queue + offset + 8, second)
    guest_store64(queue + offset + 16, third)
    guest_store64(queue + offset + 24, fourth)
    let next = (offset + 32) % queueBytes
    guest_store64(service + 0x88, next)
    for _ in 0..<1000 where guest_load64(service + 0x90) == next { return true }
    return false
  }

  /// A command and a register write of any content. What it leaves behind, `start` and `map` mend.
  static func disturb(_ random: inout UInt64) {
    var words = InlineArray<4, UInt64>(repeating: 0)
    for index in 0..<4 { words[index] = next(&random) }
    if words[0] & 1 == 0 {
      // Something that is nearly a command.
      words[0] = words[0] & 0x1f_0000_000f
      words[1] &= 0x2007_0000_0007
      words[2] &= 0x8000_0000_0003_0003
      words[3] &= 0x3_0000
    }
    command(words[0], words[1], words[2], words[3])
    let offset = next(&random) & 0x1_fffc
    guest_store32(service + offset, UInt32(truncatingIfNeeded: next(&random)))
    guest_store64(Interrupts.redistributors + (next(&random) & 0xf8), next(&random))
    // Such a queue has nothing to wait for.
    guest_store64(service + 0x88, next(&random))
    _ = guest_load64(service + 0x90)
  }

  /// xorshift64 (Marsaglia 2003).
  private static func next(_ state: inout UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
#endif
