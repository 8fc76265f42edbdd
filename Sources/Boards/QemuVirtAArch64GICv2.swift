import SepKernel

extension Board {
  /// QEMU's `virt` machine with a GICv2 and EL2; all else is `qemuVirtAArch64`'s.
  public static let qemuVirtAArch64GICv2: Board = {
    var board = qemuVirtAArch64
    board.name = "qemu-virt-aarch64-gicv2"
    board.summary = "QEMU virt, GICv2, EL2, 4 x Cortex-A53 and 2 GiB unless said otherwise"
    board.sources = [
      "QEMU 10.0, hw/arm/virt.c (base_memmap, create_gic, virt_cpu_mp_affinity), hw/intc/arm_gic.c (sizes of registers)",
      "QEMU 10.0.2: info mtree -f, and -M virt,virtualization=on,gic-version=2,dumpdtb=virt.dtb -cpu cortex-a53",
    ]
    // With a GICv2, QEMU puts 8 CPUs in a cluster: Aff0 is the CPU's number.
    let cpus = (0..<8).map { BoardCPU(UInt64($0)) }
    board.cpus = Array(cpus.prefix(4))
    board.configurableCPUs = cpus
    board.interruptController = .gicV2(
      distributor: AddressRange(base: 0x0800_0000, size: 0x1000),  // VIRT_GIC_DIST
      cpuInterface: AddressRange(base: 0x0801_0000, size: 0x2000))  // VIRT_GIC_CPU
    board.emulator?.machine = "virt,virtualization=on,gic-version=2"
    return board
  }()
}
