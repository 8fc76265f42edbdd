/// A node of a device tree (Devicetree Specification 0.4), as plain values.
struct DeviceTreeNode: Equatable {
  /// With unit address; empty for the root.
  var name: String
  var properties: [DeviceTreeProperty] = []
  var children: [DeviceTreeNode] = []

  /// The value of a property, nil where it is absent.
  subscript(property: String) -> [UInt8]? {
    get { properties.first { $0.name == property }?.value }
    set {
      properties.removeAll { $0.name == property && newValue == nil }
      guard let newValue else { return }
      if let index = properties.firstIndex(where: { $0.name == property }) {
        properties[index].value = newValue
      } else {
        properties.append(DeviceTreeProperty(name: property, value: newValue))
      }
    }
  }

  /// A property as 32-bit cells; empty where absent. Bytes after the last whole cell are ignored.
  func cells(_ property: String) -> [UInt32] {
    guard let value = self[property] else { return [] }
    return stride(from: 0, to: value.count - value.count % 4, by: 4).map { offset in
      value[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  mutating func set(_ property: String, cells: [UInt32]) {
    self[property] = cells.flatMap { cell in
      (0..<4).map { UInt8(truncatingIfNeeded: cell >> UInt32(24 - 8 * $0)) }
    }
  }

  /// How its children write addresses (Devicetree Specification 0.4, section 2.3.5).
  mutating func setCells(addresses: UInt32, sizes: UInt32) {
    set("#address-cells", cells: [addresses])
    set("#size-cells", cells: [sizes])
  }

  /// Sets a property to NUL-terminated strings.
  mutating func set(_ property: String, strings: [String]) {
    self[property] = strings.flatMap { Array($0.utf8) + [0] }
  }

  /// A property as strings; empty where absent.
  func strings(_ property: String) -> [String] {
    (self[property] ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The `phandle` of the node, nil where nothing refers to it.
  var phandle: UInt32? { cells("phandle").first }

  func child(named name: String) -> DeviceTreeNode? {
    children.first { $0.name == name }
  }
}

struct DeviceTreeProperty: Equatable {
  var name: String
  var value: [UInt8]
}
