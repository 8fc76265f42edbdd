import SepKernel

extension Board {
  /// QEMU's `virt` machine with a PLIC and the H extension.
  public static let qemuVirtRISCV64 = virtRISCV64(
    name: "qemu-virt-riscv64", summary: "QEMU virt, PLIC, 4 harts and 2 GiB unless said otherwise",
    machine: "virt",
    // VIRT_PLIC; riscv,ndev 95.
    interruptController: .plic(
      registers: AddressRange(base: 0x0c00_0000, size: 0x60_0000), sources: 95),
    // VIRT_PLIC_HART_CONFIG "MS": a context for M and one for S of each hart, in this order.
    cpus: (0..<8).map { BoardCPU(UInt64($0), controllerIndex: UInt16(2 * $0 + 1)) },
    // Above the sources: virtual.
    lineCount: 128, doorbells: 96..<128)

  /// The same machine with an APLIC that sends MSIs, and IMSICs with one guest file for each hart.
  public static let qemuVirtRISCV64AIA = virtRISCV64(
    name: "qemu-virt-riscv64-aia",
    summary: "QEMU virt, APLIC and IMSIC, 4 harts and 2 GiB unless said otherwise",
    machine: "virt,aia=aplic-imsic,aia-guests=1",
    interruptController: .aia(
      aplic: AddressRange(base: 0x0d00_0000, size: 0x8000),  // VIRT_APLIC_S
      // VIRT_IMSIC_S; two pages for each hart, 8 harts.
      imsic: AddressRange(base: 0x2800_0000, size: 0x1_0000), guestIndexBits: 1),
    cpus: (0..<8).map { BoardCPU(UInt64($0), controllerIndex: UInt16($0)) },
    // riscv,num-sources 96. Nothing drives the sources between PCIe and the platform bus, as long as
    // the machine has no iommu-sys (36 to 39).
    lineCount: 97, doorbells: 36..<64)

  private static func virtRISCV64(
    name: String, summary: String, machine: String,
    interruptController: BoardInterruptController, cpus: [BoardCPU], lineCount: Int,
    doorbells: Range<Int>
  ) -> Board {
    Board(
      name: name, summary: summary,
      sources: [
        "QEMU 10.0, hw/riscv/virt.c (virt_memmap) and include/hw/riscv/virt.h (interrupts)",
        "QEMU 10.0.2: info mtree -f, and -M \(machine),dumpdtb=virt.dtb -cpu rv64",
      ],
      architecture: .riscv64,
      // VIRT_DRAM; the size is what QEMU is given with -m.
      ram: [AddressRange(base: 0x8000_0000, size: 2 << 30)], ramIsConfigurable: true,
      // OpenSBI, which stays: it is loaded at the base of RAM, and what it starts 2 MiB above
      // (hw/riscv/boot.c, riscv_calc_kernel_start_addr).
      reserved: [AddressRange(base: 0x8000_0000, size: 2 << 20)],
      kernelBase: 0x8020_0000,
      cpus: Array(cpus.prefix(4)), configurableCPUs: cpus,
      interruptController: interruptController,
      // VIRT_UART0, UART0_IRQ.
      uart: BoardUART(
        kind: .ns16550, region: AddressRange(base: 0x1000_0000, size: 0x1000), line: 10,
        registerShift: 0, registerWidth: 1),
      // RISCV_ACLINT_DEFAULT_TIMEBASE_FREQ; `timebase-frequency` of the tree.
      counterFrequency: 10_000_000,
      // Under -icount, QEMU's cycle counter has the machine's nanoseconds (target/riscv/csr.c,
      // get_ticks), and with shift 0 an instruction takes one.
      cycleFrequency: 1_000_000_000,
      lineCount: lineCount, doorbells: doorbells, devices: virtRISCVDevices,
      emulator: BoardEmulator(
        program: "qemu-system-riscv64", machine: machine, cpu: "rv64", icountShift: 0,
        icountArguments: BoardEmulator.ticking),
      evidence: BoardEvidence.virt)
  }

  /// Without VIRT_TEST: who has it switches the machine off.
  private static let virtRISCVDevices: [BoardDevice] =
    [
      BoardDevice(
        name: "rtc", regions: [AddressRange(base: 0x10_1000, size: 0x1000)],  // VIRT_RTC, RTC_IRQ
        lines: [11], summary: "Goldfish real-time clock"),
      BoardDevice(
        name: "platform-bus",  // VIRT_PLATFORM_BUS, VIRT_PLATFORM_BUS_IRQ: 32 lines
        regions: [AddressRange(base: 0x0400_0000, size: 0x0200_0000)], lines: Array(64..<96),
        reachesAllMemory: true, summary: "dynamic platform devices"),
      BoardDevice(
        name: "fw-cfg", regions: [AddressRange(base: 0x1010_0000, size: 0x1000)],  // VIRT_FW_CFG
        reachesAllMemory: true, summary: "QEMU firmware configuration, with DMA"),
      BoardDevice(
        name: "flash", regions: [AddressRange(base: 0x2000_0000, size: 0x0400_0000)],  // VIRT_FLASH
        summary: "two CFI NOR flash banks"),
      BoardDevice(
        name: "pcie",
        regions: [
          AddressRange(base: 0x0300_0000, size: 0x1_0000),  // VIRT_PCIE_PIO
          AddressRange(base: 0x3000_0000, size: 0x1000_0000),  // VIRT_PCIE_ECAM
          AddressRange(base: 0x4000_0000, size: 0x4000_0000),  // VIRT_PCIE_MMIO
          // virt_high_pcie_memmap, for up to 14 GiB of RAM; it moves up with more.
          AddressRange(base: 0x4_0000_0000, size: 0x4_0000_0000),
        ],
        lines: [32, 33, 34, 35],  // PCIE_IRQ
        reachesAllMemory: true, summary: "PCIe host bridge, INTx only"),
    ]
    // VIRT_VIRTIO, VIRTIO_IRQ: eight transports, a page each.
    + (0..<8).map { index in
      BoardDevice(
        name: "virtio-mmio\(index)",
        regions: [AddressRange(base: 0x1000_1000 + UInt64(index) * 0x1000, size: 0x1000)],
        lines: [1 + index], reachesAllMemory: true, summary: "virtio-mmio transport \(index)")
    }
}
