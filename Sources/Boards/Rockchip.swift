/// What boards with Rockchip's newer SoCs have in common.
///
/// Linux' trees leave RAM to the boot loader. What these boards have of it at least, with 4 GiB: 0x20_0000 to
/// 0xf000_0000, behind Trusted Firmware, which U-Boot leaves the first 2 MiB (`arch/arm/mach-rockchip/sdram.c`; the tree
/// has SCMI's shared memory there, 0x10_f000). The rest is above 4 GiB, where depends on the size, and is
/// left out. So are the holes that an RK3588 with 16 GiB has there. A board file can add it.
extension Board {
  /// What the trees leave out.
  static let rockchipSources = [
    "U-Boot, arch/arm/mach-rockchip/sdram.c: the least RAM of a board with 4 GiB",
    "Trusted Firmware, plat/rockchip (SYS_COUNTER_FREQ_IN_TICKS): the counter's frequency",
  ]

  static let rockchipRAM = [AddressRange(base: 0x20_0000, size: 0xefe0_0000)]

  /// OP-TEE, where Rockchip's firmware has it.
  static let rockchipReserved = [AddressRange(base: 0x840_0000, size: 0x100_0000)]

  /// Above OP-TEE, from where RAM is in one piece; U-Boot itself is at its end.
  static let rockchipKernelBase: UInt64 = 0xa00_0000

  /// Trusted Firmware, `plat/rockchip/rk3568` and `rk3588`: SYS_COUNTER_FREQ_IN_TICKS. The trees have none.
  static let rockchipCounterFrequency: UInt64 = 24_000_000

  /// A device of the tree; `interrupts` are SPIs.
  static func rockchip(
    _ name: String, _ base: Int, _ interrupts: Int..., size: UInt64 = 0x1000,
    reachesAllMemory: Bool = false
  ) -> BoardDevice {
    .window(
      name, base, spis: interrupts, size: size, reachesAllMemory: reachesAllMemory,
      of: "Linux' tree")
  }
}
