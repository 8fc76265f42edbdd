import Foundation
import Testing

/// The systems of systems/examples for RTOS images that people bring themselves, started with
/// `layout-probe` (guests/README.md), which is linked and behaves as those images do.
@Suite struct LayoutTests {
  /// An example, as it is but for where its images are.
  private func example(_ name: String, on board: TestBoard = .aarch64) throws -> String {
    var yaml = try String(
      contentsOfFile: Built.any("systems/examples/\(name).yaml"), encoding: .utf8)
    let suffix = board.isRISCV ? "-riscv64" : ""
    for (image, ending) in [
      ("zephyr", "elf"), ("rt-thread", "elf"), ("rt-thread", "bin"), ("nuttx", "elf"),
    ] {
      let path = " images/\(image)\(suffix).\(ending)"
      guard yaml.contains(path) else { continue }
      yaml = yaml.replacing(
        path, with: try " " + Built.any("\(board.guests)/layout-\(image).\(ending)"))
    }
    return yaml.replacing("../../build", with: "\(Built.root)/build")
  }

  /// What is typed at the ones that receive.
  private static let key = #"zephyr:layout-zephyr\: type k:k\c"#
  private static let nuttxKey = #"nuttx:layout-nuttx\: type k:k\c"#

  private func expectPass(_ run: SystemRun, _ zone: String) {
    let console = run[zone].split(separator: "\n").last
    #expect(console == "layout-\(zone): PASS", "\(run)")
    // It found its data as loaded in a second life, too.
    #expect(
      run.kernel.has(
        inOrder: "zone \(zone) started", "zone \(zone) started (restart 1)",
        "zone \(zone) stopped: off"), "\(run)")
  }

  @Test(
    arguments: [
      (.aarch64, "zephyr", "zephyr", [key]), (.aarch64, "rt-thread", "rt-thread", []),
      (.aarch64, "rt-thread-bin", "rt-thread", []), (.aarch64, "nuttx", "nuttx", []),
      (.riscv64PLIC, "rt-thread-riscv64", "rt-thread", []),
      (.riscv64PLIC, "nuttx-riscv64", "nuttx", [nuttxKey]),
    ] as [(TestBoard, String, String, [String])])
  func exampleRuns(board: TestBoard, name: String, zone: String, keys: [String]) async throws {
    let run = try await SystemRun.start(
      yaml: example(name, on: board), zones: [zone], .init(timeout: 60, send: keys), on: board)
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    expectPass(run, zone)
  }

  /// Beside Linux: two images linked at the same address, each with RAM there.
  @Test func exampleWithLinuxRuns() async throws {
    let run = try await SystemRun.start(
      yaml: example("linux-and-two-rtos"), zones: ["linux", "zephyr", "rt-thread"],
      .init(
        timeout: 120,
        until: [
          "linux:zone0. 2 CPUs online", "kernel:zone zephyr stopped",
          "kernel:zone rt-thread stopped",
        ], send: [Self.key]), on: .aarch64)
    #expect(run.exitCode == 0, "\(run)")
    expectPass(run, "zephyr")
    expectPass(run, "rt-thread")
  }

  /// All three layouts at once. Only one can have the UART's line, which the first one's driver is
  /// built for.
  @Test func allLayoutsSideBySide() async throws {
    let board = TestBoard.aarch64
    func zone(_ name: String, cpu: Int) throws -> SystemText.Zone {
      SystemText.Zone(
        name, "zoneR", cpus: [cpu],
        [
          ("memory", "[{ guest: 0x4000_0000, size: 128MiB }]"),
          ("image", try Built.guest("layout-\(name)", for: board)), ("absent", "zero"),
        ])
    }
    let system = SystemText(
      board: board, cpus: 3,
      zones: [
        try zone("zephyr", cpu: 0).with("console", "{ base: 0x0900_0000, line: 33 }"),
        try zone("rt-thread", cpu: 1), try zone("nuttx", cpu: 2),
      ])
    let run = try await SystemRun.start(system, .init(timeout: 60, send: [Self.key]))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    for name in ["zephyr", "rt-thread", "nuttx"] { expectPass(run, name) }
  }

  /// The probe can fail: without `absent: zero` the search for virtio devices ends the zone.
  @Test func searchForDevicesNeedsAbsentZero() async throws {
    let yaml = try example("rt-thread").replacing("    absent: zero\n", with: "")
    let run = try await SystemRun.start(
      yaml: yaml, zones: ["rt-thread"], .init(timeout: 60, allowFailed: ["rt-thread"]), on: .aarch64
    )
    let record = try #require(run.kernel.results("zone rt-thread failed").first, "\(run)")
    #expect(record.fields["reason"] == "foreign-address", "\(run)")
    #expect(record.fields["address"] == "0xa000000", "\(run)")
    #expect(!run["rt-thread"].contains("PASS"))
  }
}
