import SepKernel

extension Board {
  /// XiangShan KunMingHu, the FPGA prototype: harts with the H extension, APLIC and IMSIC.
  ///
  /// Booted with QEMU 11.1.3 (KunMingHuTests). Not checked on an FPGA. What that model does not say is not known: RAM (2 GiB are assumed; say `ram`), the place of the
  /// firmware (OpenSBI's default is assumed), the number of harts of a bitstream (1 is assumed), and
  /// which sources beside the UART's are driven (none are, in the model).
  public static let xiangShanKunMingHu = Board(
    name: "xiangshan-kunminghu",
    summary: "XiangShan KunMingHu on FPGA, APLIC and IMSIC",
    sources: [
      "QEMU 11, hw/riscv/xiangshan_kmh.c and include/hw/riscv/xiangshan_kmh.h, written by the same institute (BOSC)"
    ],
    architecture: .riscv64,
    ram: [AddressRange(base: 0x8000_0000, size: 2 << 30)],  // XIANGSHAN_KMH_DRAM
    ramIsConfigurable: true,
    reserved: [AddressRange(base: 0x8000_0000, size: 2 << 20)],
    kernelBase: 0x8020_0000,
    cpus: Array(kunMingHuCPUs.prefix(1)), configurableCPUs: kunMingHuCPUs,
    interruptController: .aia(
      aplic: AddressRange(base: 0x3112_0000, size: 0x4000),  // XIANGSHAN_KMH_APLIC_S
      // XIANGSHAN_KMH_IMSIC_S, as many pages as 16 harts have; XIANGSHAN_KMH_IMSIC_GUEST_BITS.
      imsic: AddressRange(base: 0x3b00_0000, size: 0x8_0000), guestIndexBits: 3),
    // XIANGSHAN_KMH_UART0, serial_mm_init with a shift of 2. The model takes accesses of any width;
    // words are assumed.
    uart: BoardUART(
      kind: .ns16550, region: AddressRange(base: 0x310b_0000, size: 0x1_0000), line: 10,
      registerShift: 2, registerWidth: 4),
    counterFrequency: 1_000_000,  // XIANGSHAN_KMH_CLINT_TIMEBASE_FREQ
    cycleFrequency: 0,
    // XIANGSHAN_KMH_APLIC_NUM_SOURCES.
    lineCount: 97, doorbells: 64..<97, devices: [],
    emulator: BoardEmulator(
      program: "qemu-system-riscv64", minimumVersion: 11, machine: "xiangshan-kunminghu",
      cpu: "xiangshan-kunminghu", icountShift: 0,
      icountArguments: BoardEmulator.ticking,
      firmware: BoardFirmware(
        clint: AddressRange(base: 0x3800_0000, size: 0x1_0000),  // XIANGSHAN_KMH_CLINT
        machineAPLIC: AddressRange(base: 0x3110_0000, size: 0x4000),  // XIANGSHAN_KMH_APLIC_M
        machineIMSIC: AddressRange(base: 0x3a80_0000, size: 0x1_0000),  // XIANGSHAN_KMH_IMSIC_M
        identities: 255,  // XIANGSHAN_KMH_IMSIC_NUM_IDS
        // Of those in target/riscv/cpu.c, TYPE_RISCV_CPU_XIANGSHAN_KMH, what OpenSBI uses.
        isa: "rv64imafdch_smaia_ssaia_sstc")),
    evidence: BoardEvidence.emulated(by: "KunMingHuTests"))

  /// XIANGSHAN_KMH_MAX_CPUS.
  private static let kunMingHuCPUs: [BoardCPU] = (0..<16).map {
    BoardCPU(UInt64($0), controllerIndex: UInt16($0))
  }
}
