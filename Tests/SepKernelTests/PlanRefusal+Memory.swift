import PlanTestSupport
import SepKernel

private typealias Small = PlanBuilder.Small

extension PlanRefusal {
  /// Zone 0: range 0 is RAM, 1 a device. Zone 1: 0 code, 1 data, 2 stamps.
  static let ranges: [PlanRefusal] = [
    .init(.init(.rangeKind, zone: 1, item: 1)) { $0.plan.pointee.zones[1].ranges[1].kind = 3 },
    .init(.init(.rangePermissions, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].permissions |= 1 << 3
    },
    .init(.init(.rangeUnreadable, zone: 1, item: 1)) {
      $0.plan.pointee.zones[1].ranges[1].permissions = PlanPermissions.write.rawValue
    },
    .init(.init(.rangeUnreadable, zone: 0, item: 1)) {
      $0.plan.pointee.zones[0].ranges[1].permissions = 0
    },
    .init(.init(.rangeExecutable, zone: 0, item: 1)) {
      $0.plan.pointee.zones[0].ranges[1].permissions = PlanPermissions.all.rawValue
    },
    .init(.init(.rangeExecutable, zone: 1, item: 2)) {
      $0.plan.pointee.zones[1].ranges[2].permissions = PlanPermissions.all.rawValue
    },
    .init(.init(.rangeReserved, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].reserved[5] = 0x80
    },
    .init(.init(.rangeAlignment, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].guest += 0x800
    },
    .init(.init(.rangeAlignment, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].host += 8
    },
    .init(.init(.rangeAlignment, zone: 0, item: 1)) {
      $0.plan.pointee.zones[0].ranges[1].size = 0x200
    },
    .init(.init(.rangeEmpty, zone: 1, item: 1)) { $0.plan.pointee.zones[1].ranges[1].size = 0 },
    .init(.init(.rangeGuestAddress, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].guest = (1 << 39) - 0x1000
    },
    .init(.init(.rangeGuestAddress, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].size = 0 &- 0x1000
    },
    .init(.init(.rangeOutsideRAM, zone: 0, item: 0)) {
      // Across the end of the first RAM region.
      $0.plan.pointee.zones[0].ranges[0].host = Small.ram.end - 0x1000
    },
    .init(.init(.rangeOutsideRAM, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].host = 0 &- 0x1000
    },
    .init(.init(.rangeOutsideWindow, zone: 0, item: 1)) {
      $0.plan.pointee.zones[0].ranges[1].host = Small.window.end
    },
    .init(.init(.rangeOutsideWindow, zone: 0, item: 1)) {
      // RAM as a device.
      $0.plan.pointee.zones[0].ranges[1].host = 0x4200_0000
    },
    .init(.init(.rangeOutsideStamps, zone: 1, item: 2)) {
      // The kernel's part of the records.
      $0.plan.pointee.zones[1].ranges[2].host = Small.records.base
    },
    .init(.init(.rangeOutsideStamps, zone: 1, item: 2)) {
      $0.plan.pointee.zones[1].ranges[2].host = $0.smallStamps(0)
    },
    .init(.init(.rangeOutsideStamps, zone: 1, item: 2)) {
      $0.plan.pointee.board.records = PlanRegion()
    },
    .init(.init(.rangeOverKernel, zone: 0, item: 0)) {
      // The last page of the region.
      $0.plan.pointee.zones[0].ranges[0].host = Small.kernel.end - 0x1000
    },
    .init(.init(.rangeOverKernel, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].host = Small.ram.base
    },
    .init(.init(.rangeOverRecords, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].ranges[0].host = Small.records.end - 0x1000
    },
    .init(.init(.rangeOverKernelDevice, zone: 0, item: 1, otherItem: 3)) {
      $0.plan.pointee.zones[0].ranges[1].host = Small.uart.base
    },
    .init(.init(.rangeOverKernelDevice, zone: 0, item: 1, otherItem: 0), on: [.plic]) {
      $0.plan.pointee.board.devices[0] = PlanRegion(base: 0x0900_0000, size: 0x700_0000)
      $0.plan.pointee.zones[0].ranges[1].host = 0x0c20_1000
    },
    .init(.init(.rangeOverKernelDevice, zone: 0, item: 1, otherItem: 1), on: [.aia]) {
      // The guest file of CPU 3, which has no zone.
      $0.plan.pointee.board.devices[0] = PlanRegion(base: 0x0900_0000, size: 0x2000_0000)
      $0.plan.pointee.zones[0].ranges[1].host = 0x2800_7000
    },
    .init(.init(.rangeOverKernelDevice, zone: 0, item: 1, otherItem: 0), on: [.gicV3]) {
      $0.plan.pointee.board.devices[0] = PlanRegion(base: 0x0800_0000, size: 0x104_0000)
      $0.plan.pointee.zones[0].ranges[1].host = 0x0800_f000
    },
    .init(.init(.rangeOverKernelDevice, zone: 0, item: 1, otherItem: 1), on: [.gicV2]) {
      $0.plan.pointee.board.devices[0] = PlanRegion(base: 0x0800_0000, size: 0x104_0000)
      $0.plan.pointee.zones[0].ranges[1].host = 0x0801_1000
    },
    .init(.init(.rangeHostOverlap, zone: 1, item: 0, otherZone: 0, otherItem: 0)) {
      $0.plan.pointee.zones[1].ranges[0].host = Small.linuxHost + 0x3f_f000
    },
    .init(.init(.rangeHostOverlap, zone: 1, item: 1, otherZone: 1, otherItem: 0)) {
      $0.plan.pointee.zones[1].ranges[1].host = $0.plan.pointee.zones[1].ranges[0].host + 0x1000
    },
    .init(.init(.rangeHostOverlap, zone: 1, item: 3, otherZone: 0, otherItem: 1)) {
      $0.addRange(
        1, guest: 0x0901_0000, host: 0x0901_0000, size: 0x1000, kind: .device,
        .read.union(.write))
    },
    .init(.init(.rangeGuestOverlap, zone: 1, item: 1, otherItem: 0)) {
      $0.plan.pointee.zones[1].ranges[1].guest = 0x4001_f000
    },
    .init(.init(.rangeOverGuestWindow, zone: 0, item: 1, otherItem: 2)) {
      $0.plan.pointee.zones[0].ranges[1].guest = 0x0900_0000
    },
    .init(.init(.rangeOverGuestWindow, zone: 0, item: 1, otherItem: 0), on: [.plic]) {
      $0.plan.pointee.zones[0].ranges[1].guest = 0x085f_f000
    },
    .init(.init(.rangeOverGuestWindow, zone: 0, item: 1, otherItem: 1), on: [.aia]) {
      // The IMSIC file of its second CPU.
      $0.plan.pointee.zones[0].ranges[1].guest = 0x080a_1000
    },
    .init(.init(.rangeOverGuestWindow, zone: 0, item: 1, otherItem: 1), on: [.gicV3]) {
      // The last page of the second redistributor.
      $0.plan.pointee.zones[0].ranges[1].guest = 0x080d_f000
    },
    .init(.init(.rangeOverGuestWindow, zone: 0, item: 1, otherItem: 1), on: [.gicV2]) {
      // The page of GICC_DIR.
      $0.plan.pointee.zones[0].ranges[1].guest = 0x080a_1000
    },
    // The ITS is where the board has it.
    .init(.init(.rangeOverGuestWindow, zone: 0, item: 1, otherItem: 3), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.parameter = 1
      $0.plan.pointee.board.tables.size = 0xa_2000
      $0.plan.pointee.zones[0].ranges[1].guest =
        $0.plan.pointee.board.interruptController.regions[2].base
    },
    .init(.init(.rangeUnused, zone: 0)) { $0.plan.pointee.zones[0].ranges[63].permissions = 1 },
    .init(.init(.rangeUnused, zone: 1)) { $0.plan.pointee.zones[1].rangeCount = 2 },
  ]

