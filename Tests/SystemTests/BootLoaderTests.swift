import Testing

/// What `hv image` writes, started the way docs/hv.md says, by Debian's U-Boot or by QEMU: the plan is accepted, and a
/// zone runs to its end.
@Suite struct BootLoaderTests {
  private func system(_ board: TestBoard) throws -> SystemText {
    SystemText(board: board, cpus: 2, zones: [try board.rtControl(cpu: 0, samples: 20)])
  }

  private func check(_ uart: String, _ board: TestBoard) {
    #expect(
      uart.has(
        inOrder: "kernel| plan 0x", ": 1 zones, 2 cpus", "kernel| zone rt-control started",
        "rt-control: DONE", "kernel| zone rt-control stopped: off"), "\(uart.suffix(3000))")
  }

  /// `command` is typed at U-Boot's prompt, with the address of the file for `ADDR`.
  @Test(
    arguments: TestBoard.architectures,
    [
      ("image", "booti ADDR - ${fdtcontroladdr}"), ("uimage", "bootm ADDR - ${fdtcontroladdr}"),
      ("fit", "bootm ADDR#conf-1 - ${fdtcontroladdr}"),
    ])
  func uBootStartsIt(board: TestBoard, row: (format: String, command: String)) async throws {
    let image = try await DirectBoot.image(system(board), format: row.format)
    // booti on arm64 starts an Image where it lies.
    let inPlace = row.format == "image" && !board.isRISCV
    let address = TestBoard.hexadecimal(board.ram + (inPlace ? 0x20_0000 : 0x1000_0000))
    let folder = "build/cache/u-boot-\(board.isRISCV ? "riscv64" : "arm64")"
    let firmware = try Built.any("\(folder)/u-boot.bin")
    let uart = try await DirectBoot.uart(
      image, on: board, until: "zone rt-control stopped", seconds: 60,
      typing: [
        .init(after: "Hit any key", text: " "),
        .init(after: "=> ", text: "\(row.command.replacing("ADDR", with: address))\r"),
      ],
      loading: {
        [
          board.isRISCV ? "-kernel" : "-bios", firmware,
          "-device", "loader,file=\($0),addr=\(address),force-raw=on",
        ]
      })
    #expect(uart.contains("Starting kernel ..."))
    check(uart, board)
  }

  /// The loader of QEMU goes by the program header.
  @Test(arguments: TestBoard.architectures) func qemuStartsTheELF(board: TestBoard) async throws {
    let uart = try await DirectBoot.uart(
      DirectBoot.image(system(board), format: "elf"), on: board,
      until: "zone rt-control stopped", seconds: 60)
    check(uart, board)
  }
}
