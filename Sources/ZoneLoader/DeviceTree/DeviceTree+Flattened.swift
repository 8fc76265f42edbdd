import CFdt

extension DeviceTreeNode {
  /// Deeper trees than this do not describe hardware.
  private static let depthLimit = 32

  /// Largest blob that is read, in bytes.
  static let blobLimit = 4 << 20

  /// Reads a flattened tree. `fdt_check_full` bounds every offset before anything else looks.
  init(flattened blob: [UInt8]) throws(DeviceTreeError) {
    // libfdt checks the header before it knows how many bytes there are.
    guard blob.count >= 40, blob.count <= DeviceTreeNode.blobLimit else {
      throw .malformed(-FDT_ERR_TRUNCATED)
    }
    // SAFETY: libfdt reads only inside the buffer, whose size it is told, during the closure.
    let result: Result<DeviceTreeNode, DeviceTreeError> = unsafe blob.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return .failure(.malformed(0)) }
      let status = unsafe fdt_check_full(base, buffer.count)
      guard status == 0 else { return .failure(.malformed(status)) }
      guard let root = unsafe DeviceTreeNode.read(base, offset: 0, depth: 0) else {
        return .failure(.unexpected("nested deeper than \(DeviceTreeNode.depthLimit) levels"))
      }
      return .success(root)
    }
    self = try result.get()
  }

  /// The memory reservations of a flattened tree (Devicetree Specification 0.4, section 5.3), in bytes
  /// as they stand there.
  static func reservations(
    of blob: [UInt8]
  ) throws(DeviceTreeError) -> [(base: UInt64, size: UInt64)] {
    guard blob.count >= 40, blob.count <= DeviceTreeNode.blobLimit else {
      throw .malformed(-FDT_ERR_TRUNCATED)
    }
    typealias Entries = [(base: UInt64, size: UInt64)]
    // SAFETY: as in init(flattened:); indices are below the count that libfdt has found.
    let result: Result<Entries, DeviceTreeError> = unsafe blob.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return .failure(.malformed(0)) }
      let status = unsafe fdt_check_full(base, buffer.count)
      guard status == 0 else { return .failure(.malformed(status)) }
      let count = unsafe fdt_num_mem_rsv(base)
      guard count >= 0 else { return .failure(.malformed(count)) }
      return .success(
        (0..<count).map { index in
          var entry = (base: UInt64(0), size: UInt64(0))
          _ = unsafe fdt_get_mem_rsv(base, index, &entry.base, &entry.size)
          return entry
        })
    }
    return try result.get()
  }

  private static func read(
    _ base: UnsafeRawPointer, offset: Int32, depth: Int
  ) -> DeviceTreeNode? {
    guard depth < depthLimit else { return nil }
    // SAFETY: `base` is a tree that passed fdt_check_full, so that names are terminated and
    // property values lie inside; all results are copied.
    let name = unsafe fdt_get_name(base, offset, nil).map { unsafe String(cString: $0) }
    var node = DeviceTreeNode(name: name ?? "")
    var property = unsafe fdt_first_property_offset(base, offset)
    while property >= 0 {
      var nameText: UnsafePointer<CChar>?
      var length: Int32 = 0
      let value = unsafe fdt_getprop_by_offset(base, property, &nameText, &length)
      if let nameText = unsafe nameText, length >= 0 {
        let bytes = unsafe UnsafeRawBufferPointer(start: value, count: Int(length))
        unsafe node.properties.append(
          DeviceTreeProperty(name: String(cString: nameText), value: Array(bytes)))
      }
      property = unsafe fdt_next_property_offset(base, property)
    }
    var child = unsafe fdt_first_subnode(base, offset)
    while child >= 0 {
      guard let childNode = unsafe read(base, offset: child, depth: depth + 1) else { return nil }
      node.children.append(childNode)
      child = unsafe fdt_next_subnode(base, child)
    }
    return node
  }

  /// Writes the tree through libfdt's sequential writer. The result is the same for equal trees.
  func flattened() throws(DeviceTreeError) -> [UInt8] {
    var capacity = 1024 + estimatedSize
    while true {
      var blob = [UInt8](repeating: 0, count: capacity)
      // SAFETY: libfdt writes only inside the buffer, whose size it is told, during the closure.
      let status: Int32 = unsafe blob.withUnsafeMutableBytes { buffer in
        guard let base = buffer.baseAddress else { return -FDT_ERR_INTERNAL }
        var status = unsafe fdt_create(base, Int32(clamping: buffer.count))
        if status == 0 { status = unsafe fdt_finish_reservemap(base) }
        if status == 0 { status = unsafe write(to: base) }
        if status == 0 { status = unsafe fdt_finish(base) }
        return status == 0 ? Int32(clamping: unsafe fdt_totalsize_of(base)) : status
      }
      if status > 0 { return Array(blob[..<Int(status)]) }
      guard status == -FDT_ERR_NOSPACE, capacity < DeviceTreeNode.blobLimit else {
        throw .unwritable(status)
      }
      capacity *= 2
    }
  }

  private func write(to base: UnsafeMutableRawPointer) -> Int32 {
    // SAFETY: the sequential writer checks its own buffer; strings and values are only read.
    var status = unsafe fdt_begin_node(base, name)
    for property in properties where status == 0 {
      status = unsafe property.value.withUnsafeBytes { value in
        unsafe fdt_property(base, property.name, value.baseAddress, Int32(clamping: value.count))
      }
    }
    for child in children where status == 0 {
      status = unsafe child.write(to: base)
    }
    return status == 0 ? unsafe fdt_end_node(base) : status
  }

  private var estimatedSize: Int {
    properties.reduce(16 + name.utf8.count) { $0 + 16 + $1.name.utf8.count + $1.value.count }
      + children.reduce(0) { $0 + $1.estimatedSize }
  }
}
