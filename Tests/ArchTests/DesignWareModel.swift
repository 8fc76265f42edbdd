@testable import ArchCommon

/// Synopsys' DW_apb_uart (databook, "UART_16550_COMPATIBLE = NO") with registers of 4 bytes, as far as being busy goes: while a
/// character is on its way a store to LCR changes nothing and raises the busy-detect interrupt, which a load of USR alone
/// ends. The character is away after so many accesses.
final class DesignWareModel: RegisterBus {
  static let base: UInt64 = 0x0900_0000

  private(set) var registers: [UInt64: UInt32] = [:]
  /// Whether the busy-detect interrupt is pending: a line that nobody lowers.
  private(set) var isBusyDetected = false
  private(set) var statusLoads = 0
  /// Stores to LCR that were not taken.
  private(set) var refused = 0
  /// Accesses until the character is away.
  private var busy: Int

  private static let lineControl: UInt64 = 3 << 2
  private static let status: UInt64 = 31 << 2

  init(lineControl: UInt32, busyFor accesses: Int) {
    registers[Self.lineControl] = lineControl
    busy = accesses
  }

  /// A register by its number.
  subscript(register: UInt64) -> UInt32 { registers[register << 2] ?? 0 }

  func load32(_ address: UInt64) -> UInt32 {
    defer { busy = max(busy - 1, 0) }
    let offset = address - Self.base
    guard offset == Self.status else { return registers[offset] ?? 0 }
    statusLoads += 1
    isBusyDetected = false
    return busy > 0 ? 1 : 0
  }

  func store32(_ address: UInt64, _ value: UInt32) {
    defer { busy = max(busy - 1, 0) }
    let offset = address - Self.base
    if offset == Self.lineControl, busy > 0 {
      isBusyDetected = true
      refused += 1
    } else {
      registers[offset] = value
    }
  }

  // Its registers are words.
  func load8(_ address: UInt64) -> UInt8 { preconditionFailure("a byte of a word register") }
  func load64(_ address: UInt64) -> UInt64 { preconditionFailure("two registers at once") }
  func store8(_ address: UInt64, _ value: UInt8) {
    preconditionFailure("a byte of a word register")
  }
  func store64(_ address: UInt64, _ value: UInt64) { preconditionFailure("two registers at once") }
}
