#if hasFeature(Embedded)
internal import ArchShims

/// The board's 16550, as the kernel drives it: PC16550D data sheet, section 8. Polled; its line belongs
/// to the zone that serves the console.
public struct NS16550 {
  /// 0: there is none, and nothing is sent or received.
  public let base: UInt64
  /// Distance of two registers, as a power of two.
  let shift: UInt64
  /// Whether registers are accessed as words.
  let isWide: Bool

  /// The UART whose registers start at `base`, `1 << shift` bytes apart, each `width` bytes wide.
  public init(base: UInt64, shift: UInt8 = 0, width: UInt8 = 1) {
    self.base = base
    self.shift = UInt64(shift)
    isWide = width == 4
  }

  private func load(_ register: UInt64) -> UInt8 {
    let address = base + register << shift
    return isWide ? UInt8(truncatingIfNeeded: shim_load32(address)) : shim_load8(address)
  }

  private func store(_ register: UInt64, _ value: UInt8) {
    let address = base + register << shift
    if isWide { shim_store32(address, UInt32(value)) } else { shim_store8(address, value) }
  }

  /// FIFOs on, 8 bits, receive interrupts as asked; the baud rate is the boot loader's.
  public func initialise(receiveInterrupts: Bool) {
    guard base != 0 else { return }
    store(1, receiveInterrupts ? 1 : 0)
    store(2, 1)
    store(3, 3)
    // OUT2, which gates the line on PC-like boards.
    store(4, 0x0b)
  }

  /// LSR.THRE.
  public var canTransmit: Bool { base != 0 && load(5) & 0x20 != 0 }

  /// Writes THR; only when `canTransmit`.
  public func transmit(_ byte: UInt8) { store(0, byte) }

  /// The next received byte, or nil.
  public func receive() -> UInt8? {
    guard base != 0, load(5) & 1 != 0 else { return nil }
    return load(0)
  }

  /// IER.ETBEI: asks for the zone that serves the console when there is room.
  public func setTransmitInterrupt(_ enabled: Bool) {
    guard base != 0 else { return }
    let old = load(1)
    let wanted = enabled ? old | 2 : old & ~2
    if wanted != old { store(1, wanted) }
  }
}
#endif
