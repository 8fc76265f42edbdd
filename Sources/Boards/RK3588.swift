import SepKernel

extension Board {
  /// Boards with Rockchip's RK3588 whose console is UART2, as EVB1 and Radxa's ROCK 5B are. Not checked on a
  /// board.
  public static let rk3588 = Board(
    name: "rk3588", summary: "Rockchip RK3588: 4 x Cortex-A55, 4 x Cortex-A76, GICv3",
    sources: [
      "Linux 6.12, arch/arm64/boot/dts/rockchip/rk3588-base.dtsi and rk3588-extra.dtsi, by hv dts import of "
        + "rk3588-evb1-v10.dtb and rk3588-rock-5b.dtb, which agree (RealTreeTests)"
    ] + rockchipSources,
    architecture: .aarch64, ram: rockchipRAM, ramIsConfigurable: false,
    reserved: rockchipReserved, kernelBase: rockchipKernelBase,
    // cpu@0 to cpu@300 are the Cortex-A55: a CPU is Aff1.
    cpus: (0..<8).map { BoardCPU($0 << 8) },
    // interrupt-controller@fe600000. Of two ITS the one of PCIe without SATA, msi-controller@fe640000;
    // the other's registers, 0xfe66_0000, are nobody's.
    interruptController: .gicV3(
      distributor: AddressRange(base: 0xfe60_0000, size: 0x1_0000),
      redistributors: AddressRange(base: 0xfe68_0000, size: 0x10_0000),
      interruptTranslation: AddressRange(base: 0xfe64_0000, size: 0x2_0000)),
    // serial@feb50000: reg-shift 2, reg-io-width 4; SPI 333.
    uart: BoardUART(
      kind: .designWare, region: AddressRange(base: 0xfeb5_0000, size: 0x1000), line: 365,
      registerShift: 2, registerWidth: 4),
    counterFrequency: rockchipCounterFrequency,
    // mbi-ranges has 56 lines for messages, which no device drives, from 424 on: the binding (arm,gic-v3) has
    // INTIDs there, and two devices have some of them (429, 430) as if they were SPIs. These are in both.
    lineCount: 480, doorbells: 456..<480, devices: rk3588Devices)

  /// Those that work with clocks, pins and power as the boot loader left them. Who has them reaches neither CRU, GRF
  /// nor PMU, which belong to all. Left out: what shares a PHY or power domain with others (USB, SATA, display, video),
  /// GPU and NPU, watchdog (who has it resets the board), PWM (their blocks' lines are not in the tree).
  private static let rk3588Devices: [BoardDevice] =
    [rockchip("uart0", 0xfd89_0000, 331)]
    + [1, 3, 4, 5, 6, 7, 8, 9].map {
      rockchip("uart\($0)", 0xfeb4_0000 + ($0 - 1) * 0x1_0000, 331 + $0)
    }
    + [rockchip("i2c0", 0xfd88_0000, 317)]
    + (1...5).map { rockchip("i2c\($0)", 0xfea9_0000 + ($0 - 1) * 0x1_0000, 317 + $0) }
    + (6...8).map { rockchip("i2c\($0)", 0xfec8_0000 + ($0 - 6) * 0x1_0000, 317 + $0) }
    + [rockchip("gpio0", 0xfd8a_0000, 277)]
    + (1...4).map { rockchip("gpio\($0)", 0xfec2_0000 + ($0 - 1) * 0x1_0000, 277 + $0) }
    + (0...3).map { rockchip("spi\($0)", 0xfeb0_0000 + $0 * 0x1_0000, 326 + $0) }
    + [
      rockchip("spi4", 0xfecb_0000, 330), rockchip("timer0", 0xfeae_0000, 289),
      rockchip("sdmmc", 0xfe2c_0000, 203, size: 0x4000, reachesAllMemory: true),
      rockchip("sdio", 0xfe2d_0000, 204, size: 0x4000, reachesAllMemory: true),
      rockchip("sdhci", 0xfe2e_0000, 205, size: 0x1_0000, reachesAllMemory: true),
      rockchip("gmac0", 0xfe1b_0000, 226, 227, size: 0x1_0000, reachesAllMemory: true),
      rockchip("gmac1", 0xfe1c_0000, 233, 234, size: 0x1_0000, reachesAllMemory: true),
    ]
    // pcie@fe150000 and so on: configuration and windows, APB, 64-bit window, DBI.
    + [
      ("pcie3x4", 0, 259), ("pcie3x2", 1, 254), ("pcie2x1l0", 2, 239), ("pcie2x1l1", 3, 244),
      ("pcie2x1l2", 4, 249),
    ].map { name, index, interrupt in
      BoardDevice(
        name: name,
        regions: [
          AddressRange(base: 0xf000_0000 + index << 24, size: 0x100_0000),
          AddressRange(base: 0xfe15_0000 + index << 16, size: 0x1_0000),
          AddressRange(base: 0x9_0000_0000 + index << 30, size: 0x4000_0000),
          AddressRange(base: 0xa_4000_0000 + index << 22, size: 0x40_0000),
        ],
        lines: Array((interrupt + 32)..<(interrupt + 37)), reachesAllMemory: true,
        summary: "PCIe host bridge, INTx only")
    }
}
