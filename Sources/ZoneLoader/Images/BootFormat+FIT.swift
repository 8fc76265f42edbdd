import SepKernel

extension BootFormat {
  /// The tree of a FIT whose data follows it in the file (Flattened Image Tree specification,
  /// fitspec.osfw.foundation: "Root node properties", "'/images' node", "'/configurations' node",
  /// "External data"), so that its size does not depend on that of the boot image.
  static func fitHeader(for content: Content) throws(Failure) -> [UInt8] {
    let length = try length(content.bytes.count)
    var hash = DeviceTreeNode(name: "hash-1")
    hash["value"] = SHA256.digest(of: content.bytes)
    hash.set("algo", strings: ["sha256"])

    var kernel = DeviceTreeNode(name: "kernel-1")
    kernel.set("description", strings: [content.name])
    kernel.set("type", strings: ["kernel"])
    kernel.set("arch", strings: [fitArchitecture(content.architecture)])
    // What this file starts like: the state that Linux expects is the one this kernel expects.
    kernel.set("os", strings: ["linux"])
    kernel.set("compression", strings: ["none"])
    let base = [UInt32(content.base >> 32), UInt32(truncatingIfNeeded: content.base)]
    kernel.set("load", cells: base)
    kernel.set("entry", cells: base)
    // Relative to the end of the tree, which is a multiple of 4.
    kernel.set("data-offset", cells: [0])
    kernel.set("data-size", cells: [length])
    kernel.children = [hash]

    var configuration = DeviceTreeNode(name: "conf-1")
    configuration.set("description", strings: [content.name])
    configuration.set("kernel", strings: [kernel.name])

    var root = DeviceTreeNode(name: "")
    root.set("description", strings: [content.name])
    // Mandatory; always 0: equal systems have equal images.
    root.set("timestamp", cells: [0])
    root.set("#address-cells", cells: [2])
    var configurations = DeviceTreeNode(name: "configurations")
    configurations.set("default", strings: [configuration.name])
    configurations.children = [configuration]
    root.children = [DeviceTreeNode(name: "images", children: [kernel]), configurations]
    return try padded(root)
  }

  /// The blob and zeros, up to where data may begin.
  private static func padded(_ root: DeviceTreeNode) throws(Failure) -> [UInt8] {
    do {
      let blob = try root.flattened()
      return blob + [UInt8](repeating: 0, count: (4 - blob.count % 4) % 4)
    } catch {
      throw .tree(error)
    }
  }

  /// As U-Boot's boot/image.c (`uimage_arch`) calls it.
  private static func fitArchitecture(_ architecture: PlanArchitecture) -> String {
    switch architecture {
    case .aarch64: "arm64"
    case .riscv64: "riscv"
    case .x86_64: "x86_64"
    case .loongarch64: "invalid"  // U-Boot has no name for it
    }
  }
}
