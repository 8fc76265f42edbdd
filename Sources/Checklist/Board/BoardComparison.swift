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
    let fields = result.fields
    switch id {
    case Catalogue.Board.exceptionLevel.id: return level(fields)
    case Catalogue.Board.counterFrequency.id: return frequency(fields)
    case Catalogue.Board.cpuStart.id: return hardwareID(fields)
    case Catalogue.Board.interruptController.id: return controller(fields)
    case Catalogue.Board.lineCount.id:
      return atLeast(fields, "lines", UInt64(clamping: board.lineCount), "lines are given out")
    case Catalogue.Board.stuckLines.id: return stuck(fields)
    case Catalogue.Board.stage2AddressWidth.id: return width(fields)
    case Catalogue.Board.vmidBits.id: return vmids(fields)
    case Catalogue.Board.counterMonotonic.id: return none(fields, "backwards", "steps back")
    case Catalogue.Board.delivery.id: return delivered(fields)
    default: return []
    }
  }

  private func fail(_ text: String) -> [Finding] { [Finding(verdict: .fail, text: text)] }

  /// A value that is there and no number; nothing where it is absent.
  private func unreadable(_ fields: Fields, _ keys: String...) -> [Finding] {
    keys.filter { fields.text($0) != nil && fields.number($0) == nil }.map {
      Finding(verdict: .warn, text: "\($0) is not a number: damaged?")
    }
  }

  private func level(_ fields: Fields) -> [Finding] {
    switch board.architecture {
    case .aarch64:
      guard let level = fields.number("el") else { return unreadable(fields, "el") }
      return level == 2 ? [] : fail("the kernel needs EL2")
    case .riscv64:
      guard let extensions = fields.number("hypervisor") else {
        return unreadable(fields, "hypervisor")
      }
      return extensions != 0 ? [] : fail("the harts have no H extension")
    case .x86_64, .loongarch64: return []
    }
  }

  /// A register that differs from the facts is an error of somebody; a measurement has its own error.
  private func frequency(_ fields: Fields) -> [Finding] {
    var findings = unreadable(fields, "register", "measured", "plan")
    let expected = board.counterFrequency
    for (key, name) in [("register", "the register"), ("plan", "the Plan of the image")] {
      // RISC-V has no such register.
      guard let value = fields.number(key), key == "plan" || board.architecture == .aarch64 else {
        continue
      }
      if value != expected {
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
    guard let id = fields.number("id") else { return unreadable(fields, "id") }
    let expected = board.cpus[number].hardwareID
    return id == expected ? [] : fail("it calls itself \(hex(id)), the board says \(hex(expected))")
  }

  private func controller(_ fields: Fields) -> [Finding] {
    var findings = unreadable(fields, "base")
    if let base = fields.number("base"),
      let expected = board.interruptController.regions.first?.base, base != expected
    {
      findings += fail("looked for at \(hex(base)), the board says \(hex(expected))")
    }
    return findings
  }

  private func atLeast(
    _ fields: Fields, _ key: String, _ least: UInt64, _ what: String
  ) -> [Finding] {
    guard let value = fields.number(key) else { return unreadable(fields, key) }
    return value >= least ? [] : fail("\(least) \(what)")
  }

  private func none(_ fields: Fields, _ key: String, _ what: String) -> [Finding] {
    guard let value = fields.number(key) else { return unreadable(fields, key) }
    return value == 0 ? [] : fail("\(value) \(what)")
  }

  /// Names the devices whose lines are raised.
  private func stuck(_ fields: Fields) -> [Finding] {
    var findings = unreadable(fields, "count", "first")
    if let count = fields.number("count"), count > 0 {
      var text = "\(count) lines are raised"
      if let line = fields.number("first").flatMap({ Int(exactly: $0) }) {
        let owner =
          board.uart.line == line ? "uart" : board.devices.first { $0.lines.contains(line) }?.name
        text +=
          ", the first of \(owner ?? (board.doorbells.contains(line) ? "the doorbells" : "no device"))"
        if board.doorbells.contains(line) { return findings + fail(text) }
      }
      findings.append(Finding(verdict: .warn, text: text))
    }
    return findings
  }

  /// Whether the highest address of the board can be formed.
  private func width(_ fields: Fields) -> [Finding] {
    guard let bits = fields.number("bits") else { return unreadable(fields, "bits") }
    let all =
      board.ram + board.interruptController.regions + [board.uart.region]
      + board.devices.flatMap(\.regions)
    guard bits < 64 else { return [] }
    guard let highest = all.first(where: { ($0.end ?? .max) > 1 << bits }) else { return [] }
    return fail("\(highest) is beyond 2^\(bits)")
  }

  /// A zone has its index and 1 for its VMID (docs/aarch64.md, docs/riscv64.md: "Memory").
  private func vmids(_ fields: Fields) -> [Finding] {
    guard let bits = fields.number("bits") else { return unreadable(fields, "bits") }
    let isShort = bits < 64 && 1 << bits <= UInt64(Plan.zoneCapacity)
    return isShort
      ? [Finding(verdict: .warn, text: "too few for \(Plan.zoneCapacity) zones")] : []
  }

  private func delivered(_ fields: Fields) -> [Finding] {
    guard let sent = fields.number("sent"), let taken = fields.number("taken") else {
      return unreadable(fields, "sent", "taken")
    }
    return sent == taken ? [] : fail("\(sent) were sent, \(taken) arrived")
  }
}
