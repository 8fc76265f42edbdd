import Boards
import SepKernel

/// Compares what the board said of itself with its facts: the image may have been made from others.
struct BoardComparison {
  /// Something that the image's own verdict does not say.
  struct Finding: Equatable {
    var verdict: Verdict
    var text: String
  }

  let board: Board
  /// Which CPU or level, if there are several.
  let subject: String?

  /// `id`: that of the catalogue's entry.
  func compare(_ id: String, _ result: BringUpResult) -> [Finding] {
    missing(id, result) + differences(id, result.fields)
  }

  private func differences(_ id: String, _ fields: Fields) -> [Finding] {
    switch id {
    case Catalogue.Board.exceptionLevel.id: return level(fields)
    case Catalogue.Board.counterFrequency.id: return frequency(fields)
    case Catalogue.Board.cpuStart.id: return hardwareID(fields)
    case Catalogue.Board.interruptController.id: return controller(fields)
    case Catalogue.Board.lineCount.id: return lineCount(fields)
    case Catalogue.Board.stuckLines.id: return stuck(fields)
    case Catalogue.Board.stage2AddressWidth.id: return width(fields)
    case Catalogue.Board.vmidBits.id: return vmids(fields)
    case Catalogue.Board.counterMonotonic.id: return none(fields, "backward", "reads went back")
    case Catalogue.Board.delivery.id: return delivered(fields)
    default: return []
    }
  }

  private func fail(_ text: String) -> [Finding] { [Finding(verdict: .fail, text: text)] }

  /// What a check that was made says in any case, so that there is something to compare (docs/checklist.md).
  private func required(_ id: String) -> [String] {
    let isGIC = board.interruptController.kind == .gicV2 || board.interruptController.kind == .gicV3
    return switch id {
    case Catalogue.Board.exceptionLevel.id:
      [board.architecture == .aarch64 ? "el" : "h-extension"]
    case Catalogue.Board.counterFrequency.id:
      board.architecture.tellsCounterFrequency ? ["register", "plan"] : ["plan"]
    case Catalogue.Board.cpuStart.id: ["id"]
    case Catalogue.Board.interruptController.id: [isGIC ? "version" : "kind"]
    case Catalogue.Board.lineCount.id: ["hardware"]
    case Catalogue.Board.stuckLines.id: ["count"]
    case Catalogue.Board.stage2AddressWidth.id, Catalogue.Board.vmidBits.id: ["bits"]
    case Catalogue.Board.counterMonotonic.id: ["backward"]
    case Catalogue.Board.delivery.id: ["interrupts", "exits"]
    default: []
    }
  }

  /// A line that says ok without the value that it is about shows nothing. One that was skipped, or failed, may have none.
  private func missing(_ id: String, _ result: BringUpResult) -> [Finding] {
    guard result.state == .ok || result.state == .warn else { return [] }
    return required(id).compactMap { key in
      guard let text = result.fields.text(key) else {
        return Finding(verdict: .fail, text: "\(key)= is missing, so nothing is shown")
      }
      guard key != "kind", result.fields.number(key) == nil else { return nil }
      return Finding(verdict: .fail, text: "\(key)=\(text) is no number, so nothing is shown")
    }
  }

  private func level(_ fields: Fields) -> [Finding] {
    if let level = fields.number("el"), level != 2 { return fail("the kernel needs EL2") }
    if fields.number("h-extension") == 0 { return fail("the harts have no H extension") }
    return []
  }

  /// A register that differs from the facts is an error of somebody; a measurement has its own error.
  private func frequency(_ fields: Fields) -> [Finding] {
    var findings: [Finding] = []
    if fields.text("measured") != nil, fields.number("measured") == nil {
      findings.append(Finding(verdict: .warn, text: "measured is not a number: damaged?"))
    }
    let expected = board.counterFrequency
    for (key, name) in [("register", "the register"), ("plan", "the Plan of the image")] {
      guard let value = fields.number(key),
        key == "plan" || board.architecture.tellsCounterFrequency
      else { continue }
      // A Plan of 0 accepts what the register says, and so does a board.
      if expected == 0, key == "register" {
        findings.append(
          Finding(verdict: .warn, text: "the register says \(value) Hz, and the board nothing"))
      } else if value != expected, key != "plan" || value != 0 {
        findings += fail("\(name) says \(value) Hz, the board \(expected) Hz")
      }
    }
    if let measured = fields.number("measured"), measured > 0, expected > 0 {
      let difference = measured > expected ? measured - expected : expected - measured
      // Parts per million; both numbers may be anything.
      let parts = Double(difference) / Double(expected) * 1e6
      if parts > 10_000 {
        findings += fail("measured \(measured) Hz, the board says \(expected) Hz")
      } else if parts > 1000 {
        findings.append(
          Finding(verdict: .warn, text: "measured \(Int(parts)) ppm away from \(expected) Hz"))
      }
    }
    return findings
  }

