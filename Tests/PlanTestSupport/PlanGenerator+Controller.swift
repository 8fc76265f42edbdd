import SepKernel

extension PlanGenerator {
  /// Lines nobody has, in random order. A PLIC's doorbells are lines of their own.
  struct Lines {
    var wired: [Int]
    var doorbells: [Int]?

    mutating func takeDoorbell() -> Int? {
      doorbells == nil ? wired.popLast() : doorbells?.popLast()
    }
  }

  mutating func freeLines(of builder: PlanBuilder) -> Lines {
    let plan = builder.plan
    let controller = plan.pointee.board.interruptController
    let first = controller.knownKind?.firstSharedLine ?? 0
    let taken = Int(plan.pointee.board.uart.line)
    let virtual = controller.virtualLines
    let end = virtual.isEmpty ? Int(plan.pointee.header.lineCount) : Int(controller.parameter) + 1
    var lines = Lines(wired: Array(first..<end), doorbells: virtual.isEmpty ? nil : Array(virtual))
    lines.wired.removeAll { $0 == taken }
    lines.wired.shuffle(using: &random)
    lines.doorbells?.shuffle(using: &random)
    return lines
  }

  /// Registers of the kind the board has, its number of lines, and a UART or none.
  mutating func addController(to builder: PlanBuilder, cpus: Int) {
    let plan = builder.plan
    let kind = plan.pointee.board.interruptController.knownKind ?? .gicV3
    plan.pointee.header.lineCount = UInt32(
      min(Int.random(in: 4...32, using: &random) * 32, kind.firstSpecialLine))
    switch kind {
    case .gicV2:
      setRegions(
        of: builder, PlanRegion(base: 0x10_0000, size: 0x1000),
        PlanRegion(base: 0x10_f000, size: 0x2000))
    case .gicV3:
      setRegions(
        of: builder, PlanRegion(base: 0x10_0000, size: 0x1_0000),
        PlanRegion(base: 0x11_0000, size: UInt64(cpus) * 0x2_0000))
      if Bool.random(using: &random) {
        plan.pointee.board.interruptController.regions[2] = PlanRegion(
          base: 0x0600_0000, size: 0x2_0000)
        // Its owner, or nobody.
        plan.pointee.board.interruptController.parameter = .random(
          in: 0...plan.pointee.header.zoneCount, using: &random)
      }
    case .plic:
      setRegions(of: builder, PlanRegion(base: 0x10_0000, size: 0x40_0000))
      // The last word of lines is that of the doorbells.
      plan.pointee.board.interruptController.parameter =
        plan.pointee.header.lineCount - 33 - .random(in: 0..<32, using: &random)
    case .aia:
      let bits = UInt32.random(in: 1...7, using: &random)
      plan.pointee.board.interruptController.parameter = bits
      setRegions(
        of: builder, PlanRegion(base: 0x10_0000, size: 0x4000),
        PlanRegion(base: 0x100_0000, size: UInt64(cpus) << UInt64(12 + bits)))
    }
    plan.pointee.board.counterFrequency = kind.architecture == .aarch64 ? 0 : 10_000_000
    if Bool.random(using: &random) { addUART(to: builder, kind) }
  }

  private func setRegions(of builder: PlanBuilder, _ regions: PlanRegion...) {
    for (index, region) in regions.enumerated() {
      builder.plan.pointee.board.interruptController.regions[index] = region
    }
  }

  private mutating func addUART(to builder: PlanBuilder, _ kind: PlanInterruptControllerKind) {
    let plan = builder.plan
    let plain: [PlanUARTKind] = [.pl011, .cadence, .imx]
    plan.pointee.board.uart.kind = (plain.randomElement(using: &random) ?? .pl011).rawValue
    if Bool.random(using: &random) {
      plan.pointee.board.uart.kind =
        (Bool.random(using: &random) ? PlanUARTKind.ns16550 : .designWare).rawValue
      plan.pointee.board.uart.registerWidth = Bool.random(using: &random) ? 1 : 4
      plan.pointee.board.uart.registerShift =
        plan.pointee.board.uart.registerWidth == 4 ? 2 : .random(in: 0...2, using: &random)
    }
    plan.pointee.board.uart.region = PlanRegion(base: 0x1000, size: Self.page)
    let end = kind == .plic ? plan.pointee.board.interruptController.parameter : nil
    plan.pointee.board.uart.line = UInt32.random(
      in: UInt32(kind.firstSharedLine)..<(end ?? plan.pointee.header.lineCount), using: &random)
    let line = Int(plan.pointee.board.uart.line)
    if Bool.random(using: &random) { builder.setLine(line, owner: PlanOwner.kernel) }
  }
}
