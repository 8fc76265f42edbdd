public import Boards

/// What an emulated board starts with that brings no firmware: OpenSBI behind a few instructions that
/// tell it its device tree and the kernel, as one image for the beginning of RAM.
public enum FirmwareImage {
  /// OpenSBI's place: a multiple of what it asks for (its read-write part, 256 KiB in OpenSBI 1.6).
  private static let openSBIOffset = 0x8_0000
  /// The tree's place, below the 2 MiB of the firmware's region.
  private static let treeOffset = 0x1c_0000
  /// Bytes of the region, more than which no part can have.
  public static let size = 0x20_0000

  /// The image for `board`. `openSBI` is a `fw_dynamic.bin` of OpenSBI 1.0 or later, which runs at any
  /// address. Throws when a part does not fit.
  public static func make(
    for board: Board, _ firmware: BoardFirmware, openSBI: [UInt8]
  ) throws(DeviceTreeError) -> [UInt8] {
    let tree = try FirmwareDeviceTree.tree(of: board, firmware).flattened()
    guard openSBI.count <= treeOffset - openSBIOffset, tree.count <= size - treeOffset else {
      throw .unexpected(
        "OpenSBI of \(openSBI.count) bytes and a tree of \(tree.count) do not fit below the kernel")
    }
    let base = board.ram.first?.base ?? 0
    var image = entry(base: base, kernel: board.kernelBase)
    image += [UInt8](repeating: 0, count: openSBIOffset - image.count) + openSBI
    image += [UInt8](repeating: 0, count: treeOffset - image.count) + tree
    return image
  }

  /// Where every hart begins: a0 is its id, a1 the tree, a2 `struct fw_dynamic_info` (OpenSBI,
  /// include/sbi/fw_dynamic.h). The constants follow at 32 bytes.
  private static func entry(base: UInt64, kernel: UInt64) -> [UInt8] {
    let instructions: [UInt32] = [
      0x0000_0297,  // auipc t0, 0
      0xf140_2573,  // csrr  a0, mhartid
      0x0202_b583,  // ld    a1, 32(t0)
      0x0282_b303,  // ld    t1, 40(t0)
      0x0302_8613,  // addi  a2, t0, 48
      0x0003_0067,  // jr    t1
      0, 0,
    ]
    let constants: [UInt64] = [
      base + UInt64(treeOffset), base + UInt64(openSBIOffset),
      // magic "OSBI", version 2, next_addr, next_mode S, options, boot_hart: any.
      0x4942_534f, 2, kernel, 1, 0, .max,
    ]
    var entry = [UInt8](repeating: 0, count: 4 * instructions.count + 8 * constants.count)
    for (index, instruction) in instructions.enumerated() {
      LittleEndian.write(instruction, to: &entry, at: 4 * index)
    }
    for (index, constant) in constants.enumerated() {
      LittleEndian.write(constant, to: &entry, at: 4 * instructions.count + 8 * index)
    }
    return entry
  }
}
