import PlanTestSupport
import SepKernel

extension PlanRefusal {
  static let owners: [PlanRefusal] = [
    .init(.init(.cpuHardwareID, item: 1), on: [.gicV2, .gicV3]) {
      // Bit 31 of MPIDR_EL1 reads as one, and is not part of the affinity.
      $0.plan.pointee.cpus[1].hardwareID |= 1 << 31
    },
    .init(.init(.cpuHardwareID, item: 3)) { $0.plan.pointee.cpus[3].hardwareID = 1 << 40 },
    .init(.init(.cpuHardwareID, item: 0), on: [.plic, .aia]) {
      $0.plan.pointee.cpus[0].hardwareID = 1 << 32
    },
    .init(.init(.cpuDuplicate, item: 3, otherItem: 2)) {
      $0.plan.pointee.cpus[3].hardwareID = $0.plan.pointee.cpus[2].hardwareID
    },
    .init(.init(.cpuOwner, item: 3)) { $0.plan.pointee.cpus[3].owner = 2 },
    .init(.init(.cpuOwner, item: 3)) { $0.plan.pointee.cpus[3].owner = PlanOwner.kernel },
    .init(.init(.cpuReserved, item: 0)) { $0.plan.pointee.cpus[0].reserved0 = 1 },
    .init(.init(.cpuUnused, item: 4)) { $0.plan.pointee.cpus[4].owner = 0 },
    .init(.init(.cpuUnused, item: 63)) { $0.plan.pointee.cpus[63].hardwareID = 9 },
    .init(.init(.cpuUnused, item: 63)) { $0.plan.pointee.cpus[63].controllerIndex = 1 },
    .init(.init(.bootCPUMissing)) { $0.context.bootHardwareID = 0x100 },
    .init(.init(.lineOwner, item: 100)) { $0.setLine(100, owner: 2) },
    .init(.init(.lineOwner, item: 287)) { $0.setLine(287, owner: 0xfd) },
    .init(.init(.lineKind, item: 100)) { $0.setLine(100, owner: 0, kind: 2) },
    .init(.init(.linePrivate, item: 27), on: [.gicV2, .gicV3]) { $0.setLine(27, owner: 0) },
    .init(.init(.linePrivate, item: 0)) { $0.setLine(0, owner: PlanOwner.kernel) },
    .init(.init(.lineSpecial, item: 1020), on: [.gicV2, .gicV3]) {
      $0.plan.pointee.header.lineCount = 1024
      $0.setLine(1020, owner: 0)
    },
    .init(.init(.lineBeyondCount, item: 288)) { $0.setLine(288, owner: 0) },
    .init(.init(.lineBeyondCount, item: 1019)) {
      $0.setLine(1019, owner: PlanOwner.nobody, kind: PlanLine.doorbell)
    },
    .init(.init(.lineBeyondCount, item: 1023), on: [.plic, .aia]) { $0.setLine(1023, owner: 0) },
    .init(.init(.uartLineWired, item: 33)) { $0.setLine(33, owner: 1) },
    .init(.init(.lineSource, item: 191), on: [.plic]) {
      $0.setLine(191, owner: 0, kind: PlanLine.doorbell)
    },
    .init(.init(.lineSource, item: 192), on: [.plic]) { $0.setLine(192, owner: 0) },
    .init(.init(.lineSource, item: 224), on: [.plic]) {
      $0.setLine(224, owner: 0, kind: PlanLine.doorbell)
    },
  ]

