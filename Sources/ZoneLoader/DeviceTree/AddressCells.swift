import Boards

/// How the children of a node write addresses: `#address-cells` and `#size-cells`
/// (Devicetree Specification 0.4, section 2.3.5).
struct AddressCells {
  let address: Int
  let size: Int

  /// Addresses and sizes of 64 bits.
  static let wide = AddressCells(address: 2, size: 2)

  init(address: Int, size: Int) {
    self.address = address
    self.size = size
  }

  init(of node: DeviceTreeNode) throws(DeviceTreeError) {
    address = Int(node.cells("#address-cells").first ?? 2)
    size = Int(node.cells("#size-cells").first ?? 1)
    guard (1...2).contains(address), (1...2).contains(size) else {
      throw .unexpected(
        "\(node.name.isEmpty ? "/" : node.name) has \(address) address and \(size) size cells")
    }
  }

  /// The ranges of a `reg`; a trailing incomplete entry is ignored.
  func ranges(_ cells: [UInt32]) -> [AddressRange] {
    let width = address + size
    return stride(from: 0, to: cells.count - cells.count % width, by: width).map { start in
      let base = cells[start..<(start + address)].reduce(0) { $0 << 32 | UInt64($1) }
      let length = cells[(start + address)..<(start + width)].reduce(0) { $0 << 32 | UInt64($1) }
      return AddressRange(base: base, size: length)
    }
  }

  func encode(_ range: AddressRange) -> [UInt32] {
    encode(range.base, cells: address) + encode(range.size, cells: size)
  }

  private func encode(_ value: UInt64, cells: Int) -> [UInt32] {
    let low = UInt32(truncatingIfNeeded: value)
    return cells == 1 ? [low] : [UInt32(value >> 32), low]
  }
}
