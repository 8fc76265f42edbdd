import Boards
import SepKernel

/// A tree that says of one address that it is two things: then nobody knows which.
extension BoardImporter {
  mutating func findContradictions() {
    let board = result.board
    var taken = board.ram.map { (name: "RAM", range: $0) }
    for cpu in board.cpus where cpu.releaseAddress != 0 {
      taken.append(
        ("where a CPU waits", AddressRange(base: UInt64(cpu.releaseAddress), size: 8)))
    }
    let controller = board.interruptController.regions.map { ("interruptController", $0) }
    for (key, range) in controller + [("uart", board.uart.region)]
    where !result.missing.contains(key) {
      if let other = taken.first(where: { $0.range.overlaps(range) }) {
        ask(key, "the tree has it at \(range), which is \(other.name), too (\(other.range))")
      }
      taken.append((key, range))
    }
  }
}
