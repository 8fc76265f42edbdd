import SepKernel

extension Board {
  /// Phytium Pi, with Phytium's E2000Q (PE2204).
  ///
  /// Not checked on a board.
  public static let phytiumPi = Board(
    name: "phytium-pi", summary: "Phytium Pi, E2000Q: 2 x FTC310, 2 x FTC664, GICv3",
    sources: [
      "Phytium's Linux, arch/arm64/boot/dts/phytium/pe220x.dtsi, pe2204.dtsi and phytiumpi_firefly.dts, by hv dts import; "
        + "of which version was not kept",
      "https://github.com/AOSC-Tracking/phytium-linux-kernel, commit 0283d290fd6f, pe220x.dtsi, compared: controller, ITS, "
        + "timer, SMMU, uart, gpio, spi, pwm, mmc, PCIe",
    ],
    architecture: .aarch64,
    // memory@0 begins here. Its 8 GiB are those of one version and in one piece, which the firmware corrects as it
    // starts; all versions have 2 GiB.
    ram: [AddressRange(base: 0x8000_0000, size: 2 << 30)], ramIsConfigurable: false,
    // /memreserve/. Where OP-TEE is, which the tree says there is, it does not say.
    reserved: [AddressRange(base: 0x8000_0000, size: 0x1_0000)],
    // The first 2 MiB boundary from 0x9010_0000 on, where the vendor's U-Boot loads Linux.
    kernelBase: 0x9020_0000,
    // cpu@0 and cpu@1 (FTC310), of which the first boots; cpu@100 and cpu@101 (FTC664).
    cpus: [BoardCPU(0x200), BoardCPU(0x201), BoardCPU(0), BoardCPU(0x100)],
    interruptController: .gicV3(  // interrupt-controller@30800000
      distributor: AddressRange(base: 0x3080_0000, size: 0x2_0000),
      redistributors: AddressRange(base: 0x3088_0000, size: 0x8_0000),
      interruptTranslation: AddressRange(base: 0x3082_0000, size: 0x2_0000)),
    // stdout-path is serial1, uart@2800d000; SPI 84.
    uart: BoardUART(
      kind: .pl011, region: AddressRange(base: 0x2800_d000, size: 0x1000), line: 116),
    counterFrequency: 50_000_000,  // timer: clock-frequency
    // The highest line in the tree is 274. That nothing drives those above is not known from a manual.
    lineCount: 288, doorbells: 275..<288, devices: phytiumPiDevices)

  /// Those that need nothing but the clocks that always run. Left out: the DDMA that UARTs can share, USB, display,
  /// audio and video, watchdogs. Nothing but PCIe is behind the SMMU.
  private static let phytiumPiDevices: [BoardDevice] =
    [0, 2, 3].map { phytium("uart\($0)", 0x2800_c000 + $0 << 12, [83 + $0]) }
    // Multifunction blocks, as this board uses them.
    + [(0, 0x2801_4000, 92), (11, 0x2802_a000, 103), (15, 0x2803_2000, 107)].map {
      phytium("mio\($0.0)-uart", $0.1, [$0.2])
    }
    + [
      (1, 0x2801_6000, 93), (8, 0x2802_4000, 100), (9, 0x2802_6000, 101), (14, 0x2803_0000, 106),
    ].map { phytium("mio\($0.0)-i2c", $0.1, [$0.2]) }
    + (0...2).map {
      phytium("gpio\($0)", 0x2803_4000 + $0 << 12, Array((108 + $0 * 16)..<(124 + $0 * 16)))
    }
    + (3...5).map { phytium("gpio\($0)", 0x2803_4000 + $0 << 12, [153 + $0]) }
    + [
      phytium("spi0", 0x2803_a000, [159]),
      phytium("can0", 0x2800_a000, [81]), phytium("can1", 0x2800_b000, [82]),
      phytium("pwm0", 0x2804_a000, [173]), phytium("pwm1", 0x2804_b000, [174]),
      phytium("mmc0", 0x2800_0000, [72], reachesAllMemory: true),
      phytium("mmc1", 0x2800_1000, [73], reachesAllMemory: true),
      phytium(
        "macb0", 0x3200_c000, [28, 29, 30, 31, 55, 56, 57, 58], size: 0x2000, reachesAllMemory: true
      ),
      phytium("macb1", 0x3200_e000, [59, 60, 61, 62], size: 0x2000, reachesAllMemory: true),
      BoardDevice(
        name: "pcie",
        regions: [
          AddressRange(base: 0x4000_0000, size: 0x10f0_0000),  // ECAM, I/O
          AddressRange(base: 0x5800_0000, size: 0x2800_0000),
          AddressRange(base: 0x10_0000_0000, size: 0x10_0000_0000),
        ],
        lines: [36, 37, 38, 39], reachesAllMemory: true,
        translation: "iommu@30000000 (arm,smmu-v3)",  // iommu-map
        summary: "PCIe host bridge, INTx only"),
    ]

  /// `interrupts` are SPIs.
  private static func phytium(
    _ name: String, _ base: Int, _ interrupts: [Int], size: UInt64 = 0x1000,
    reachesAllMemory: Bool = false
  ) -> BoardDevice {
    .window(
      name, base, spis: interrupts, size: size, reachesAllMemory: reachesAllMemory,
      of: "the vendor's tree")
  }
}
