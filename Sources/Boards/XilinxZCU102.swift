import SepKernel

extension Board {
  /// AMD (Xilinx) ZCU102: Zynq UltraScale+ MPSoC with four Cortex-A53; its Cortex-R5s are not used.
  ///
  /// Booted in QEMU. Not checked on a board.
  public static let xilinxZCU102 = Board(
    name: "xlnx-zcu102", summary: "AMD ZCU102, Zynq UltraScale+: 4 x Cortex-A53, GICv2",
    sources: [
      "Linux 6.12, arch/arm64/boot/dts/xilinx/zynqmp.dtsi and zynqmp-zcu102-revA.dts (RealTreeTests)",
      "QEMU 10.0, hw/arm/xlnx-zynqmp.c, compared",
      "QEMU 10.0.2, -M xlnx-zcu102,virtualization=on: info mtree -f, compared",
    ],
    architecture: .aarch64,
    // memory@0, XLNX_ZYNQMP_MAX_LOW_RAM_SIZE. The board's other 2 GiB, at 0x8_0000_0000, are left out:
    // QEMU starts no kernel without a tree with 4 GiB or more. Trusted Firmware is in on-chip memory.
    ram: [AddressRange(base: 0, size: 2 << 30)],
    ramIsConfigurable: false,
    // RAM base + 2 MiB: text_offset 0, as QEMU's loader and U-Boot's `booti` have it.
    kernelBase: 0x20_0000,
    cpus: zcu102CPUs, configurableCPUs: zcu102CPUs,
    // interrupt-controller@f9010000, a GIC-400. Each page repeats throughout 64 KiB
    // (XLNX_ZYNQMP_GIC_ALIASES).
    interruptController: .gicV2(
      distributor: AddressRange(base: 0xf901_0000, size: 0x1000),
      cpuInterface: AddressRange(base: 0xf902_f000, size: 0x2000)),
    // zynqmp-zcu102-revA.dts: stdout-path is serial0, which is uart0; SPI 21.
    uart: BoardUART(
      kind: .cadence, region: AddressRange(base: 0xff00_0000, size: 0x1000), line: 53),
    counterFrequency: 0,  // as CNTFRQ_EL0 says: 62.5 MHz in QEMU; firmware's choice on a board
    lineCount: 192,  // GIC_NUM_SPI_INTR: 160 SPIs
    // Between the two groups that come from the programmable logic, 121-128 and 136-143 (PG201, table
    // "Interrupt Map"); neither zynqmp.dtsi nor QEMU has anything there.
    doorbells: 129..<136,
    devices: zcu102Devices,
    // The display port wants sound.
    emulator: BoardEmulator(
      program: "qemu-system-aarch64", machine: "xlnx-zcu102,virtualization=on", cpu: "cortex-a53",
      machineArguments: BoardEmulator.silent, icountShift: 4, hasTree: false),
    evidence: BoardEvidence.emulated(by: "GICv2BoardTests"))

  private static let zcu102CPUs: [BoardCPU] = (0..<4).map { BoardCPU(UInt64($0)) }

  /// Those that work with clocks, resets and pins as the boot loader left them. Who has them reaches
  /// neither CRF and CRL_APB nor IOU_SLCR, which belong to all, nor the firmware of the PMU.
  private static let zcu102Devices: [BoardDevice] =
    [zcu102("uart1", 0xff01_0000, [22])]
    + (0..<2).map { zcu102("i2c\($0)", 0xff02_0000 + $0 * 0x1_0000, [17 + $0]) }
    + (0..<2).map { zcu102("spi\($0)", 0xff04_0000 + $0 * 0x1_0000, [19 + $0]) }
    + (0..<2).map { zcu102("can\($0)", 0xff06_0000 + $0 * 0x1_0000, [23 + $0]) }
    + [zcu102("gpio", 0xff0a_0000, [16])]
    + (0..<4).map { index in
      zcu102(
        "gem\(index)", 0xff0b_0000 + index * 0x1_0000, [57 + 2 * index], reachesAllMemory: true)
    }
    + (0..<4).map { index in
      zcu102("ttc\(index)", 0xff11_0000 + index * 0x1_0000, (0..<3).map { 36 + 3 * index + $0 })
    }
    + (0..<2).map {
      zcu102("sdhci\($0)", 0xff16_0000 + $0 * 0x1_0000, [48 + $0], reachesAllMemory: true)
    }
    + [
      zcu102("rtc", 0xffa6_0000, [26, 27]),
      zcu102("sata", 0xfd0c_0000, [133], size: 0x2000, reachesAllMemory: true),
    ]
    + (0..<8).map {
      zcu102("gdma\($0)", 0xfd50_0000 + $0 * 0x1_0000, [124 + $0], reachesAllMemory: true)
    }

  /// `interrupts` are SPIs.
  private static func zcu102(
    _ name: String, _ base: Int, _ interrupts: [Int], size: UInt64 = 0x1000,
    reachesAllMemory: Bool = false
  ) -> BoardDevice {
    BoardDevice(
      name: name, regions: [AddressRange(base: UInt64(base), size: size)],
      lines: interrupts.map { $0 + 32 }, reachesAllMemory: reachesAllMemory,
      // zynqmp.dtsi has the `iommus` of each of these as a comment, and the node disabled.
      translation: reachesAllMemory ? "iommu@fd800000 (arm,mmu-500)" : "",
      summary: "\(name) of zynqmp.dtsi")
  }
}
