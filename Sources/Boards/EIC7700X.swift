import SepKernel

/// Boards with ESWIN's EIC7700X: four SiFive P550 (hart ids 0 to 3) with the H extension, a PLIC.
///
/// Not checked on a board.
/// These CPUs have no Sstc, and writing `henvcfg` traps: the kernel finds out, and timers are mediated.
extension Board {
  /// Milk-V Megrez. RAM: 16 GiB from 0x8000_0000 in the vendor's tree; others are sold.
  public static let milkVMegrez = eic7700X(
    name: "milkv-megrez", summary: "Milk-V Megrez, EIC7700X: 4 x P550, PLIC",
    source: "Milk-V's Linux (rockos-kernel), eic7700-milkv-megrez.dts: RAM")

  /// SiFive HiFive Premier P550. Its tree leaves RAM to the boot loader; the board is sold with 16 GiB and more.
  public static let hiFivePremierP550 = eic7700X(
    name: "hifive-premier-p550",
    summary: "SiFive HiFive Premier P550, EIC7700X: 4 x P550, PLIC",
    source:
      "Linux, arch/riscv/boot/dts/eswin/eic7700-hifive-premier-p550.dts, which has no RAM: the smaller size "
      + "that is sold")

  /// `source`: where what the SoC does not have is from.
  private static func eic7700X(name: String, summary: String, source: String) -> Board {
    Board(
      name: name, summary: summary,
      sources: [
        "Linux, arch/riscv/boot/dts/eswin/eic7700.dtsi: all but RAM and firmware", source,
        "OpenSBI's default place and size: an assumption",
      ],
      architecture: .riscv64,
      ram: [AddressRange(base: 0x8000_0000, size: 16 << 30)], ramIsConfigurable: true,
      // OpenSBI's default place and size; not checked with the board's firmware.
      reserved: [AddressRange(base: 0x8000_0000, size: 2 << 20)],
      kernelBase: 0x8020_0000,
      cpus: (0..<4).map { BoardCPU(UInt64($0), controllerIndex: UInt16(2 * $0 + 1)) },
      configurableCPUs: nil,
      // plic@c000000: riscv,ndev 520; interrupts-extended names M and S of each hart, in this order.
      interruptController: .plic(
        registers: AddressRange(base: 0x0c00_0000, size: 0x400_0000), sources: 520),
      // serial@50900000: snps,dw-apb-uart, reg-shift 2, reg-io-width 4.
      uart: BoardUART(
        kind: .designWare, region: AddressRange(base: 0x5090_0000, size: 0x1_0000), line: 100,
        registerShift: 2, registerWidth: 4),
      // timebase-frequency.
      counterFrequency: 1_000_000,
      // The vendor's tree has operating points: no constant frequency.
      cycleFrequency: 0,
      // Virtual: above the sources.
      lineCount: 576, doorbells: 544..<576, devices: eic7700XDevices)
  }

  /// Those of Linux' tree that need no other device to work. Ethernet, storage, PCIe, NPU and GPU are
  /// left out: which clocks and resets they share, and what the SMMU lets them reach, is not checked.
  private static let eic7700XDevices: [BoardDevice] =
    (1...4).map { index in
      BoardDevice(
        name: "uart\(index)",
        regions: [AddressRange(base: 0x5090_0000 + UInt64(index) * 0x1_0000, size: 0x1_0000)],
        lines: [100 + index], summary: "DesignWare UART \(index)")
    } + [
      BoardDevice(
        name: "gpio", regions: [AddressRange(base: 0x5160_0000, size: 0x1000)],
        lines: Array(303...334), summary: "DesignWare GPIO, ports A to D")
    ]
}
