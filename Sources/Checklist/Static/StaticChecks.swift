package import Boards
import SepKernel

/// The tier that needs no board: whether its facts are complete and agree with each other.
///
/// A board is data that anybody may have written; nothing here relies on what another check found.
package struct StaticChecks {
  let board: Board
  /// Bytes the kernel occupies in memory; nil: none is built.
  let kernelBytes: UInt64?
  /// What was planned for the board, if a system was given.
  let system: ChecklistSystem?

  static let page = PlanLimits.granule
  /// Guest-physical addresses end here (docs/architecture.md, "Limits").
  static let guestEnd: UInt64 = 1 << PlanLimits.guestAddressBits

  /// `kernelBytes`: what the kernel's header says it occupies.
  package init(board: Board, kernelBytes: UInt64?, system: ChecklistSystem?) {
    self.board = board
    self.kernelBytes = kernelBytes
    self.system = system
  }

  /// One item for each entry of `Catalogue.Facts`, in its order.
  package func items() -> [ChecklistItem] {
    [
      facts(), cpus(), ram(), reserved(), kernelLoad(), kernelFits(), windows(), windowOverlap(),
      lines(), doorbells(), dma(), plan(),
    ]
  }

  /// FAIL with all that is wrong, warn with all that is odd, else ok with `fine`.
  func item(
    _ entry: CatalogueEntry, wrong: [String], odd: [String] = [], fine: String
  ) -> ChecklistItem {
    let verdict: Verdict = !wrong.isEmpty ? .fail : !odd.isEmpty ? .warn : .ok
    let all = wrong + odd
    let shown = all.prefix(8) + (all.count > 8 ? ["and \(all.count - 8) more"] : [])
    return ChecklistItem(
      entry, verdict, all.isEmpty ? fine : shown.joined(separator: "; "), source: "board")
  }

  private func facts() -> ChecklistItem {
    var wrong: [String] = []
    var odd: [String] = []
    let isName = { (text: String) in
      !text.isEmpty
        && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }
    if !isName(board.name) { wrong.append("the name has other than a-z, 0-9 and hyphens") }
    if board.summary.isEmpty { wrong.append("the summary is empty") }
    if board.cpus.isEmpty { wrong.append("no CPU") }
    if board.ram.isEmpty { wrong.append("no RAM") }
    if board.counterFrequency == 0 {
      if board.architecture.tellsCounterFrequency {
        odd.append(
          "the counter's frequency is not known: the kernel takes the register's, right or wrong")
      } else {
        wrong.append("the counter's frequency is missing")
      }
    }
    if board.interruptController.kind.architecture != board.architecture {
      wrong.append("the interrupt controller is of another architecture")
    }
    let needed = board.interruptController.kind == .plic ? 1 : 2
    if board.interruptController.regions.count < needed {
      wrong.append("the interrupt controller has no registers")
    }
    if board.uart.kind == .none {
      odd.append("no UART: nothing is heard of the kernel, nor of what it finds on the board")
    } else if board.uart.region.size == 0 {
      wrong.append("the UART has no registers")
    }
    if board.uart.registerWidth > 8 || board.uart.registerShift > 4 {
      wrong.append(
        "the UART's registers are \(board.uart.registerWidth) bytes wide, shift "
          + "\(board.uart.registerShift)")
    }
    if !(1...1024).contains(board.lineCount) { wrong.append("\(board.lineCount) lines") }
    let names = Dictionary(grouping: board.devices, by: \.name).filter { $1.count > 1 }
    wrong += names.keys.sorted().map { "two devices are called \($0)" }
    wrong += board.devices.filter { $0.regions.isEmpty && $0.lines.isEmpty }.map {
      "\($0.name) has neither window nor line"
    }
    return item(
      Catalogue.Facts.facts, wrong: wrong, odd: odd,
      fine: "\(board.cpus.count) CPUs, counter "
        + (board.counterFrequency == 0 ? "as firmware says, " : "\(board.counterFrequency) Hz, ")
        + "\(board.devices.count) devices, \(board.lineCount) lines")
  }

  private func cpus() -> ChecklistItem {
    var wrong: [String] = []
    let mask = board.interruptController.kind.hardwareIDMask
    var numbers: [UInt64: Int] = [:]
    var indices: [UInt16: Int] = [:]
    for (number, cpu) in board.cpus.enumerated() {
      if let other = numbers.updateValue(number, forKey: cpu.hardwareID) {
        wrong.append("CPUs \(other) and \(number) are both \(hex(cpu.hardwareID))")
      }
      if cpu.hardwareID & ~mask != 0 {
        wrong.append("CPU \(number): \(hex(cpu.hardwareID)) is no number a CPU can have")
      }
      let word = UInt64(cpu.releaseAddress)
      if word != 0, board.usableRAM.contains(where: { $0.contains(word) }) {
        wrong.append("CPU \(number) waits at \(hex(word)), in RAM that is given out")
      }
      if (word == 0) != (board.cpus[0].releaseAddress == 0) {
        wrong.append("one of CPUs 0 and \(number) waits in memory, the other for PSCI")
      }
      if board.interruptController.numbersCPUs,
        let other = indices.updateValue(number, forKey: cpu.controllerIndex)
      {
        wrong.append(
          "CPUs \(other) and \(number) are both \(cpu.controllerIndex) at the interrupt controller")
      }
    }
    if board.cpus.count > Plan.cpuCapacity {
      wrong.append("a Plan holds \(Plan.cpuCapacity) CPUs, these are \(board.cpus.count)")
    }
    let most = PlanArchitecture.imageCPUs
    if board.cpus.count > most {
      wrong.append("the kernel has stacks for \(most) CPUs, these are \(board.cpus.count)")
    }
    return item(
      Catalogue.Facts.cpus, wrong: wrong,
      fine: board.cpus.prefix(16).map { hex($0.hardwareID) }.joined(separator: ", "))
  }
}

/// `0x40000000`.
func hex(_ value: UInt64) -> String { "0x\(String(value, radix: 16))" }

/// A system that was given with the board, as far as it could be planned.
package enum ChecklistSystem: Sendable {
  case planned(PlannedFacts)
  /// Why it was refused.
  case refused(String)

  /// What the checklist needs of a Plan.
  package struct PlannedFacts: Sendable, Equatable {
    /// Path of the description.
    package var path: String
    /// 16 hexadecimal digits.
    package var checksum: String
    /// From the load address on: kernel, Plan, images, tables.
    package var kernelRegion: AddressRange
    package var zones: [Zone]

    /// One zone.
    package struct Zone: Sendable, Equatable {
      package var name: String
      package var isRealTime: Bool
      /// CPU numbers of the board.
      package var cpus: [Int]
      /// Device windows it was given, host-physical.
      package var windows: [AddressRange]

      package init(name: String, isRealTime: Bool, cpus: [Int], windows: [AddressRange]) {
        self.name = name
        self.isRealTime = isRealTime
        self.cpus = cpus
        self.windows = windows
      }
    }

    package init(path: String, checksum: String, kernelRegion: AddressRange, zones: [Zone]) {
      self.path = path
      self.checksum = checksum
      self.kernelRegion = kernelRegion
      self.zones = zones
    }
  }

  /// The zones; none of a refused system.
  package var facts: PlannedFacts? {
    switch self {
    case .planned(let facts): facts
    case .refused: nil
    }
  }
}
