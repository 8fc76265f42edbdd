import SepKernel

extension Board {
  /// Boards with Rockchip's RK3568 whose console is UART2, as EVB1 is. Not checked on a board.
  public static let rk3568 = Board(
    name: "rk3568", summary: "Rockchip RK3568: 4 x Cortex-A55, GICv3",
    sources: [
      "Linux 6.12, arch/arm64/boot/dts/rockchip/rk356x-base.dtsi and rk3568.dtsi, by hv dts import of "
        + "rk3568-evb1-v10.dtb (RealTreeTests)"
    ] + rockchipSources, architecture: .aarch64,
    ram: rockchipRAM, ramIsConfigurable: false, reserved: rockchipReserved,
    kernelBase: rockchipKernelBase,
    // cpu@0 to cpu@300: a CPU is Aff1.
    cpus: (0..<4).map { BoardCPU($0 << 8) },
    // interrupt-controller@fd400000. This tree has no ITS, so none is here; that of the SoC is said to be at 0xfd44_0000,
    // and to be unable to address all RAM.
    interruptController: .gicV3(
      distributor: AddressRange(base: 0xfd40_0000, size: 0x1_0000),
      redistributors: AddressRange(base: 0xfd46_0000, size: 0x8_0000), interruptTranslation: nil),
    // serial@fe660000: reg-shift 2, reg-io-width 4; SPI 118.
    uart: BoardUART(
      kind: .designWare, region: AddressRange(base: 0xfe66_0000, size: 0x1000), line: 150,
      registerShift: 2, registerWidth: 4),
    counterFrequency: rockchipCounterFrequency,
    // mbi-ranges: 24 lines for messages from 296 on, which no device drives.
    lineCount: 320, doorbells: 296..<320, devices: rk3568Devices)

  /// As with the RK3588: those that work as the boot loader left them, without what shares a PHY or power domain.
  private static let rk3568Devices: [BoardDevice] =
    [rockchip("uart0", 0xfdd5_0000, 116)]
    + [1, 3, 4, 5, 6, 7, 8, 9].map {
      rockchip("uart\($0)", 0xfe65_0000 + ($0 - 1) * 0x1_0000, 116 + $0)
    }
    + [rockchip("i2c0", 0xfdd4_0000, 46)]
    + (1...5).map { rockchip("i2c\($0)", 0xfe5a_0000 + ($0 - 1) * 0x1_0000, 46 + $0) }
    + [rockchip("gpio0", 0xfdd6_0000, 33)]
    + (1...4).map { rockchip("gpio\($0)", 0xfe74_0000 + ($0 - 1) * 0x1_0000, 33 + $0) }
    + (0...3).map { rockchip("spi\($0)", 0xfe61_0000 + $0 * 0x1_0000, 103 + $0) }
    + (0...2).map { rockchip("can\($0)", 0xfe57_0000 + $0 * 0x1_0000, 1 + $0) }
    + [
      rockchip("sdmmc0", 0xfe2b_0000, 98, size: 0x4000, reachesAllMemory: true),
      rockchip("sdmmc1", 0xfe2c_0000, 99, size: 0x4000, reachesAllMemory: true),
      rockchip("sdhci", 0xfe31_0000, 19, size: 0x1_0000, reachesAllMemory: true),
      rockchip("gmac0", 0xfe2a_0000, 24, 27, size: 0x1_0000, reachesAllMemory: true),
      rockchip("gmac1", 0xfe01_0000, 29, 32, size: 0x1_0000, reachesAllMemory: true),
    ]
    // pcie@fe260000 and so on: configuration and windows, APB, 64-bit window, DBI.
    + [
      ("pcie2x1", 0, 71, 0xf400_0000), ("pcie3x1", 1, 156, 0xf200_0000),
      ("pcie3x2", 2, 161, 0xf000_0000),
    ]
    .map { name, index, interrupt, window in
      BoardDevice(
        name: name,
        regions: [
          AddressRange(base: window, size: 0x200_0000),
          AddressRange(base: 0xfe26_0000 + index << 16, size: 0x1_0000),
          AddressRange(base: 0x3_0000_0000 + index << 30, size: 0x4000_0000),
          AddressRange(base: 0x3_c000_0000 + index << 22, size: 0x40_0000),
        ],
        lines: Array((interrupt + 32)..<(interrupt + 37)), reachesAllMemory: true,
        summary: "PCIe host bridge, INTx only")
    }
}
