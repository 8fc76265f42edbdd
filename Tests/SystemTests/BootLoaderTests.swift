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

  static let linuxFormats = [
    ("image", "booti ADDR - ${fdtcontroladdr}"), ("uimage", "bootm ADDR - ${fdtcontroladdr}"),
    ("fit", "bootm ADDR#conf-1 - ${fdtcontroladdr}"),
  ]

  @Test(arguments: TestBoard.architectures, linuxFormats)
  func uBootStartsIt(board: TestBoard, row: (format: String, command: String)) async throws {
    let uart = try await start(on: board, format: row.format, command: row.command)
    #expect(uart.contains("Starting kernel ..."))
    check(uart, board)
  }

  /// `bootelf` leaves U-Boot's MMU and caches on.
  @Test func uBootStartsTheELF() async throws {
    let board = TestBoard.aarch64
    let command = "setenv autostart yes; bootelf -p ADDR"
    let uart = try await start(on: board, format: "elf", command: command, with: "arm64-new")
    check(uart, board)
  }

  /// `command` is typed at U-Boot's prompt, with the address of the file for `ADDR`.
  private func start(
    on board: TestBoard, format: String, command: String, with uBoot: String? = nil
  ) async throws -> String {
    let image = try await DirectBoot.image(system(board), format: format)
    // booti on arm64 starts an Image where it lies.
    let inPlace = format == "image" && !board.isRISCV
    let address = TestBoard.hexadecimal(board.ram + (inPlace ? 0x20_0000 : 0x1000_0000))
    let folder = "build/cache/u-boot-\(uBoot ?? (board.isRISCV ? "riscv64" : "arm64"))"
    let firmware = try Built.any("\(folder)/u-boot.bin")
    return try await DirectBoot.uart(
      image, on: board, until: "zone rt-control stopped", seconds: 60,
      typing: [
        .init(after: "Hit any key", text: " "),
        .init(after: "=> ", text: "\(command.replacing("ADDR", with: address))\r"),
      ],
      loading: {
        [
          board.isRISCV ? "-kernel" : "-bios", firmware,
          "-device", "loader,file=\($0),addr=\(address),force-raw=on",
        ]
      })
  }

  /// The loader of QEMU goes by the program header.
  @Test(arguments: TestBoard.architectures) func qemuStartsTheELF(board: TestBoard) async throws {
    let uart = try await DirectBoot.uart(
      DirectBoot.image(system(board), format: "elf"), on: board,
      until: "zone rt-control stopped", seconds: 60)
    check(uart, board)
  }
}
