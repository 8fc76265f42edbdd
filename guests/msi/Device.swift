#if hasFeature(Embedded)
internal import GuestEntry

/// QEMU's `edu` device (docs/specs/edu.rst of QEMU): a write to its register 0x60 raises an interrupt, a message if it is set up so.
enum Device {
  /// Configuration space of bus 0, 4 KiB for each function, and the start of the memory window of QEMU virt
  /// (hw/arm/virt.c, VIRT_HIGH_PCIE_ECAM and VIRT_PCIE_MMIO).
  private static let configuration: UInt64 = 0x40_1000_0000
  private static let window: UInt64 = 0x1000_0000
  private static let identity: UInt32 = 0x11e8_1234

  /// Finds the device and gives it its window; returns its number on bus 0, which the ITS knows it by.
  static func find() -> UInt64? {
    for function in 0..<256 as Range<UInt64> {
      let space = configuration + function << 12
      guard guest_load32(space) == identity else { continue }
      guest_store32(space + 0x10, UInt32(window))  // the only BAR
      guest_store32(space + 0x04, 0b110)  // memory, bus master: a message is a write to memory
      return function
    }
    return nil
  }

  /// Has it write 0 to `address` for an interrupt (PCI Local Bus 3.0, 6.8.1); false if it cannot.
  static func sendMessages(_ function: UInt64, to address: UInt64) -> Bool {
    let space = configuration + function << 12
    var offset = UInt64(guest_load32(space + 0x34) & 0xfc)
    while offset != 0 {
      let header = guest_load32(space + offset)
      if header & 0xff == 0x05 {
        let isWide = header & 1 << 23 != 0
        guest_store32(space + offset + 4, UInt32(truncatingIfNeeded: address))
        if isWide { guest_store32(space + offset + 8, UInt32(address >> 32)) }
        guest_store32(space + offset + (isWide ? 12 : 8), 0)
        guest_store32(space + offset, header & 0xffff | 1 << 16)
        return true
      }
      offset = UInt64(header >> 8 & 0xfc)
    }
    return false
  }

  static func raise() { guest_store32(window + 0x60, 1) }
  static func clear() { guest_store32(window + 0x64, 1) }
}
#endif
