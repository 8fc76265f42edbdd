import Foundation
import SepKernel
import Testing

/// The bring-up image of a board with two CPUs and 1 GiB, started on a machine that may be another one.
struct BringupBoot {
  let board: TestBoard
  /// The boot image.
  var image: Data
  /// What is said of the machine that the Plan does not know, for QEMU.
  var arguments: [String] = []
  /// What was written to devices before.
  var writes: [DirectBoot.Write] = []
  /// The machine, when it is not the board's.
  var machine: String?
  /// Which of its serial ports is the board's UART.
  var serialPort = 0

  /// The image as `hv image --bringup` writes it, of another board for the machine `name` where there is one.
  init(
    _ board: TestBoard, named name: String? = nil, ram: String? = "1GiB"
  ) async throws {
    self.board = board
    let folder = try ScratchFolder()
    var system = SystemText(
      board: board, cpus: 2,
      zones: [
        SystemText.Zone(
          "any", "zoneU", cpus: [0], [("memory", "16MiB"), ("image", "none.elf")])
      ])
    system.boardName = name
    system.ram = ram
    try system.yaml.write(
      toFile: "\(folder.path)/system.yaml", atomically: false, encoding: .utf8)
    let command = try await Command.run(
      Built.hv(),
      [
        "image", "\(folder.path)/system.yaml", "--bringup", "-o", "\(folder.path)/boot.img",
        "--kernel", Self.file(board),
      ], seconds: 60, folder: folder.path)
    guard command.status == 0 else { throw SystemRun.NoResult(text: command.errors) }
    image = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/boot.img"))
  }

  private static func file(_ board: TestBoard) throws -> String {
    try Built.any("build/images/bringup-\(board.architecture).bin")
  }

  private func planned() throws -> PlannedImage {
    try PlannedImage(image, of: Self.file(board), zones: 0)
  }

  /// The records of the Plan.
  func records() throws -> PlanRegion { try planned().plan().board.records }

  /// The same image with another Plan.
  func forged(_ change: (inout Plan) -> Void) throws -> BringupBoot {
    var result = self
    result.image = try planned().forged(change).bytes
    return result
  }

  /// The same with another early console in the image header.
  func withConsole(_ address: UInt64) -> BringupBoot {
    var result = self
    let offset = board.isRISCV ? 40 : 32
    withUnsafeBytes(of: address.littleEndian) {
      // The kind, in the highest byte, stays.
      result.image.replaceSubrange(offset..<offset + 7, with: $0.prefix(7))
    }
    return result
  }

  /// The same with another instruction at the beginning of a function.
  func patched(_ function: String, with instruction: UInt32) async throws -> BringupBoot {
    try await patched(function, with: [instruction])
  }

  /// The same with other instructions at the beginning of a function.
  func patched(_ function: String, with instructions: [UInt32]) async throws -> BringupBoot {
    let symbols = try await KernelSymbols(
      file: Self.file(board).replacing(".bin", with: ".elf"))
    let offset = Int(try symbols.address(containing: function))
    var result = self
    for (index, instruction) in instructions.enumerated() {
      let place = offset + 4 * index
      withUnsafeBytes(of: instruction.littleEndian) {
        result.image.replaceSubrange(place..<place + 4, with: $0)
      }
    }
    return result
  }

