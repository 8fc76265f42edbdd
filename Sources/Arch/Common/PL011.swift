#if hasFeature(Embedded)
internal import ArchShims

/// The board's PL011, as the kernel drives it: DDI 0183. Polled; its line belongs to the zone that
/// serves the console.
public struct PL011 {
  /// 0: there is none, and nothing is sent or received.
  public let base: UInt64

  /// The UART whose registers start at `base`.
  public init(base: UInt64) { self.base = base }

  /// FIFOs on, 8 bits, receive interrupts as asked; the baud rate is the boot loader's.
  public func initialise(receiveInterrupts: Bool) {
    guard base != 0 else { return }
    shim_store32(base + 0x38, receiveInterrupts ? 0x50 : 0)
    shim_store32(base + 0x44, 0x7ff)
    shim_store32(base + 0x2c, 0x70)
    shim_store32(base + 0x30, 0x301)
  }

  /// UARTFR.TXFF is clear.
  @inline(__always)
  public var canTransmit: Bool { base != 0 && shim_load32(base + 0x18) & 0x20 == 0 }

  /// Writes UARTDR; only when `canTransmit`.
  @inline(__always)
  public func transmit(_ byte: UInt8) { shim_store32(base, UInt32(byte)) }

  /// The next received byte, or nil.
  public func receive() -> UInt8? {
    guard base != 0, shim_load32(base + 0x18) & 0x10 == 0 else { return nil }
    return UInt8(truncatingIfNeeded: shim_load32(base))
  }

  /// UARTIMSC.TXIM: asks for the zone that serves the console when there is room.
  public func setTransmitInterrupt(_ enabled: Bool) {
    guard base != 0 else { return }
    let mask = shim_load32(base + 0x38)
    let wanted = enabled ? mask | 0x20 : mask & ~0x20
    if wanted != mask { shim_store32(base + 0x38, wanted) }
  }
}
#endif
