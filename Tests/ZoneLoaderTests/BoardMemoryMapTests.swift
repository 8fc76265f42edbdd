import Boards
import Foundation
import SepKernel
import Testing

/// Boards whose emulator makes no device tree, against the memory map of the emulated machine. Needs QEMU, as
/// `make test` installs it.
@Suite struct BoardMemoryMapTests {
  /// One line of `info mtree -f`: where, of what, and from which byte of it.
  private struct Mapped {
    var range: AddressRange
    var name: String
    var offset: UInt64
  }

  /// What the boot CPU of `board` sees, in QEMU's words; neighbours that continue each other are one.
  private func map(_ board: Board) throws -> [Mapped] {
    let emulator = try #require(board.emulator)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["timeout", "-k", "2", "60", emulator.program] + emulator.arguments(for: board)
      + ["-display", "none", "-S", "-monitor", "stdio"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data("info mtree -f\nquit\n".utf8))
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let view = try #require(
      text.components(separatedBy: "FlatView #").first { $0.contains("AS \"cpu-memory-0\"") },
      "\(text.prefix(2000))")
    let line = /^ *([0-9a-f]{16})-([0-9a-f]{16}) \(prio [^)]*\): (.*?)(?: @([0-9a-f]{16}))?$/
    return try view.split(whereSeparator: \.isNewline).compactMap { text in
      guard let match = try line.firstMatch(in: text) else { return nil }
      let (base, last) = (UInt64(match.1, radix: 16) ?? 0, UInt64(match.2, radix: 16) ?? 0)
      return Mapped(
        range: AddressRange(base: base, size: last - base + 1), name: String(match.3),
        offset: match.4.flatMap { UInt64($0, radix: 16) } ?? 0)
    }
  }

  /// Interrupt controller and UART begin with the first register of what QEMU calls so, and end in it.
  @Test(
    arguments: [
      ("imx8mp-evk", ["gicv3_dist", "gicv3_redist_region[0]"], "imx.serial"),
      ("xlnx-zcu102", ["gic_dist", "gic_cpu"], "uart"),
      ("raspi4b", ["gic_dist", "gic_cpu"], "pl011"),
    ])
  func registersAreWhereQEMUHasThem(name: String, controller: [String], uart: String) throws {
    let board = try #require(Board.named(name))
    let map = try map(board)
    for (region, name) in zip(board.interruptController.regions, controller) {
      let mapped = try #require(map.first { $0.range.contains(region) }, "\(region)")
      #expect(mapped.name == name)
      #expect(mapped.offset + (region.base - mapped.range.base) == 0, "\(region)")
    }
    let mapped = try #require(map.first { $0.range.base == board.uart.region.base })
    #expect(mapped.name == uart)
    for ram in board.ram {
      #expect(map.contains { $0.range.contains(ram) && $0.name.hasSuffix("ram") })
    }
    // Where QEMU has a device at all, it begins where the literal says.
    for region in board.devices.flatMap(\.regions) {
      let inside = map.filter { $0.range.overlaps(region) && !$0.range.contains(region) }
      if let first = inside.first { #expect(first.range.base == region.base, "\(region)") }
    }
  }
}