  /// The same with another instruction for each of the program's that `change` gives one for.
  func rewritten(_ change: (UInt32) -> UInt32?) throws -> BringupBoot {
    var bytes = [UInt8](image)
    // RISC-V has instructions of two bytes.
    for offset in stride(from: 0, to: try planned().offset - 3, by: board.isRISCV ? 2 : 4) {
      let word = bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      guard let new = change(word) else { continue }
      withUnsafeBytes(of: new.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
    }
    var result = self
    result.image = Data(bytes)
    return result
  }

  /// The same with instructions of AArch64 before a function's first one. They lie where the kernel's vectors are, which
  /// this image does not use.
  func inserting(
    _ instructions: [UInt32], before function: String
  ) async throws -> BringupBoot {
    let symbols = try await KernelSymbols(
      file: Self.file(board).replacing(".bin", with: ".elf"))
    let place = Int(try symbols.address(containing: function))
    let cave = Int(try symbols.address(of: "kernel_vectors"))
    func jump(from: Int, to: Int) -> UInt32 {
      0x1400_0000 | UInt32(truncatingIfNeeded: (to - from) / 4) & 0x03ff_ffff
    }
    func word(_ offset: Int) -> UInt32 {
      image[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    let back = cave + 4 * (instructions.count + 1)
    var changes: [(offset: Int, word: UInt32)] = [(place, jump(from: place, to: cave))]
    for (index, word) in (instructions + [word(place)]).enumerated() {
      changes.append((cave + 4 * index, word))
    }
    changes.append((back, jump(from: back, to: place + 4)))
    var result = self
    for change in changes {
      withUnsafeBytes(of: change.word.littleEndian) {
        result.image.replaceSubrange(change.offset..<change.offset + 4, with: $0)
      }
    }
    return result
  }

  /// Starts it, on so many CPUs and so much memory, and gives the UART's text.
  func text(cpus: Int = 2, ram: String = "1G") async throws -> String {
    try await DirectBoot.uart(
      image, on: board, until: "bringup: end", seconds: 60,
      machine: DirectBoot.Machine(
        name: machine, cpus: cpus, ram: ram, arguments: arguments, writes: writes,
        serialPort: serialPort))
  }

  /// The same, as a report.
  func run(cpus: Int = 2, ram: String = "1G") async throws -> Report {
    Report(try await text(cpus: cpus, ram: ram))
  }

  /// The UART's text of a whole board, as `hv run BOARD --bringup` starts it; `property`: more of QEMU's `-machine`.
  static func whole(_ name: String, property: String?) async throws -> String {
    let hv = try Built.hv()
    return try await BootSlots.shared.run {
      let folder = try ScratchFolder()
      // Of several `-machine` QEMU makes one.
      let more = property.map { ["--qemu-arg=-machine", "--qemu-arg=\($0)"] } ?? []
      let run = try await Command.run(
        hv, ["run", name, "--bringup", "--quiet", "--log-dir", "\(folder.path)/log"] + more,
        seconds: 120, folder: folder.path)
      let text = Command.text("\(folder.path)/log/raw.log")
      guard run.status == 0 else { throw SystemRun.NoResult(text: run.errors + text) }
      return text
    }
  }

  /// Starts it without waiting for the UART, and gives what the memory of its records holds once that is a whole report.
  func memory() async throws -> [UInt8] {
    try await console().records
  }

  /// The same with what was printed meanwhile.
  func console() async throws -> (text: String, records: [UInt8]) {
    let records = try records()
    let folder = try ScratchFolder()
    let file = "\(folder.path)/memory"
    let text = try await DirectBoot.uart(
      image, on: board, until: "never", seconds: 20,
      machine: DirectBoot.Machine(
        arguments: arguments,
        atEnd: "pmemsave \(records.base) \(records.size) \"\(file)\""))
    return (text, [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))))
  }

  /// The lines of a report.
  struct Report: CustomStringConvertible {
    let lines: [String]

    init(_ text: String) {
      // A PL011 sends the carriage return of its loopback to the terminal, too.
      let all = text.replacing("\r\n", with: "\n").split(separator: "\n").map {
        String($0.drop { $0 == "\r" })
      }
      lines = all.filter { $0.hasPrefix("bringup: ") }
    }

    var description: String { lines.joined(separator: "\n") }

    /// Checks with that status, in order.
    func checks(_ status: String) -> [String] {
      let words: [[Substring]] = lines.map { $0.split(separator: " ") }
      return words.compactMap { word -> String? in
        guard word.count > 2, word[2] == status else { return nil }
        return ["begin", "end"].contains(word[1]) ? nil : String(word[1])
      }
    }

    /// The result of a check.
    func result(_ check: String) -> String? {
      lines.first { $0.hasPrefix("bringup: \(check) ") && !$0.hasSuffix(" start") }
    }

    /// Whether it came to its end, and each check to a result.
    var isComplete: Bool {
      guard let first = lines.first, let last = lines.last, last.hasPrefix("bringup: end "),
        let count = first.split(separator: "checks=").last.flatMap({ Int($0) })
      else { return false }
      return lines.count == 2 * count + 2
    }
  }
}
