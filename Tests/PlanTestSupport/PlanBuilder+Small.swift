import LatencyProbe
import RTPartition
import SepKernel

extension PlanBuilder {
  /// Addresses of `small()`.
  public enum Small {
    public static let ram = PlanRegion(base: 0x4000_0000, size: 64 << 20)
    public static let kernel = PlanRegion(base: 0x4020_0000, size: 0x20_0000)
    public static let image = PlanRegion(base: 0x4020_0000, size: 0x1_f000)
    public static let planBase: UInt64 = 0x4021_f000
    public static let payloads: UInt64 = 0x4023_0000
    public static let tables = PlanRegion(base: 0x4030_0000, size: 0x4_0000)
    public static let records = PlanRegion(base: 0x4050_0000, size: 0x20_0000)
    public static let linuxHost: UInt64 = 0x4100_0000
    public static let realtimeHost: UInt64 = 0x4180_0000
    public static let uart = PlanRegion(base: 0x0900_0000, size: 0x1000)
    public static let window = PlanRegion(base: 0x0900_0000, size: 0x4_0000)
    public static let virtio = PlanRegion(base: 0x0a00_0000, size: 0x4000)
  }

  /// A small valid Plan: a board like QEMU's virt machine with four CPUs, zone 0 `linux` (zone0, CPUs
  /// 0 and 1, a clock) and zone 1 `control` (zoneR, CPU 2, stamps, stimulus line); CPU 3 is unused.
  /// With another interrupt controller only that and the UART differ. Not sealed.
  public static func small(_ kind: PlanInterruptControllerKind = .gicV3) -> PlanBuilder {
    let builder = PlanBuilder(
      context: PlanContext(architecture: kind.architecture, image: Small.image, bootHardwareID: 1))
    builder.addSmallBoard()
    builder.addSmallController(kind)
    builder.addSmallLinux()
    builder.addSmallControl()
    builder.addCPU(3)
    return builder
  }

  private func addSmallBoard() {
    plan.pointee.header.lineCount = 288
    plan.pointee.header.imageHash[0] = 0x1122_3344_5566_7788
    plan.pointee.header.imageHash[1] = 0x99aa_bbcc_ddee_ff00
    for (index, byte) in "small-virt".utf8.enumerated() {
      plan.pointee.board.name[index] = byte
    }
    plan.pointee.board.ramCount = 2
    plan.pointee.board.ram[0] = Small.ram
    plan.pointee.board.ram[1] = PlanRegion(base: 0x8000_0000, size: 0x10_0000)
    plan.pointee.board.deviceCount = 2
    plan.pointee.board.devices[0] = Small.window
    plan.pointee.board.devices[1] = Small.virtio
    plan.pointee.board.uart.line = 33
    plan.pointee.board.uart.region = Small.uart
    plan.pointee.board.kernel = Small.kernel
    plan.pointee.board.tables = Small.tables
    plan.pointee.board.records = Small.records
    plan.pointee.board.counterFrequency = 62_500_000
    setLine(33, owner: PlanOwner.kernel)
  }

  private func addSmallController(_ kind: PlanInterruptControllerKind) {
    plan.pointee.board.interruptController.kind = kind.rawValue
    let regions: [PlanRegion]
    switch kind {
    case .gicV2:
      regions = [
        PlanRegion(base: 0x0800_0000, size: 0x1000), PlanRegion(base: 0x0801_0000, size: 0x2000),
      ]
    case .gicV3:
      regions = [
        PlanRegion(base: 0x0800_0000, size: 0x1_0000),
        PlanRegion(base: 0x080a_0000, size: 0xf6_0000),
        PlanRegion(base: 0x0808_0000, size: 0x2_0000),
      ]
    case .plic:
      regions = [PlanRegion(base: 0x0c00_0000, size: 0x40_0000)]
      // So that lines 192 to 223 are its doorbells.
      plan.pointee.board.interruptController.parameter = 191
    case .aia:
      regions = [
        PlanRegion(base: 0x0d00_0000, size: 0x8000), PlanRegion(base: 0x2800_0000, size: 0x1_0000),
      ]
      plan.pointee.board.interruptController.parameter = 1
    }
    for (index, region) in regions.enumerated() {
      plan.pointee.board.interruptController.regions[index] = region
    }
    switch kind.architecture {
    case .aarch64: plan.pointee.board.uart.kind = PlanUARTKind.pl011.rawValue
    case .riscv64, .x86_64, .loongarch64:
      plan.pointee.board.uart.kind = PlanUARTKind.ns16550.rawValue
      plan.pointee.board.uart.registerWidth = 1
      plan.pointee.board.cycleFrequency = 1_000_000_000
    }
  }

  private func addSmallLinux() {
    let zone = addZone("linux", .zone0, flags: .console.union(.absentReadsZero))
    addCPU(0, owner: zone)
    addCPU(1, owner: zone)
    setLine(34, owner: 0)
    setLine(208, owner: 0, kind: PlanLine.doorbell)
    plan.pointee.zones[zone].entry = 0x4020_0000
    plan.pointee.zones[zone].arguments[0] = 0x4000_0000
    plan.pointee.zones[zone].consoleGuest = 0x0900_0000
    plan.pointee.zones[zone].consoleLine = 208
    addRange(zone, guest: 0x4000_0000, host: Small.linuxHost, size: 0x40_0000)
    addRange(
      zone, guest: 0x0901_0000, host: 0x0901_0000, size: 0x1000, kind: .device,
      .read.union(.write))
    addPayload(
      zone, source: Small.payloads, guest: 0x4020_0000, fileSize: 0x1_2345, memorySize: 0x2_0000)
    addPayload(
      zone, source: Small.payloads + 0x1_3000, guest: 0x4000_0000, fileSize: 0x800,
      memorySize: 0x800)
  }

  private func addSmallControl() {
    let zone = addZone("control", .zoneR, flags: .console)
    addCPU(2, owner: zone)
    setLine(209, owner: 1, kind: PlanLine.doorbell)
    setLine(210, owner: 1, kind: PlanLine.doorbell)
    plan.pointee.zones[zone].entry = 0x4000_1000
    plan.pointee.zones[zone].consoleGuest = 0x0900_0000
    plan.pointee.zones[zone].consoleLine = 209
    plan.pointee.zones[zone].stimulusLine = 210
    addRange(
      zone, guest: 0x4000_0000, host: Small.realtimeHost, size: 0x2_0000, .read.union(.execute))
    addRange(
      zone, guest: 0x4002_0000, host: Small.realtimeHost + 0x8_0000, size: 0x4_0000,
      .read.union(.write))
    addRange(
      zone, guest: 0x5000_0000, host: smallStamps(zone), size: 0x4000, kind: .stamps,
      .read.union(.write))
    addPayload(
      zone, source: Small.payloads + 0x2_0000, guest: 0x4000_0000, fileSize: 0x6000,
      memorySize: 0x6000)
    addPayload(
      zone, source: Small.payloads + 0x2_6000, guest: 0x4002_0000, fileSize: 0x1238,
      memorySize: 0x3000)
  }

  /// First byte of a zone's stamp area in the records of `small()`, host-physical.
  public func smallStamps(_ zone: Int) -> UInt64 {
    let layout = RecordLayout(cpus: 4, zones: 2, regionBytes: Small.records.size)
    return Small.records.base + UInt64(layout?.stampOffset(zone: zone) ?? 0)
  }
}