  static let payloads: [PlanRefusal] = [
    .init(.init(.payloadAlignment, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].payloads[0].source += 4
    },
    .init(.init(.payloadAlignment, zone: 1, item: 1)) {
      $0.plan.pointee.zones[1].payloads[1].guest += 1
    },
    .init(.init(.payloadEmpty, zone: 0, item: 1)) {
      $0.plan.pointee.zones[0].payloads[1].fileSize = 0
      $0.plan.pointee.zones[0].payloads[1].memorySize = 0
    },
    .init(.init(.payloadSizes, zone: 0, item: 1)) {
      $0.plan.pointee.zones[0].payloads[1].fileSize = 0x801
    },
    .init(.init(.payloadDestination, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].payloads[0].memorySize = 0x20_0001
    },
    .init(.init(.payloadDestination, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].payloads[0].memorySize = .max
    },
    .init(.init(.payloadDestination, zone: 1, item: 0)) {
      // Across two ranges that touch.
      $0.plan.pointee.zones[1].payloads[0].guest = 0x4001_f000
    },
    .init(.init(.payloadDestination, zone: 0, item: 1)) {
      // A device.
      $0.plan.pointee.zones[0].payloads[1].guest = 0x0901_0000
    },
    .init(.init(.payloadDestination, zone: 1, item: 1)) {
      $0.plan.pointee.zones[1].payloads[1].guest = 0x5000_0000
    },
    .init(.init(.payloadSource, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].payloads[0].source = Small.kernel.end - 0x1_2340
    },
    .init(.init(.payloadSource, zone: 0, item: 0)) {
      // Another zone's memory.
      $0.plan.pointee.zones[0].payloads[0].source = Small.realtimeHost
    },
    .init(.init(.payloadSource, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].payloads[0].source = 0 &- 8
    },
    .init(.init(.payloadOverImage, zone: 0, item: 0)) {
      $0.plan.pointee.zones[0].payloads[0].source = Small.image.base
    },
    .init(.init(.payloadOverPlan, zone: 0, item: 1)) {
      $0.plan.pointee.zones[0].payloads[1].source = Small.planBase + 0x1000
    },
    .init(.init(.payloadOverTables, zone: 1, item: 0)) {
      $0.plan.pointee.zones[1].payloads[0].source = Small.tables.base - 0x1000
    },
    .init(.init(.payloadOverlap, zone: 0, item: 1, otherItem: 0)) {
      $0.plan.pointee.zones[0].payloads[1].guest = 0x4021_fff8
    },
    .init(.init(.payloadUnused, zone: 0)) {
      $0.plan.pointee.zones[0].payloads[15].memorySize = 1
    },
    .init(.init(.payloadUnused, zone: 0)) { $0.plan.pointee.zones[0].payloadCount = 1 },
  ]
}
