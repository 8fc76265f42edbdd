@testable import ArchCommon

/// A bus on which an access is its address and its bytes.
protocol SizedBus: RegisterBus {
  func load(_ address: UInt64, _ size: UInt64) -> UInt64
  func store(_ address: UInt64, _ size: UInt64, _ value: UInt64)
}

extension SizedBus {
  func load8(_ address: UInt64) -> UInt8 { UInt8(load(address, 1)) }
  func load32(_ address: UInt64) -> UInt32 { UInt32(load(address, 4)) }
  func load64(_ address: UInt64) -> UInt64 { load(address, 8) }
  func store8(_ address: UInt64, _ value: UInt8) { store(address, 1, UInt64(value)) }
  func store32(_ address: UInt64, _ value: UInt32) { store(address, 4, UInt64(value)) }
  func store64(_ address: UInt64, _ value: UInt64) { store(address, 8, value) }
}
