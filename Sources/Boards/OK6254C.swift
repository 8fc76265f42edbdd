import SepKernel

extension Board {
  /// Forlinx' OK6254-C, with TI's AM6254.
  ///
  /// Forlinx' tree is not in Linux: that its console and what its firmware keeps are as those of TI's own board with this
  /// SoC is an assumption. Not checked on a board.
  public static let ok6254C = Board(
    name: "ok6254-c", summary: "Forlinx OK6254-C, TI AM6254: 4 x Cortex-A53, GICv3",
    sources: [
      "Linux 6.12, arch/arm64/boot/dts/ti/k3-am62-main.dtsi and k3-am625.dtsi, by hv dts import of TI's k3-am625-sk.dtb "
        + "(RealTreeTests)"
    ],
    architecture: .aarch64,
    // 2 GiB, as memory@80000000 of k3-am625-sk; sold with 1 GiB, too.
    ram: [AddressRange(base: 0x8000_0000, size: 2 << 30)], ramIsConfigurable: true,
    reserved: [
      // r5f-dma-memory@9db00000: the device manager's, which runs on another core.
      AddressRange(base: 0x9db0_0000, size: 0xc0_0000),
      AddressRange(base: 0x9e78_0000, size: 0x188_0000),  // tfa@9e780000, optee@9e800000
    ],
    // Where TI's U-Boot loads Linux (`include/configs/ti_armv7_common.h`: loadaddr), below all that is reserved.
    kernelBase: 0x8200_0000,
    cpus: (0..<4).map { BoardCPU($0) },
    // interrupt-controller@1800000 with more room than four CPUs need; both frames of msi-controller@1820000, of
    // which the tree has the first. The window through which it gets messages (0x0100_0000) is nobody's.
    interruptController: .gicV3(
      distributor: AddressRange(base: 0x180_0000, size: 0x1_0000),
      redistributors: AddressRange(base: 0x188_0000, size: 0xc_0000),
      interruptTranslation: AddressRange(base: 0x182_0000, size: 0x2_0000)),
    // serial@2800000, ti,am64-uart; SPI 178. Registers are words (Linux' 8250_omap: OMAP_UART_REGSHIFT).
    uart: BoardUART(
      kind: .ns16550, region: AddressRange(base: 0x280_0000, size: 0x1000), line: 210,
      registerShift: 2, registerWidth: 1),
    // Not in the tree; Trusted Firmware reads it from the GTC (`plat/ti/k3/common`). The register says it.
    counterFrequency: 0,
    // The highest line in the tree is 272. That nothing drives those above is not known from a manual.
    lineCount: 288, doorbells: 273..<288, devices: ok6254CDevices)

  /// Those that work as the boot loader left them. Left out: UART1, which the device manager prints to; GPIO, Ethernet
  /// and what needs TI's DMA, whose interrupts come through controllers of their own; USB, display, GPU; watchdogs.
  private static let ok6254CDevices: [BoardDevice] =
    (2...6).map { am62("uart\($0)", [0x280_0000 + $0 << 16], [178 + $0]) }
    + (0...3).map { am62("i2c\($0)", [0x2000_0000 + $0 << 16], [161 + $0]) }
    + (0...2).map { am62("spi\($0)", [0x2010_0000 + $0 << 16], [172 + $0]) }
    + (0...7).map { am62("timer\($0)", [0x240_0000 + $0 << 16], [120 + $0]) }
    + [
      BoardDevice(
        name: "mcan0",
        regions: [
          AddressRange(base: 0x2070_1000, size: 0x1000),
          AddressRange(base: 0x2070_8000, size: 0x8000),
        ],
        lines: [187, 188], summary: "main_mcan0 of Linux' tree"),
      am62("sdhci0", [0xfa1_0000, 0xfa1_8000], [133], reachesAllMemory: true),
      am62("sdhci1", [0xfa0_0000, 0xfa0_8000], [83], reachesAllMemory: true),
      am62("sdhci2", [0xfa2_0000, 0xfa2_8000], [82], reachesAllMemory: true),
    ]

  /// Pages of a device of the main domain; `interrupts` are SPIs.
  private static func am62(
    _ name: String, _ pages: [Int], _ interrupts: [Int], reachesAllMemory: Bool = false
  ) -> BoardDevice {
    BoardDevice(
      name: name, regions: pages.map { AddressRange(base: UInt64($0), size: 0x1000) },
      lines: interrupts.map { $0 + 32 }, reachesAllMemory: reachesAllMemory,
      summary: "main_\(name) of Linux' tree")
  }
}
