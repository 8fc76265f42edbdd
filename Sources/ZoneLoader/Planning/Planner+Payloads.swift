import Boards
import SepKernel

extension Planner {
  /// Largest device tree that every Linux accepts (Documentation/arch/arm64/booting.rst), in bytes.
  private static let deviceTreeLimit = 2 << 20
  private static let block: UInt64 = 2 << 20

  /// Places initrd and device tree, and makes the tree.
  static func addDeviceTree(
    to draft: inout ZoneDraft, board: DeviceTreeNode, _ description: SystemDescription
  ) throws(PlanningError) {
    let zone = draft.description
    var space = GuestSpace(
      memory: draft.memoryRanges, used: draft.image.segments.map { $0.range })
    // A demanded address goes first.
    if case .address(let address) = zone.deviceTree {
      let place = AddressRange(base: address, size: UInt64(try makeTree(draft, board).count))
      guard address % 8 == 0, space.take(place) else {
        throw description.error(
          zone, "dtb", "\(place) is not free, not in the zone's memory or not a multiple of 8",
          "choose another address")
      }
      draft.deviceTree = place
    }
    if let path = zone.initrd {
      let bytes: [UInt8]
      do {
        bytes = try HostFile.read(path, limit: ZoneImage.sizeLimit)
      } catch {
        throw description.error(
          zone, "initrd", "\(path) \(error.problem)",
          "correct the path, or make the file (`make build` makes this project's)")
      }
      guard !bytes.isEmpty else {
        throw description.error(
          zone, "initrd", "\(path) is empty", "make it again, or remove `initrd`")
      }
      let floor = draft.image.segments.first?.range.base ?? 0
      guard let place = space.place(size: UInt64(bytes.count), alignment: block, floor: floor)
      else {
        throw description.error(
          zone, "initrd", "there is no room for its \(bytes.count) bytes", "give more memory")
      }
      draft.initrd = place
      draft.image.segments.append(
        ImageSegment(
          address: place.base, bytes: bytes, memorySize: place.size, isExecutable: false,
          index: nil))
    }
    // Made once more, now that the place of the initrd is known; cells have a fixed width, so that
    // values do not change the size, but the initrd adds properties.
    let tree = try makeTree(draft, board)
    guard tree.count <= deviceTreeLimit else {
      throw description.error(
        zone, "dtb", "has \(tree.count) bytes, more than the 2 MiB Linux accepts",
        "shorten `cmdline`, or correct `board.dtb`")
    }
    if let place = draft.deviceTree {
      let actual = AddressRange(base: place.base, size: UInt64(tree.count))
      guard draft.memoryRanges.contains(where: { $0.contains(actual) }),
        !draft.image.segments.contains(where: { $0.range.overlaps(actual) })
      else {
        throw description.error(
          zone, "dtb", "\(actual) does not fit beside the image", "choose another address")
      }
      draft.deviceTree = actual
    } else {
      // Not below a kernel: those of RISC-V may not see what is there.
      let floor = draft.image.format == .linux ? draft.image.segments.first?.range.base ?? 0 : 0
      guard let place = space.place(size: UInt64(tree.count), alignment: block, floor: floor) else {
        throw description.error(
          zone, "dtb", "there is no room for its \(tree.count) bytes", "give more memory")
      }
      draft.deviceTree = place
    }
    draft.deviceTreeBytes = tree
    draft.image.segments.append(
      ImageSegment(
        address: draft.deviceTree?.base ?? 0, bytes: tree, memorySize: UInt64(tree.count),
        isExecutable: false, index: nil))
  }

  private static func makeTree(
    _ draft: ZoneDraft, _ board: DeviceTreeNode
  ) throws(PlanningError) -> [UInt8] {
    let tree = ZoneDeviceTree(
      memory: draft.memoryRanges, cpus: draft.hardwareIDs,
      windows: draft.devices.map { (host: $0.hostRange, guest: $0.guest) },
      lines: Set(draft.lines.keys), board: draft.board,
      interruptController: draft.interruptController, translation: draft.translation,
      console: draft.console.map { (base: $0.base, line: $0.line) },
      cmdline: draft.description.cmdline, initrd: draft.initrd)
    do {
      return try tree.tree(board: board).flattened()
    } catch {
      throw .deviceTree(error)
    }
  }

  /// Turns segments into payloads.
  static func makePayloads(
    _ draft: inout ZoneDraft, _ description: SystemDescription
  ) throws(PlanningError) {
    let zone = draft.description
    if !draft.wantsDeviceTree {
      for (key, value) in [("cmdline", zone.cmdline), ("initrd", zone.initrd)] where value != nil {
        throw description.error(
          zone, key, "has no effect without a device tree",
          "add `dtb: generate`, or remove `\(key)`")
      }
    }
    guard let list = PayloadList(draft.image.segments, memory: draft.memoryRanges) else {
      throw description.error(
        zone, "image", "has more than \(Plan.payloadCapacity) separate pieces",
        "link it with fewer segments")
    }
    draft.payloads = list.pieces
  }
}

extension ZoneDraft {
  /// The first arguments at the first instruction: as demanded; else, with a device tree, as Linux
  /// wants it (AArch64: x0 is the tree; AArch32: r0 is 0, r1 is all ones, r2 is the tree; RISC-V: a1 is
  /// the tree, behind the number of the CPU, which is the kernel's to give); else zero.
  var arguments: [UInt64] {
    let tree = deviceTree?.base ?? 0
    var result: [UInt64]
    if let demanded = description.arguments {
      result = demanded.map { argument in
        switch argument {
        case .value(let value): return value
        case .deviceTree: return tree
        }
      }
    } else if deviceTree == nil {
      result = []
    } else {
      switch image.execution {
      case .aarch64, .riscv64: result = [tree]
      case .aarch32: result = [0, 0xffff_ffff, tree]
      case .x86_64, .loongarch64: result = [0, tree]
      }
    }
    result += [UInt64](repeating: 0, count: 4 - result.count)
    return result
  }
}
