import Boards
import SepKernel

/// RAM, what of it is somebody's, and where the kernel goes.
extension BoardImporter {
  /// A boot image needs this much behind the kernel's base to be worth starting.
  private static let kernelRoom: UInt64 = 64 << 20

  private static let block: UInt64 = 2 << 20

  /// Reserved ranges that no board has as many of.
  private static let reservedLimit = 128

  mutating func importMemory() {
    let nodes = tree.entries.indices.filter { node in
      tree.entries[node].parent == 0 && tree.entries[node].isEnabled
        && (tree[node].strings("device_type").first == "memory"
          || tree[node].name == "memory" || tree[node].name.hasPrefix("memory@"))
    }
    let whole = Self.joined(nodes.flatMap { tree.registers($0) }).compactMap(Self.inner)
    result.board.ram = Array(whole.prefix(Plan.ramCapacity))
    if whole.count > Plan.ramCapacity {
      note(
        "RAM has \(whole.count) ranges; those after the first \(Plan.ramCapacity) were left out.")
    }
    guard !result.board.ram.isEmpty else {
      ask("ram", "the tree leaves it to the boot loader; U-Boot says it with `bdinfo`")
      ask("kernelBase", "2 MiB above the start of RAM is usual, where firmware has nothing")
      let ranges = Self.joined(reservedRanges().compactMap(Self.pages)).prefix(Self.reservedLimit)
      if !ranges.isEmpty {
        let list = ranges.map { "\($0)" }.joined(separator: ", ")
        check("reserved", "write those of them that lie in RAM: \(list)")
      }
      return
    }
    check(
      "ram", "some boot loaders change it as they start; compare with what yours says (`bdinfo`)")
    importReserved()
    importKernelBase()
  }

  /// Whole pages inside `range`, below the limit of a Plan.
  private static func inner(_ range: AddressRange) -> AddressRange? {
    let granule = PlanLimits.granule
    let limit = UInt64(1) << UInt64(PlanLimits.hostAddressBits)
    guard let end = range.end, range.base < limit else { return nil }
    let base = (range.base + granule - 1) / granule * granule
    let last = min(end, limit) / granule * granule
    return last > base ? AddressRange(base: base, size: last - base) : nil
  }

  /// What the tree says is somebody's, as it stands there, and the words by which CPUs are let go.
  private mutating func reservedRanges() -> [AddressRange] {
    var ranges = reservations
    for cpu in result.board.cpus where cpu.releaseAddress != 0 {
      ranges.append(AddressRange(base: UInt64(cpu.releaseAddress), size: 8))
    }
    if let parent = tree.index(named: "/reserved-memory") {
      for node in tree.entries[parent].children where tree.entries[node].isEnabled {
        let registers = tree.raw(tree[node].cells("reg"), in: parent)
        if tree[node]["reusable"] != nil {
          note("\(path(node)) is Linux' to use until a driver wants it, and was not reserved.")
        } else if registers.isEmpty, tree[node]["size"] != nil {
          note("\(path(node)) has no address: the system chooses one, so it was not reserved.")
        } else {
          ranges += registers
        }
      }
    }
    return ranges
  }

  private mutating func importReserved() {
    var ranges = reservedRanges()
    let ram = result.board.ram
    let first = ram[0].base
    if result.board.architecture.keepsFirmwareInRAM, !ranges.contains(where: { $0.contains(first) })
    {
      ranges.append(AddressRange(base: first, size: min(Self.block, ram[0].size)))
      check("reserved", "assumes OpenSBI in the first 2 MiB of RAM, which the tree does not say")
    }
    check(
      "reserved", "firmware (Trusted Firmware, OP-TEE, OpenSBI) may keep more than the tree says")
    let pages = ranges.compactMap(Self.pages)
    result.board.reserved = ram.flatMap { range in
      Self.joined(pages.compactMap { $0.overlaps(range) ? Self.common($0, range) : nil })
    }
    guard result.board.reserved.count <= Self.reservedLimit else {
      note("RAM has \(result.board.reserved.count) reserved ranges, more than can be sorted out.")
      result.board.reserved = ram
      return
    }
    coarsen()
  }

  private static func common(_ first: AddressRange, _ second: AddressRange) -> AddressRange? {
    guard let end = first.end, let otherEnd = second.end else { return nil }
    let base = max(first.base, second.base)
    return AddressRange(base: base, size: min(end, otherEnd) - base)
  }

  /// Joins the nearest reserved ranges until a Plan has room for what is left between them.
  private mutating func coarsen() {
    var board = result.board
    var joins = 0
    while board.usableRAM.count > Plan.ramCapacity {
      let pairs = board.reserved.indices.dropLast().filter { index in
        board.ram.contains {
          $0.contains(board.reserved[index]) && $0.contains(board.reserved[index + 1])
        }
      }
      func gap(_ index: Int) -> UInt64 {
        board.reserved[index + 1].base - (board.reserved[index].end ?? 0)
      }
      guard let nearest = pairs.min(by: { gap($0) < gap($1) }),
        let end = board.reserved[nearest + 1].end
      else { break }
      board.reserved[nearest].size = end - board.reserved[nearest].base
      board.reserved.remove(at: nearest + 1)
      joins += 1
    }
    result.board.reserved = board.reserved
    if joins > 0 {
      note("\(joins) gaps between reserved ranges were reserved, too: a Plan has no room for more.")
    }
  }

  private mutating func importKernelBase() {
    let usable = result.board.usableRAM
    let lowest = result.board.ram[0].base + Self.block
    for range in usable {
      guard let end = range.end else { continue }
      let base = (max(range.base, lowest) + Self.block - 1) / Self.block * Self.block
      if base < end, end - base >= Self.kernelRoom {
        result.board.kernelBase = base
        check(
          "kernelBase",
          "not in the tree; the first free place from 2 MiB above the start of RAM on is assumed, say "
            + "where your boot loader puts the kernel")
        return
      }
    }
    ask("kernelBase", "no 64 MiB of RAM are free in one piece; say where the boot loader puts it")
  }
}
