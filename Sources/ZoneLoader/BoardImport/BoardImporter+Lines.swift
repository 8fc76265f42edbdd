import Boards
import SepKernel

/// Interrupt lines at the controller whose lines are given out.
extension BoardImporter {
  /// The lines of a node, ascending; those at other controllers and private ones are none.
  func lines(of node: Int) -> [Int] { numbers(tree.interrupts[node]) }

  /// The lines that a host bridge's map leads to.
  func mappedLines(of node: Int) -> [Int] { numbers(tree.mappedInterrupts[node]) }

  private func numbers(_ interrupts: [TreeIndex.Interrupt]?) -> [Int] {
    guard let controller, let interrupts else { return [] }
    let numbers = interrupts.compactMap { interrupt in
      behind(interrupt.controller) == controller.node
        ? number(interrupt.cells, controller.words) : nil
    }
    return Set(numbers).sorted()
  }

  /// The controller behind one that passes specifiers on as they are.
  private func behind(_ node: Int) -> Int? {
    guard tree.isCompatible(node, ImportTables.transparent) else { return node }
    return tree[node].cells("interrupt-parent").first.flatMap { tree.index(phandle: $0) }
  }

  /// Bindings arm,gic and arm,gic-v3: a type, of which 0 is SPI, and its number; PLIC and APLIC: the
  /// source first.
  private func number(_ cells: [UInt32], _ words: ImportTables.Controller) -> Int? {
    let isGIC = words.word.hasPrefix("GIC")
    guard let first = cells.first, !isGIC || (first == 0 && cells.count >= 2) else { return nil }
    let line = isGIC ? UInt64(cells[1]) + 32 : UInt64(first)
    let last = isGIC ? 1019 : UInt64(sources)
    return line >= (isGIC ? 32 : 1) && line <= last ? Int(line) : nil
  }

  /// The highest source that a PLIC or an APLIC says it has.
  var sources: UInt32 {
    guard let node = controller?.node else { return 0 }
    let count = tree[node].cells("riscv,ndev").first ?? tree[node].cells("riscv,num-sources").first
    return count.map { $0 < 1024 ? $0 : 0 } ?? 0
  }

  /// `lineCount` and `doorbells`.
  mutating func importLines() {
    guard let controller else {
      ask("lineCount", "known when the interrupt controller is")
      ask("doorbells", "known when the interrupt controller is")
      return
    }
    for node in tree.entries.indices {
      highestLine = max(highestLine, lines(of: node).last ?? 0, mappedLines(of: node).last ?? 0)
    }
    switch controller.words.kind {
    case .gicV2, .gicV3, nil: importGICLines()
    case .plic:
      // As PlanInterruptController.virtualLines.
      let first = 32 * (Int(result.board.interruptController.parameter) / 32 + 1)
      guard first + 32 <= Plan.lineCapacity else {
        ask("lineCount", "the PLIC has so many sources that no line is left for doorbells")
        ask("doorbells", "as `lineCount`")
        return
      }
      result.board.lineCount = first + 32
      result.board.doorbells = first..<(first + 32)
    case .aia: importAPLICLines(controller.node)
    }
  }

  /// A GIC implements lines in blocks of 32 (GICD_TYPER.ITLinesNumber; IHI 0069, 12.9.38).
  private mutating func importGICLines() {
    var count = (highestLine / 32 + 1) * 32
    if count - highestLine - 1 < 8 { count += 32 }
    count = min(count, 1020)
    guard highestLine + 1 < count else {
      ask("lineCount", "devices use the last line there can be; find some that nothing drives")
      ask("doorbells", "as `lineCount`")
      return
    }
    result.board.lineCount = count
    result.board.doorbells = max(highestLine + 1, 32)..<count
    check(
      "lineCount",
      "from the highest line in the tree, \(highestLine); read GICD_TYPER.ITLinesNumber, the GIC has "
        + "32 times as many, and 32 more")
    check(
      "doorbells", "no node of the tree names them; see that the SoC's manual names none, either")
  }

  private mutating func importAPLICLines(_ node: Int) {
    guard sources > 0 else {
      ask("lineCount", "\(path(node)) lacks riscv,num-sources")
      ask("doorbells", "as `lineCount`")
      return
    }
    result.board.lineCount = Int(sources) + 1
    guard highestLine < sources else {
      ask("doorbells", "devices use the last source; find some that nothing drives")
      return
    }
    result.board.doorbells = (highestLine + 1)..<(Int(sources) + 1)
    check(
      "doorbells", "no node of the tree names them; see that the SoC's manual names none, either")
  }
}
