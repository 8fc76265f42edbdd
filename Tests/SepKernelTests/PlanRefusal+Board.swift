import PlanTestSupport
import SepKernel

private let page: UInt64 = 4096

extension PlanRefusal {
  static let header: [PlanRefusal] = [
    .init(.init(.magic)) { $0.plan.pointee.header.magic ^= 0x0100 },
    .init(.init(.version)) { $0.plan.pointee.header.version = 1 },
    .init(.init(.architecture)) {
      $0.plan.pointee.header.architecture = PlanArchitecture.loongarch64.rawValue
    },
    .init(.init(.zoneCount)) { $0.plan.pointee.header.zoneCount = 17 },
    .init(.init(.zoneCount)) { $0.plan.pointee.header.zoneCount = .max },
    .init(.init(.byteCount), reseal: false) { $0.plan.pointee.header.byteCount += 8 },
    .init(.init(.byteCount), reseal: false) { $0.plan.pointee.header.byteCount = 0 },
    .init(.init(.cpuCount)) { $0.plan.pointee.header.cpuCount = 0 },
    .init(.init(.cpuCount)) { $0.plan.pointee.header.cpuCount = 65 },
    .init(.init(.cpuCount)) { $0.plan.pointee.header.cpuCount = .max },
    // A GICv2 has eight CPU interfaces.
    .init(.init(.cpuCount), on: [.gicV2]) {
      for cpu: UInt64 in 4..<9 { $0.addCPU(cpu) }
    },
    .init(.init(.lineCount)) { $0.plan.pointee.header.lineCount = 1025 },
    .init(.init(.headerReserved)) { $0.plan.pointee.header.reserved = 1 << 63 },
  ]

  static let board: [PlanRefusal] = [
    .init(.init(.boardName)) { $0.plan.pointee.board.name[0] = 0 },
    .init(.init(.boardName)) { $0.plan.pointee.board.name[3] = 0x1b },
    .init(.init(.boardName)) { $0.plan.pointee.board.name[31] = 0x61 },
    .init(.init(.boardReserved)) { $0.plan.pointee.board.reserved = 1 },
    .init(.init(.baselineSamples)) { $0.plan.pointee.board.baselineSamples = 100_001 },
    .init(.init(.baselineSamples)) { $0.plan.pointee.board.baselineSamples = .max },
    .init(.init(.ramCount)) { $0.plan.pointee.board.ramCount = 0 },
    .init(.init(.ramCount)) { $0.plan.pointee.board.ramCount = 17 },
    .init(.init(.deviceCount)) { $0.plan.pointee.board.deviceCount = 65 },
    .init(.init(.ramAlignment, item: 1)) { $0.plan.pointee.board.ram[1].size += 0x800 },
    .init(.init(.ramAlignment, item: 0)) { $0.plan.pointee.board.ram[0].base += 0x800 },
    .init(.init(.ramEmpty, item: 1)) { $0.plan.pointee.board.ram[1].size = 0 },
    .init(.init(.ramAddress, item: 1)) { $0.plan.pointee.board.ram[1].base = 1 << 48 },
    .init(.init(.ramAddress, item: 1)) { $0.plan.pointee.board.ram[1].size = 0 &- page },
    .init(.init(.ramOrder, item: 1)) {
      $0.plan.pointee.board.ram[1].base = $0.plan.pointee.board.ram[0].end - page
    },
    .init(.init(.ramOrder, item: 1)) { $0.plan.pointee.board.ram[1].base = 0 },
    .init(.init(.ramUnused)) { $0.plan.pointee.board.ram[15].size = page },
    .init(.init(.windowAlignment, item: 1)) { $0.plan.pointee.board.devices[1].size = 0x200 },
    .init(.init(.windowEmpty, item: 0)) { $0.plan.pointee.board.devices[0].size = 0 },
    .init(.init(.windowAddress, item: 1)) { $0.plan.pointee.board.devices[1].size = 1 << 48 },
    .init(.init(.windowAddress, item: 1)) { $0.plan.pointee.board.devices[1].size = 0 &- page },
    .init(.init(.windowOverRAM, item: 1, otherItem: 1)) {
      $0.plan.pointee.board.devices[1].base = 0x8000_0000 - page
    },
    .init(.init(.windowUnused)) { $0.plan.pointee.board.devices[63].base = page },
  ]

