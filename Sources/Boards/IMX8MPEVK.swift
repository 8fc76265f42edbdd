import SepKernel

extension Board {
  /// NXP's i.MX 8M Plus EVK.
  ///
  /// Booted in QEMU. Not checked on a board: what its Trusted Firmware keeps of the RAM is not known, and the size is
  /// what QEMU is given with -m.
  public static let imx8mpEVK = Board(
    name: "imx8mp-evk", summary: "NXP i.MX 8M Plus EVK: 4 x Cortex-A53, GICv3",
    sources: [
      "Linux 6.12, arch/arm64/boot/dts/freescale/imx8mp.dtsi and imx8mp-evk.dts (RealTreeTests)",
      "QEMU 10.0, hw/arm/fsl-imx8mp.c (fsl_imx8mp_memmap), compared",
    ],
    architecture: .aarch64,
    ram: [AddressRange(base: 0x4000_0000, size: 2 << 30)],
    ramIsConfigurable: true,
    // RAM base + 2 MiB: text_offset 0, as QEMU's loader and U-Boot's `booti` have it.
    kernelBase: 0x4020_0000,
    cpus: imx8mpCPUs, configurableCPUs: imx8mpCPUs,
    // interrupt-controller@38800000; the redistributors of four CPUs, no ITS.
    interruptController: .gicV3(
      distributor: AddressRange(base: 0x3880_0000, size: 0x1_0000),
      redistributors: AddressRange(base: 0x3888_0000, size: 0x8_0000), interruptTranslation: nil),
    // imx8mp-evk.dts: stdout-path is uart2; SPI 27.
    uart: BoardUART(kind: .imx, region: AddressRange(base: 0x3089_0000, size: 0x1_0000), line: 59),
    counterFrequency: 8_000_000,  // timer: clock-frequency
    lineCount: 192,  // FSL_IMX8MP_NUM_IRQS: 160 SPIs
    // Above SPI 149, the highest one in imx8mp.dtsi.
    doorbells: 182..<192,
    devices: imx8mpDevices,
    emulator: BoardEmulator(
      program: "qemu-system-aarch64", machine: "imx8mp-evk", cpu: "cortex-a53", icountShift: 0,
      hasTree: false, serialPort: 1),
    evidence: BoardEvidence.emulated(by: "IMX8MPTests"))

  private static let imx8mpCPUs: [BoardCPU] = (0..<4).map { BoardCPU(UInt64($0)) }

  /// Those that work with clocks, pins and power as the boot loader left them. Who has them reaches
  /// neither CCM nor IOMUXC, which belong to all.
  private static let imx8mpDevices: [BoardDevice] =
    (0..<5).map { index in
      imx8mp("gpio\(index + 1)", 0x3020_0000 + index * 0x1_0000, [64 + 2 * index, 65 + 2 * index])
    }
    + [("gpt1", 0x302d_0000, 55), ("gpt2", 0x302e_0000, 54), ("gpt3", 0x302f_0000, 53)].map {
      imx8mp($0.0, $0.1, [$0.2])
    }
    + (0..<4).map { imx8mp("pwm\($0 + 1)", 0x3066_0000 + $0 * 0x1_0000, [81 + $0]) }
    + [("uart1", 0x3086_0000, 26), ("uart3", 0x3088_0000, 28), ("uart4", 0x30a6_0000, 29)].map {
      imx8mp($0.0, $0.1, [$0.2])
    }
    + [("flexcan1", 0x308c_0000, 142), ("flexcan2", 0x308d_0000, 144)].map {
      imx8mp($0.0, $0.1, [$0.2])
    }
    + (0..<4).map { imx8mp("i2c\($0 + 1)", 0x30a2_0000 + $0 * 0x1_0000, [35 + $0]) }
    + (0..<3).map {
      imx8mp("usdhc\($0 + 1)", 0x30b4_0000 + $0 * 0x1_0000, [22 + $0], reachesAllMemory: true)
    }
    + [imx8mp("fec", 0x30be_0000, [118, 119, 120, 121], reachesAllMemory: true)]

  /// 64 KiB of AIPS space; `interrupts` are SPIs.
  private static func imx8mp(
    _ name: String, _ base: Int, _ interrupts: [Int], reachesAllMemory: Bool = false
  ) -> BoardDevice {
    .window(
      name, base, spis: interrupts, size: 0x1_0000, reachesAllMemory: reachesAllMemory,
      of: "imx8mp.dtsi")
  }
}