  private func hardwareID(_ fields: Fields) -> [Finding] {
    guard let number = subject.flatMap({ Int($0) }) else { return [] }
    guard board.cpus.indices.contains(number) else {
      return fail("the board has no CPU \(number)")
    }
    guard let id = fields.number("id") else { return [] }
    let expected = board.cpus[number].hardwareID
    return id == expected ? [] : fail("it calls itself \(hex(id)), the board says \(hex(expected))")
  }

  private func controller(_ fields: Fields) -> [Finding] {
    let kind = board.interruptController.kind
    if let said = fields.text("kind"), said != "\(kind)".lowercased() {
      return fail("it is \(said), the board says \(kind)")
    }
    guard let version = fields.number("version") else { return [] }
    // GICD_PIDR2.ArchRev (IHI 0048, IHI 0069): a GICv4 is a GICv3 with more.
    let fits =
      switch kind {
      case .gicV2: version == 2
      case .gicV3: version == 3 || version == 4
      case .plic, .aia: true
      }
    return fits ? [] : fail("it is version \(version), the board says \(kind)")
  }

  /// What is counted: INTIDs of a GIC, from 0 on; sources of an APLIC, from 1 on. With a PLIC the highest lines have no
  /// source (docs/riscv64.md), and its count says nothing of them.
  private func lineCount(_ fields: Fields) -> [Finding] {
    guard let lines = fields.number("hardware") else { return [] }
    let kind = board.interruptController.kind
    let last = Int(clamping: lines) &- (kind == .aia ? 0 : 1)
    guard kind != .plic, last < board.lineCount - 1 else { return [] }
    return fail("the board gives out lines up to \(board.lineCount &- 1)")
  }

  private func none(_ fields: Fields, _ key: String, _ what: String) -> [Finding] {
    guard let value = fields.number(key) else { return [] }
    return value == 0 ? [] : fail("\(value) \(what)")
  }

  /// Names the devices whose lines are raised.
  private func stuck(_ fields: Fields) -> [Finding] {
    guard let count = fields.number("count") else { return [] }
    guard count > 0 else { return [] }
    let lines = (fields.text("lines") ?? "").split(separator: ",").prefix(16).map { Int($0) }
    let owners = lines.map { line in
      guard let line else { return "a damaged number" }
      let owner =
        board.uart.line == line ? "uart" : board.devices.first { $0.lines.contains(line) }?.name
      return owner ?? (board.doorbells.contains(line) ? "doorbell \(line)" : "no device")
    }
    let named = owners.isEmpty ? "" : ", of " + owners.joined(separator: ", ")
    return fail("\(count == 1 ? "1 line is" : "\(count) lines are") raised\(named)")
  }

  /// Whether the highest address of the board can be formed.
  private func width(_ fields: Fields) -> [Finding] {
    guard let bits = fields.number("bits") else { return [] }
    let all =
      board.ram + board.interruptController.regions + [board.uart.region]
      + board.devices.flatMap(\.regions)
    guard bits < 64 else { return [] }
    guard let highest = all.first(where: { ($0.end ?? .max) > 1 << bits }) else { return [] }
    return fail("\(highest) is beyond 2^\(bits)")
  }

  /// A zone has its index and 1 for its VMID (docs/aarch64.md, docs/riscv64.md: "Memory").
  private func vmids(_ fields: Fields) -> [Finding] {
    guard let bits = fields.number("bits") else { return [] }
    let isShort = bits < 64 && 1 << bits <= UInt64(Plan.zoneCapacity)
    return isShort
      ? [Finding(verdict: .warn, text: "too few for \(Plan.zoneCapacity) zones")] : []
  }

  /// A PLIC knows no guests: there each interrupt is an exit.
  private func delivered(_ fields: Fields) -> [Finding] {
    guard let exits = fields.number("exits"), let taken = fields.number("interrupts") else {
      return []
    }
    if taken == 0 { return fail("no interrupt arrived") }
    guard exits > 0 else { return [] }
    let text = "\(exits) exits on the way of \(taken) interrupts"
    return board.interruptController.kind == .plic
      ? [Finding(verdict: .warn, text: text)] : fail(text)
  }
}
