import SepKernel

extension Board {
  /// Raspberry Pi 4 Model B with 2 GiB: Broadcom BCM2711 with four Cortex-A72.
  ///
  /// Booted in QEMU. Not checked on a board.
  public static let raspberryPi4B = Board(
    name: "raspi4b", summary: "Raspberry Pi 4 Model B, 2 GiB: 4 x Cortex-A72, GICv2, no PSCI",
    sources: [
      "Linux 6.12, arch/arm/boot/dts/broadcom/bcm2711.dtsi and bcm2711-rpi-4-b.dts (RealTreeTests)",
      "QEMU 10.0, hw/arm/bcm2838.c, raspi4b.c and raspi.c, compared",
      "QEMU 10.0.2, -M raspi4b: info mtree -f, compared",
    ],
    architecture: .aarch64,
    // raspi4b.c: board_rev 0xb03115. memory@0 of the tree is empty: firmware fills it in.
    ram: [AddressRange(base: 0, size: 2 << 30)],
    ramIsConfigurable: false,
    reserved: [
      // The loop in which CPUs wait, and the words they read (raspi.c: SMPBOOT_ADDR,
      // SPINTABLE_ADDR; /memreserve/ of the tree).
      AddressRange(base: 0, size: 0x1000),
      // The VideoCore's end of the first GiB; on a board `gpu_mem` in config.txt, 76 MiB unless set.
      AddressRange(base: 0x3b40_0000, size: 76 << 20),
    ],
    // RAM base + 2 MiB: text_offset 0, as QEMU's loader has it.
    kernelBase: 0x20_0000,
    // bcm2711.dtsi: cpu-release-addr. The firmware of QEMU and of the board has no PSCI.
    cpus: (0..<4).map { BoardCPU(UInt64($0), releaseAddress: 0xd8 + 8 * UInt32($0)) },
    configurableCPUs: nil,
    // interrupt-controller@40041000, a GIC-400, behind `ranges`: 0x4000_0000 is 0xff80_0000.
    interruptController: .gicV2(
      distributor: AddressRange(base: 0xff84_1000, size: 0x1000),
      cpuInterface: AddressRange(base: 0xff84_2000, size: 0x2000)),
    // uart0: SPI 121. In its page, on a board, are uart2 to uart5, which have the same line. The tree's stdout-path is
    // serial1, the mini UART: it begins inside the page of `aux`, whose line SPI1 and SPI2 have, too.
    uart: BoardUART(
      kind: .pl011, region: AddressRange(base: 0xfe20_1000, size: 0x1000), line: 153),
    counterFrequency: 0,  // as CNTFRQ_EL0 says: 62.5 MHz in QEMU, 54 MHz (clk_osc) on a board
    lineCount: 224,  // bcm2838.c: GIC_NUM_IRQS, 192 SPIs
    // SPI 48 to 63: between the ARM's own and the VideoCore's; nothing in bcm2711.dtsi or QEMU has one.
    doorbells: 80..<96,
    devices: raspberryPi4BDevices,
    emulator: BoardEmulator(
      program: "qemu-system-aarch64", machine: "raspi4b", cpu: "cortex-a72", icountShift: 4,
      hasTree: false),
    evidence: BoardEvidence.emulated(by: "GICv2BoardTests"))

  /// It works with clocks and pins as firmware left them. Left out: what is shared by all, clocks, power, pins (`gpio`) and
  /// the mailboxes of the VideoCore, which can do anything; and what shares a page with another device.
  private static let raspberryPi4BDevices = [
    BoardDevice(
      name: "emmc2", regions: [AddressRange(base: 0xfe34_0000, size: 0x1000)], lines: [158],
      reachesAllMemory: true, summary: "emmc2 of bcm2711.dtsi, the SD card")
  ]
}