  /// What the interrupt controller calls a CPU.
  static let cpus: [PlanRefusal] = [
    .init(.init(.cpuController, item: 2), on: [.gicV2, .gicV3]) {
      $0.plan.pointee.cpus[2].controllerIndex = 1
    },
    .init(.init(.cpuController, item: 3), on: [.plic, .aia]) {
      $0.plan.pointee.cpus[3].controllerIndex = .max
    },
    .init(.init(.cpuController, item: 3), on: [.plic]) {
      // 512 contexts fit.
      $0.plan.pointee.cpus[3].controllerIndex = 512
    },
    .init(.init(.cpuController, item: 3), on: [.aia]) {
      // Eight harts fit.
      $0.plan.pointee.cpus[3].controllerIndex = 8
    },
    .init(.init(.cpuController, item: 2), on: [.aia]) {
      // With three guest files for each hart, the region holds two harts.
      $0.plan.pointee.board.interruptController.parameter = 3
    },
    .init(.init(.cpuControllerDuplicate, item: 2, otherItem: 0), on: [.plic, .aia]) {
      $0.plan.pointee.cpus[2].controllerIndex = $0.plan.pointee.cpus[0].controllerIndex
    },
  ]

  /// Where CPUs wait without PSCI: page 0 is nobody's.
  private static func release(_ builder: PlanBuilder, _ change: (Int) -> UInt32) {
    for index in 0..<4 { builder.plan.pointee.cpus[index].releaseAddress = change(index) }
  }

  static let releases: [PlanRefusal] = [
    // Not all of them.
    .init(.init(.cpuRelease, item: 3), on: [.gicV2, .gicV3]) {
      release($0) { $0 == 3 ? 0 : UInt32(0xd8 + 8 * $0) }
    },
    .init(.init(.cpuRelease, item: 1)) { $0.plan.pointee.cpus[1].releaseAddress = 0xe0 },
    .init(.init(.cpuRelease, item: 0), on: [.plic, .aia]) { release($0) { UInt32(0xd8 + 8 * $0) } },
    .init(.init(.cpuRelease, item: 2), on: [.gicV2, .gicV3]) {
      release($0) { $0 == 2 ? 0x104 : UInt32(0xd8 + 8 * $0) }
    },
    .init(.init(.cpuRelease, item: 2), on: [.gicV2, .gicV3]) {
      release($0) { $0 == 2 ? 0xd8 : UInt32(0xd8 + 8 * $0) }
    },
    // A zone's memory, the page of its device, the distributor.
    .init(.init(.cpuRelease, item: 0), on: [.gicV2, .gicV3]) { builder in
      let base = UInt32(builder.plan.pointee.board.ram[0].base)
      release(builder) { base + UInt32(8 * $0) }
    },
    .init(.init(.cpuRelease, item: 0), on: [.gicV2, .gicV3]) { builder in
      let base = UInt32(builder.plan.pointee.board.devices[0].base)
      release(builder) { base + UInt32(8 * $0) }
    },
    .init(.init(.cpuRelease, item: 0), on: [.gicV2, .gicV3]) { builder in
      let base = UInt32(builder.plan.pointee.board.interruptController.regions[0].base)
      release(builder) { base + UInt32(8 * $0) }
    },
  ]

