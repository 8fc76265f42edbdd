@testable import ArchCommon

/// The part of a Cadence UART that raises interrupts: events are latched when they happen and stay until they are
/// cleared (UG1085, "UART Controller"), whatever the FIFOs hold by then.
final class CadenceModel: RegisterBus {
  static let transmitFIFO = 64
  private var mask: UInt32 = 0
  private var status: UInt32 = 0
  private var trigger: UInt32 = 32
  /// What the FIFOs hold.
  private(set) var output: [UInt8] = []
  private var input: [UInt8] = []
  /// Called before each access: what happens on the wire meanwhile.
  var meanwhile: (CadenceModel) -> Void = { _ in }

  var isInterrupting: Bool { status & mask != 0 }

  /// A byte leaves the transmit FIFO for the wire.
  func shiftOut() {
    guard !output.isEmpty else { return }
    output.removeFirst()
    if output.isEmpty { status |= 1 << 3 }
  }

  /// A byte comes from the wire.
  func shiftIn(_ byte: UInt8) {
    input.append(byte)
    if input.count == Int(trigger) { status |= 1 << 0 }
  }

  func load32(_ address: UInt64) -> UInt32 {
    meanwhile(self)
    switch address - RecordingBus.base {
    case 0x10: return mask
    case 0x14: return status
    case 0x2c:
      return (input.isEmpty ? 1 << 1 : 0) | (output.isEmpty ? 1 << 3 : 0)
        | (output.count == Self.transmitFIFO ? 1 << 4 : 0)
    case 0x30: return input.isEmpty ? 0 : UInt32(input.removeFirst())
    default: return 0
    }
  }

  func store32(_ address: UInt64, _ value: UInt32) {
    meanwhile(self)
    switch address - RecordingBus.base {
    case 0x08: mask |= value
    case 0x0c: mask &= ~value
    case 0x14: status &= ~value
    case 0x20: trigger = value
    case 0x30 where output.count < Self.transmitFIFO:
      output.append(UInt8(truncatingIfNeeded: value))
    default: break
    }
  }

  func load8(_ address: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: load32(address)) }
  func load64(_ address: UInt64) -> UInt64 { UInt64(load32(address)) }
  func store8(_ address: UInt64, _ value: UInt8) { store32(address, UInt32(value)) }
  func store64(_ address: UInt64, _ value: UInt64) {
    store32(address, UInt32(truncatingIfNeeded: value))
  }
}
