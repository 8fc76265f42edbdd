import SepKernel

extension Board {
  /// QEMU's `virt` machine with a GICv3 and EL2.
  ///
  /// SPI n of the device tree is INTID n + 32.
  public static let qemuVirtAArch64 = Board(
    name: "qemu-virt-aarch64",
    summary: "QEMU virt, GICv3, EL2, 4 x Cortex-A53 and 2 GiB unless said otherwise",
    sources: [
      "QEMU 10.0, hw/arm/virt.c (base_memmap, a15irqmap, virt_cpu_mp_affinity)",
      "QEMU 10.0.2: info mtree -f, and -M virt,virtualization=on,gic-version=3,dumpdtb=virt.dtb -cpu cortex-a53",
    ],
    architecture: .aarch64,
    // VIRT_MEM; the size is what QEMU is given with -m.
    ram: [AddressRange(base: 0x4000_0000, size: 2 << 30)],
    ramIsConfigurable: true,
    // QEMU's loader puts an arm64 Image at RAM base + 2 MiB when its text_offset is 0
    // (hw/arm/boot.c, load_aarch64_image: it keeps the first pages for its own first instructions).
    kernelBase: 0x4020_0000,
    cpus: Array(virtCPUs.prefix(4)),
    configurableCPUs: virtCPUs,
    interruptController: .gicV3(
      distributor: AddressRange(base: 0x0800_0000, size: 0x1_0000),  // VIRT_GIC_DIST
      redistributors: AddressRange(base: 0x080a_0000, size: 0xf6_0000),  // VIRT_GIC_REDIST
      interruptTranslation: AddressRange(base: 0x0808_0000, size: 0x2_0000)),  // VIRT_GIC_ITS
    // VIRT_UART0: SPI 1.
    uart: BoardUART(
      kind: .pl011, region: AddressRange(base: 0x0900_0000, size: 0x1000), line: 33),
    // CNTFRQ_EL0 of QEMU's Cortex-A53 (target/arm/cpu.c; -cpu max would have 1 GHz).
    counterFrequency: 62_500_000,
    // NUM_IRQS = 256 SPIs.
    lineCount: 288,
    // The highest lines of the map are the 64 of the platform bus (SPI 112-175); nothing is above.
    doorbells: 208..<288,
    devices: virtDevices,
    emulator: BoardEmulator(
      program: "qemu-system-aarch64", machine: "virt,virtualization=on,gic-version=3",
      cpu: "cortex-a53", icountShift: 4),
    evidence: BoardEvidence.virt
  )

  /// With a GICv3, QEMU numbers CPUs Aff1.Aff0 with 16 CPUs to a cluster, because ICC_SGI1R_EL1
  /// has a target list of 16 bits (`virt_cpu_mp_affinity`; seen in the tree with -smp 17).
  private static let virtCPUs: [BoardCPU] = (0..<64).map { cpu in
    BoardCPU(UInt64(cpu / 16) << 8 | UInt64(cpu % 16))
  }

  private static let virtDevices: [BoardDevice] = [
    BoardDevice(
      name: "flash", regions: [AddressRange(base: 0, size: 0x0800_0000)],  // VIRT_FLASH
      summary: "two CFI NOR flash banks"),
    BoardDevice(
      name: "rtc", regions: [AddressRange(base: 0x0901_0000, size: 0x1000)],  // VIRT_RTC: SPI 2
      lines: [34], summary: "PL031 real-time clock"),
    BoardDevice(
      name: "fw-cfg", regions: [AddressRange(base: 0x0902_0000, size: 0x1000)],  // VIRT_FW_CFG
      reachesAllMemory: true, summary: "QEMU firmware configuration, with DMA"),
    BoardDevice(
      name: "gpio", regions: [AddressRange(base: 0x0903_0000, size: 0x1000)],  // VIRT_GPIO: SPI 7
      lines: [39], summary: "PL061 GPIO (power button)"),
    // VIRT_MMIO: 32 transports of 0x200 bytes, SPI 16 + n. Eight share a page, so that a page of
    // eight is the smallest unit that can have one owner.
    virtioPage(0), virtioPage(1), virtioPage(2), virtioPage(3),
    BoardDevice(
      name: "platform-bus",  // VIRT_PLATFORM_BUS: SPI 112-175
      regions: [AddressRange(base: 0x0c00_0000, size: 0x0200_0000)], lines: Array(144..<208),
      reachesAllMemory: true, summary: "dynamic platform devices"),
    BoardDevice(
      // Without VIRT_HIGH_PCIE_MMIO: it starts at 2^39, where guest-physical addresses end.
      name: "pcie",
      regions: [
        AddressRange(base: 0x1000_0000, size: 0x2eff_0000),  // VIRT_PCIE_MMIO
        AddressRange(base: 0x3eff_0000, size: 0x1_0000),  // VIRT_PCIE_PIO
        AddressRange(base: 0x40_1000_0000, size: 0x1000_0000),  // VIRT_HIGH_PCIE_ECAM
      ],
      lines: [35, 36, 37, 38],  // VIRT_PCIE: SPI 3-6
      reachesAllMemory: true, summary: "PCIe host bridge"),
  ]

  private static func virtioPage(_ page: Int) -> BoardDevice {
    BoardDevice(
      name: "virtio-mmio\(page)",
      regions: [AddressRange(base: 0x0a00_0000 + UInt64(page) * 0x1000, size: 0x1000)],
      lines: Array((48 + page * 8)..<(56 + page * 8)), reachesAllMemory: true,
      summary: "virtio-mmio transports \(page * 8) to \(page * 8 + 7)")
  }
}