  static let zones: [PlanRefusal] = [
    .init(.init(.zoneName, zone: 0)) { $0.setName(of: 0, to: "") },
    .init(.init(.zoneName, zone: 0)) { $0.setName(of: 0, to: "Linux") },
    .init(.init(.zoneName, zone: 1)) { $0.plan.pointee.zones[1].name[15] = 0x61 },
    .init(.init(.zoneNameReserved, zone: 0)) { $0.setName(of: 0, to: "kernel") },
    .init(.init(.zoneNameDuplicate, zone: 1, otherZone: 0)) { $0.setName(of: 1, to: "linux") },
    .init(.init(.zoneKind, zone: 1)) { $0.plan.pointee.zones[1].kind = 3 },
    .init(.init(.zoneDuplicateZone0, zone: 1, otherZone: 0)) {
      $0.plan.pointee.zones[1].kind = PlanZoneKind.zone0.rawValue
    },
    .init(.init(.zoneReserved, zone: 0)) { $0.plan.pointee.zones[0].reserved0 = 1 },
    .init(.init(.zoneFlags, zone: 1)) { $0.plan.pointee.zones[1].flags |= 1 << 4 },
    .init(.init(.zoneManualStart, zone: 0)) {
      $0.plan.pointee.zones[0].flags |= PlanZoneFlags.manualStart.rawValue
    },
    .init(.init(.zoneManualStart, zone: 1)) {
      $0.plan.pointee.zones[0].kind = PlanZoneKind.zoneU.rawValue
      $0.plan.pointee.zones[1].flags |= PlanZoneFlags.manualStart.rawValue
    },
    .init(.init(.zoneCPUCount, zone: 0)) { $0.plan.pointee.zones[0].cpuCount = 3 },
    .init(.init(.zoneCPUCount, zone: 0)) { $0.plan.pointee.zones[0].cpuCount = .max },
    .init(.init(.zoneCPUCount, zone: 1)) { $0.plan.pointee.cpus[3].owner = 1 },
    .init(.init(.zoneWithoutCPU, zone: 1)) {
      $0.plan.pointee.zones[1].cpuCount = 0
      $0.plan.pointee.cpus[2].owner = PlanOwner.nobody
    },
    .init(.init(.rangeCount, zone: 0)) { $0.plan.pointee.zones[0].rangeCount = 65 },
    .init(.init(.payloadCount, zone: 0)) { $0.plan.pointee.zones[0].payloadCount = .max },
    .init(.init(.guestWindowAlignment, zone: 0, item: 0), on: [.gicV3]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[0] += 0x1000
    },
    .init(.init(.guestWindowAlignment, zone: 0, item: 1), on: [.gicV2]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[1] += 0x800
    },
    .init(.init(.guestWindowAddress, zone: 0, item: 1), on: [.gicV2]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[1] = (1 << 39) - 0x1000
    },
    .init(.init(.guestWindowOverlap, zone: 1, item: 3, otherItem: 2), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.parameter = 2
      $0.plan.pointee.board.tables.size = 0xa_2000
      $0.plan.pointee.zones[1].consoleGuest =
        $0.plan.pointee.board.interruptController.regions[2].base
    },
    .init(.init(.guestWindowOverlap, zone: 0, item: 1, otherItem: 0), on: [.gicV2]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[1] = 0x07ff_f000
    },
    .init(.init(.guestWindowOverlap, zone: 1, item: 2, otherItem: 1), on: [.gicV2]) {
      $0.plan.pointee.zones[1].consoleGuest = 0x080a_1000
    },
    .init(.init(.guestWindowAlignment, zone: 0, item: 0), on: [.plic, .aia]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[0] += 0x800
    },
    .init(.init(.guestWindowUnused, zone: 1, item: 1), on: [.plic]) {
      $0.plan.pointee.zones[1].interruptControllerGuest[1] = 0x1000
    },
    .init(.init(.zoneExecution, zone: 1), on: [.plic, .aia]) {
      $0.plan.pointee.zones[1].flags |= PlanZoneFlags.aarch32.rawValue
    },
    .init(.init(.guestWindowAlignment, zone: 1, item: 2)) {
      $0.plan.pointee.zones[1].consoleGuest += 0x200
    },
    .init(.init(.guestWindowAddress, zone: 0, item: 1), on: [.gicV3]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[1] = (1 << 39) - 0x2_0000
    },
    .init(.init(.guestWindowAddress, zone: 0, item: 2)) {
      $0.plan.pointee.zones[0].consoleGuest = 0 &- 0x1000
    },
    .init(.init(.guestWindowAddress, zone: 0, item: 1), on: [.aia]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[1] = (1 << 39) - 0x1000
    },
    .init(.init(.guestWindowAddress, zone: 0, item: 0), on: [.plic]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[0] = (1 << 39) - 0x5f_f000
    },
    .init(.init(.guestWindowOverlap, zone: 0, item: 1, otherItem: 0), on: [.aia]) {
      $0.plan.pointee.zones[0].interruptControllerGuest[1] = 0x0800_7000
    },
    .init(.init(.guestWindowOverlap, zone: 1, item: 2, otherItem: 0), on: [.plic]) {
      $0.plan.pointee.zones[1].consoleGuest = 0x085f_f000
    },
    .init(.init(.guestWindowOverlap, zone: 0, item: 1, otherItem: 0), on: [.gicV3]) {
      // Two CPUs: the second redistributor lies over the distributor.
      $0.plan.pointee.zones[0].interruptControllerGuest[1] = 0x07fd_0000
    },
    .init(.init(.guestWindowOverlap, zone: 1, item: 2, otherItem: 1), on: [.gicV3]) {
      $0.plan.pointee.zones[1].consoleGuest = 0x080b_f000
    },
    .init(.init(.consoleUnused, zone: 1)) { $0.plan.pointee.zones[1].flags = 0 },
    .init(.init(.consoleLine, zone: 0, item: 209)) {
      $0.plan.pointee.zones[0].consoleLine = 209
    },
    .init(.init(.consoleLine, zone: 0, item: 208), on: [.gicV2, .gicV3, .aia]) {
      $0.setLine(208, owner: 0)
    },
    .init(.init(.consoleLine, zone: 0, item: 0x7fff_ffff)) {
      $0.plan.pointee.zones[0].consoleLine = .max
    },
    .init(.init(.stimulusLine, zone: 1, item: 27)) {
      $0.plan.pointee.zones[1].stimulusLine = 27
    },
    .init(.init(.stimulusLine, zone: 1, item: 210), on: [.gicV2, .gicV3, .aia]) {
      $0.setLine(210, owner: 1)
    },
    .init(.init(.stimulusShared, zone: 1, item: 209)) {
      $0.plan.pointee.zones[1].stimulusLine = 209
    },
    .init(.init(.entryAlignment, zone: 0), on: [.gicV2, .gicV3]) {
      $0.plan.pointee.zones[0].entry += 2
    },
    .init(.init(.entryAlignment, zone: 0)) { $0.plan.pointee.zones[0].entry += 1 },
    .init(.init(.entryAddress, zone: 0)) { $0.plan.pointee.zones[0].entry = 0x4040_0000 },
    .init(.init(.entryAddress, zone: 0)) { $0.plan.pointee.zones[0].entry = 0 &- 4 },
    // Writable data, then a device.
    .init(.init(.entryAddress, zone: 1)) { $0.plan.pointee.zones[1].entry = 0x4002_0000 },
    .init(.init(.entryAddress, zone: 0)) { $0.plan.pointee.zones[0].entry = 0x0901_0000 },
    .init(.init(.entryBeyond32Bit, zone: 0), on: [.gicV2, .gicV3]) {
      $0.plan.pointee.zones[0].flags |= PlanZoneFlags.aarch32.rawValue
      $0.plan.pointee.zones[0].entry += 1 << 32
    },
    .init(.init(.entryAlignment, zone: 0), on: [.gicV2, .gicV3]) {
      $0.plan.pointee.zones[0].flags |= PlanZoneFlags.aarch32.rawValue
      $0.plan.pointee.zones[0].entry += 2
    },
  ]

  static let realtime: [PlanRefusal] = [
    .init(.init(.realtimeWithoutCPU, zone: 1)) {
      $0.plan.pointee.zones[1].flags |= PlanZoneFlags.manualStart.rawValue
      $0.plan.pointee.zones[1].cpuCount = 0
      $0.plan.pointee.cpus[2].owner = PlanOwner.nobody
    },
    .init(.init(.realtimeWithoutMemory, zone: 1)) {
      $0.plan.pointee.zones[1].ranges[1].permissions = PlanPermissions.read.rawValue
    },
    .init(.init(.realtimeEntryNotLoaded, zone: 1)) {
      $0.plan.pointee.zones[1].entry = 0x4001_0000
    },
  ]
}
