import Boards
import SepKernel

/// What the facts of a board file mean together. Limits of the hardware are left to the Plan's own
/// check; here is what a planner relies on, and what only a typing error explains.
struct BoardFileCheck {
  let board: Board
  let reader: FieldReader

  func run() throws(ConfigurationError) {
    try ram()
    try cpus()
    try lines()
    try overlaps()
    try emulator()
  }

  private func ram() throws(ConfigurationError) {
    guard (1...Plan.ramCapacity).contains(board.ram.count) else {
      throw reader.error("ram", "has no range, or too many", "use 1 to \(Plan.ramCapacity)")
    }
    for (lower, upper) in zip(board.ram, board.ram.dropFirst())
    where (lower.end ?? .max) > upper.base {
      throw reader.error("ram", "\(upper) does not follow \(lower)", "sort the ranges")
    }
    guard !board.ramIsConfigurable || board.ram.count == 1 else {
      throw reader.error(
        "ramConfigurable", "the size of several ranges cannot be chosen", "write `false`")
    }
    guard !board.ramIsConfigurable || board.ram[0].base < 1 << 47 else {
      throw reader.error("ramConfigurable", "the RAM is too high for that", "write `false`")
    }
    for hole in board.reserved where !board.ram.contains(where: { $0.contains(hole) }) {
      throw reader.error("reserved", "\(hole) is not in one range of `ram`", "cut it to the RAM")
    }
    let usable = board.usableRAM
    guard usable.count <= Plan.ramCapacity else {
      throw reader.error(
        "reserved", "cuts the RAM into \(usable.count) pieces",
        "join ranges until there are at most \(Plan.ramCapacity)")
    }
    guard board.kernelBase % (2 << 20) == 0,
      usable.contains(where: { $0.contains(board.kernelBase) })
    else {
      throw reader.error(
        "kernelBase", "\(Quantity.hex(board.kernelBase)) is not a multiple of 2MiB in free RAM",
        "use one that is in `ram` and not in `reserved`")
    }
  }

  private func cpus() throws(ConfigurationError) {
    try releases("cpus", board.cpus)
    guard let choices = board.configurableCPUs else { return }
    guard choices.starts(with: board.cpus) else {
      throw reader.error("cpuChoices", "does not begin with `cpus`", "begin it with the same CPUs")
    }
    try releases("cpuChoices", choices)
  }

  /// As the Plan wants `PlanCPU.releaseAddress`.
  private func releases(_ key: String, _ cpus: [BoardCPU]) throws(ConfigurationError) {
    let words = cpus.map { UInt64($0.releaseAddress) }
    guard words.contains(where: { $0 != 0 }) else { return }
    guard board.architecture.hasReleaseAddresses else {
      throw reader.error(key, "firmware starts CPUs of this architecture", "remove `release`")
    }
    guard !words.contains(0), Set(words).count == words.count else {
      throw reader.error(
        key, "a CPU has no `release`, or that of another",
        "give each CPU the address that it waits at, or none of them if firmware has PSCI")
    }
    let taken =
      board.interruptController.regions + [board.uart.region]
      + board.devices.flatMap(\.regions)
    for word in words {
      guard word % 8 == 0 else {
        throw reader.error(
          key, "\(Quantity.hex(word)) is not a multiple of 8", "correct `release`")
      }
      guard !board.usableRAM.contains(where: { $0.contains(word) }) else {
        throw reader.error(
          key, "the word at \(Quantity.hex(word)) is in RAM that zones can be given",
          "put its page into `reserved`: who writes the word starts the CPU")
      }
      guard !taken.contains(where: { $0.contains(word) }) else {
        throw reader.error(
          key, "\(Quantity.hex(word)) is in a page of a device", "correct `release`")
      }
    }
  }

  private func lines() throws(ConfigurationError) {
    let kind = board.interruptController.kind
    guard kind.architecture == board.architecture else {
      throw reader.error(
        "interruptController", "belongs to another architecture", "correct it or `architecture`")
    }
    let ownable =
      kind.firstSharedLine..<min(max(board.lineCount, kind.firstSharedLine), kind.firstSpecialLine)
    let advice =
      "use \(ownable.lowerBound) to \(ownable.upperBound - 1), or correct `lineCount`; "
      + kind.lineAdvice
    guard board.doorbells.allSatisfy(ownable.contains) else {
      throw reader.error("doorbells", "are not lines of the controller", advice)
    }
    var owners: [Int: String] = [:]
    if board.uart.kind != .none {
      guard ownable.contains(board.uart.line), !board.doorbells.contains(board.uart.line) else {
        throw reader.error("uart", "line \(board.uart.line) is a doorbell or not there", advice)
      }
      owners[board.uart.line] = "the UART"
    }
    for device in board.devices {
      for line in device.lines {
        guard ownable.contains(line), !board.doorbells.contains(line) else {
          throw reader.error(
            "devices", "line \(line) of \(device.name) is a doorbell or not there", advice)
        }
        if let other = owners.updateValue(device.name, forKey: line) {
          throw reader.error(
            "devices", "line \(line) of \(device.name) is also one of \(other)",
            other == "the UART"
              ? "remove the device: the UART is the kernel's" : "put both into one device")
        }
      }
    }
  }

  private func overlaps() throws(ConfigurationError) {
    var taken: [(key: String, name: String, range: AddressRange)] = []
    taken += board.ram.map { ("ram", "RAM", $0) }
    taken += board.interruptController.regions.map {
      ("interruptController", "the interrupt controller", $0)
    }
    if board.uart.kind != .none { taken.append(("uart", "the UART", board.uart.region)) }
    for device in board.devices {
      taken += device.regions.map { ("devices", device.name, $0) }
    }
    // A sweep: after sorting, what overlaps anything overlaps its neighbour.
    let sorted = taken.sorted { $0.range.base < $1.range.base }
    for (lower, upper) in zip(sorted, sorted.dropFirst()) where lower.range.overlaps(upper.range) {
      throw reader.error(
        lower.key == "ram" ? upper.key : lower.key,
        "\(lower.range) of \(lower.name) overlaps \(upper.range) of \(upper.name)",
        "correct one of them, or put devices that share a page into one")
    }
  }

  private func emulator() throws(ConfigurationError) {
    guard let emulator = board.emulator else { return }
    guard emulator.program == board.architecture.emulator else {
      throw reader.error(
        "emulator", "\(emulator.program) is for another architecture", "correct `program`")
    }
    guard emulator.firmware == nil || board.interruptController.kind == .aia else {
      throw reader.error(
        "emulator", "a `firmware` is for boards with an AIA", "remove `firmware`")
    }
    guard
      emulator.hasTree || emulator.firmware != nil
        || LiteralDeviceTree.describes(board.interruptController.kind)
    else {
      throw reader.error(
        "emulator", "a tree can be made for boards with a GIC only", "remove `tree: false`")
    }
  }
}