  static let devices: [PlanRefusal] = [
    .init(.init(.controllerKind)) { $0.plan.pointee.board.interruptController.kind = 4 },
    .init(.init(.controllerUnused)) {
      $0.plan.pointee.board.interruptController.regions[3].size = page
    },
    .init(.init(.controllerUnused), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.regions[2].size = 0
    },
    .init(.init(.kernelDeviceAlignment, item: 0), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.regions[0].base += page
    },
    .init(.init(.kernelDeviceAlignment, item: 3)) {
      $0.plan.pointee.board.uart.region.base += 0x10
    },
    .init(.init(.kernelDeviceSize, item: 0)) {
      $0.plan.pointee.board.interruptController.regions[0].size = 0
    },
    .init(.init(.kernelDeviceSize, item: 1), on: [.gicV3]) {
      // Four CPUs need four redistributors.
      $0.plan.pointee.board.interruptController.regions[1].size = 3 * 0x2_0000
    },
    .init(.init(.kernelDeviceSize, item: 2), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.regions[2].size = 0x1_0000
    },
    .init(.init(.kernelDeviceSize, item: 3)) {
      $0.plan.pointee.board.uart.region.size = (64 << 20) + page
    },
    .init(.init(.kernelDeviceAddress, item: 0)) {
      $0.plan.pointee.board.interruptController.regions[0].base = 0 &- 0x1_0000
    },
    .init(.init(.kernelDeviceAddress, item: 3)) {
      $0.plan.pointee.board.uart.region.base = 1 << 48
    },
    .init(.init(.kernelDeviceOverRAM, item: 3, otherItem: 0)) {
      $0.plan.pointee.board.uart.region.base = 0x4000_0000
    },
    .init(.init(.kernelDeviceOverlap, item: 2, otherItem: 1), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.regions[2].base = 0x0810_0000
    },
    .init(.init(.kernelDeviceOverlap, item: 3, otherItem: 0)) {
      let controller = $0.plan.pointee.board.interruptController.regions[0]
      $0.plan.pointee.board.uart.region.base = controller.end - page
    },
    .init(.init(.uartKind)) { $0.plan.pointee.board.uart.kind = 7 },
    .init(.init(.uartUnused)) {
      $0.plan.pointee.board.uart.kind = PlanUARTKind.none.rawValue
      $0.plan.pointee.board.uart.registerWidth = 0
    },
    .init(.init(.uartLine, item: 31), on: [.gicV2, .gicV3]) {
      $0.plan.pointee.board.uart.line = 31
    },
    .init(.init(.uartLine, item: 0)) { $0.plan.pointee.board.uart.line = 0 },
    .init(.init(.uartLine, item: 288)) { $0.plan.pointee.board.uart.line = 288 },
    // A doorbell of the PLIC.
    .init(.init(.uartLine, item: 192), on: [.plic]) { $0.plan.pointee.board.uart.line = 192 },
    .init(.init(.boardReserved)) { $0.plan.pointee.board.uart.reserved[5] = 1 },
    .init(.init(.uartRegisters)) { $0.plan.pointee.board.uart.registerWidth = 2 },
    .init(.init(.uartRegisters), on: [.gicV2, .gicV3]) {
      $0.plan.pointee.board.uart.registerWidth = 1
    },
    .init(.init(.uartRegisters), on: [.plic, .aia]) {
      $0.plan.pointee.board.uart.registerWidth = 0
    },
    .init(.init(.uartRegisters), on: [.plic, .aia]) {
      $0.plan.pointee.board.uart.registerShift = 3
    },
    .init(.init(.uartRegisters), on: [.plic, .aia]) {
      // Words that are not aligned.
      $0.plan.pointee.board.uart.registerShift = 1
      $0.plan.pointee.board.uart.registerWidth = 4
    },
  ]

  /// What the kinds of interrupt controllers have of their own.
  static let controllers: [PlanRefusal] = [
    .init(.init(.controllerKind), on: [.gicV2, .gicV3]) {
      $0.plan.pointee.board.interruptController.kind = PlanInterruptControllerKind.plic.rawValue
    },
    .init(.init(.controllerKind), on: [.plic, .aia]) {
      $0.plan.pointee.board.interruptController.kind = PlanInterruptControllerKind.gicV3.rawValue
    },
    .init(.init(.controllerUnused), on: [.gicV2]) {
      $0.plan.pointee.board.interruptController.regions[2].size = page
    },
    .init(.init(.kernelDeviceAlignment, item: 1), on: [.gicV2]) {
      $0.plan.pointee.board.interruptController.regions[1].base += 0x800
    },
    .init(.init(.kernelDeviceSize, item: 1), on: [.gicV2]) {
      // GICC_DIR is in the second page.
      $0.plan.pointee.board.interruptController.regions[1].size = page
    },
    .init(.init(.kernelDeviceOverlap, item: 1, otherItem: 0), on: [.gicV2]) {
      $0.plan.pointee.board.interruptController.regions[1].base = 0x07ff_f000
    },
    .init(.init(.controllerParameter), on: [.gicV2]) {
      $0.plan.pointee.board.interruptController.parameter = 1
    },
    // No such zone; and no ITS to own.
    .init(.init(.controllerParameter), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.parameter = $0.plan.pointee.header.zoneCount + 1
    },
    .init(.init(.controllerParameter), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.parameter = 1
      $0.plan.pointee.board.interruptController.regions[2] = PlanRegion()
    },
    .init(.init(.controllerParameter), on: [.plic, .aia]) {
      $0.plan.pointee.board.interruptController.parameter = 0
    },
    .init(.init(.controllerParameter), on: [.plic]) {
      $0.plan.pointee.board.interruptController.parameter = 1024
    },
    .init(.init(.controllerParameter), on: [.aia]) {
      $0.plan.pointee.board.interruptController.parameter = 8
    },
    .init(.init(.controllerUnused), on: [.plic]) {
      $0.plan.pointee.board.interruptController.regions[1].base = page
    },
    .init(.init(.controllerUnused), on: [.aia]) {
      $0.plan.pointee.board.interruptController.regions[2].size = page
    },
    .init(.init(.kernelDeviceAlignment, item: 0), on: [.plic, .aia]) {
      $0.plan.pointee.board.interruptController.regions[0].size += 0x800
    },
    .init(.init(.kernelDeviceAlignment, item: 1), on: [.aia]) {
      // A hart has two pages.
      $0.plan.pointee.board.interruptController.regions[1].base += page
    },
    .init(.init(.kernelDeviceSize, item: 0), on: [.plic]) {
      $0.plan.pointee.board.interruptController.regions[0].size = 0x20_0000
    },
    .init(.init(.kernelDeviceSize, item: 0), on: [.aia]) {
      $0.plan.pointee.board.interruptController.regions[0].size = 0x3000
    },
    .init(.init(.kernelDeviceOverlap, item: 1, otherItem: 0), on: [.aia]) {
      $0.plan.pointee.board.interruptController.regions[1].base = 0x0d00_6000
    },
    .init(.init(.counterFrequency), on: [.plic, .aia]) {
      $0.plan.pointee.board.counterFrequency = 0
    },
  ]

  static let kernel: [PlanRefusal] = [
    .init(.init(.kernelAlignment)) { $0.plan.pointee.board.kernel.size += 8 },
    .init(.init(.kernelBase)) { $0.plan.pointee.board.kernel.base -= page },
    .init(.init(.kernelBase)) { $0.context.image.base += page },
    .init(.init(.kernelOutsideRAM)) { $0.plan.pointee.board.kernel.size = 64 << 20 },
    .init(.init(.kernelOutsideRAM)) { $0.plan.pointee.board.kernel.size = 0 &- page },
    .init(.init(.kernelImage)) { $0.plan.pointee.board.kernel.size = 0x1_e000 },
    .init(.init(.kernelPlan)) { $0.plan.pointee.board.kernel.size = 0x2_1000 },
    .init(.init(.kernelPlan)) { $0.context.planBase = 0x4000_0000 },
    .init(.init(.kernelPlan)) { $0.context.planBase = 0 &- page },
    .init(.init(.tablesAlignment)) { $0.plan.pointee.board.tables.base += 0x800 },
    .init(.init(.tablesSize)) { $0.plan.pointee.board.tables.size = page },
    // A page less than an ITS of a zone with two CPUs needs beside two roots.
    .init(.init(.tablesSize), on: [.gicV3]) {
      $0.plan.pointee.board.interruptController.parameter = 1
      $0.plan.pointee.board.tables.size = 0xa_1000
    },
    .init(.init(.tablesSize)) { $0.plan.pointee.board.tables = PlanRegion() },
    .init(.init(.tablesOutsideKernel)) { $0.plan.pointee.board.tables.base = 0x403f_0000 },
    .init(.init(.tablesOutsideKernel)) { $0.plan.pointee.board.tables.size = 0 &- page },
    .init(.init(.tablesOverImage)) { $0.plan.pointee.board.tables.base = 0x4020_0000 },
    .init(.init(.tablesOverPlan)) { $0.plan.pointee.board.tables.base = 0x4022_1000 },
    .init(.init(.recordsUnused)) { $0.plan.pointee.board.records.size = 0 },
    .init(.init(.recordsAlignment)) { $0.plan.pointee.board.records.size += 0x10 },
    .init(.init(.recordsOutsideRAM)) { $0.plan.pointee.board.records.base = 0x3fff_f000 },
    .init(.init(.recordsOutsideRAM)) { $0.plan.pointee.board.records.size = 0 &- page },
    .init(.init(.recordsOverKernel)) { $0.plan.pointee.board.records.base = 0x403f_f000 },
    .init(.init(.recordsSize)) { $0.plan.pointee.board.records.size = page },
  ]
}
