import Foundation
import Testing

/// The ITS of a GICv3, owned by one zone: message-signalled interrupts of PCI devices, delivered as LPIs.
@Suite struct MessageInterruptTests {
  private static let board = TestBoard.aarch64

  /// The guest that takes messages of QEMU's `edu` device. `its`: whether the ITS is the zone's.
  private func messages(
    cpu: Int = 0, samples: Int = 100, rounds: Int = 0, seed: Int = 1, its: Bool = true
  ) throws -> SystemText.Zone {
    try Self.board.bare("msi", "zoneR", cpus: [cpu])
      .with("arguments", "[\(samples), \(rounds), \(seed)]").with("devices", "[pcie]")
      // Those of a zoneR would lie in the window of the PCIe bridge.
      .with("stamps", "none").with("interrupts", "{ its: \(its) }")
  }

  private func run(
    _ zones: [SystemText.Zone], cpus: Int, _ options: SystemRun.Options
  ) async throws -> SystemRun {
    var options = options
    options.emulator = ["-device", "edu"]
    return try await SystemRun.start(
      SystemText(board: Self.board, cpus: cpus, zones: zones), options)
  }

  /// From the device's write to the zone's handler and back, the kernel has no part.
  @Test func messagesCostNoExit() async throws {
    let run = try await run([try messages()], cpus: 2, .init(icount: true, timeout: 60))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    let result = try #require(run["msi"].results("msi: RESULT message").first, "\(run)")
    #expect(result["samples"] == 100 && result["unexpected"] == 0, "\(run)")
    #expect(result["exits"] == 0, "\(run)")
  }

  /// Any commands and register writes: the ITS still serves its zone after them, and a zoneR on another CPU has nothing of it.
  @Test(arguments: [1, 2, 3]) func anyCommandIsSurvived(seed: Int) async throws {
    let run = try await run(
      [
        try messages(cpu: 1, rounds: 3000, seed: seed),
        try Self.board.rtControl(cpu: 0, samples: RealTimeBaseline.samples(Self.board)),
      ], cpus: 3, .init(icount: true, timeout: 90))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    let result = try #require(run["msi"].results("msi: RESULT message").first, "\(run)")
    #expect(result["samples"] == 100 && result["exits"] == 0, "\(run)")
    let alone = try await RealTimeBaseline.alone(Self.board)
    for name in ["RESULT timer-busy", "RESULT timer-idle"] {
      let own = try #require(run["rt-control"].results(name).first, "\(run)")
      let path = try #require(alone["rt-control"].results(name).first, "\(alone)")
      #expect(own["min"] == path["min"] && own["exits"] == 0, "\(run)")
    }
  }

  /// Who does not own it finds no ITS: its registers are nobody's memory, and commands are not executed.
  @Test func othersHaveNone() async throws {
    let run = try await run(
      [try messages(its: false)], cpus: 1, .init(timeout: 60, allowFailed: ["msi"]))
    let failed = run.kernel.split(separator: "\n").first { $0.hasPrefix("zone msi failed") } ?? ""
    #expect(failed.contains("reason=foreign-address"), "\(run)")
    #expect(failed.contains("address=0x8080000"), "\(run)")
  }

  /// Debian's Linux with an NVMe disk, which interrupts by messages on both CPUs, before and after it starts again; a zoneR
  /// beside it takes no exit.
  @Test func linuxReadsADisk() async throws {
    let folder = try ScratchFolder()
    let disk = "\(folder.path)/disk.img"
    let block = Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
    let content = (0..<512).reduce(into: Data()) { bytes, _ in bytes.append(block) }
    try content.write(to: URL(fileURLWithPath: disk))
    // The device has no IOMMU: the zone's addresses are the board's.
    let linux = try Self.board.linux(
      cpus: [0, 1],
      words:
        #"hv.run="md5sum /dev/nvme0n1; taskset 2 md5sum /dev/nvme0n1; grep nvme /proc/interrupts""#
    )
    .with("memory", "[{ guest: 0x5000_0000, host: 0x5000_0000, size: 256MiB }]")
    .with("devices", "[pcie]").with("interrupts", "{ its: true }")
    let system = SystemText(
      board: Self.board, cpus: 3,
      zones: [linux, try Self.board.rtControl(cpu: 2, samples: 200, forEver: true)])
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 150, until: [#"linux:^restarts [1-9] end$"#],
        send: [
          #"linux:zone0\:/# :reboot -f"#,
          #"linux:zone0\:/# :echo restarts $(grep -c nvme0q /proc/interrupts) end"#,
        ],
        emulator: [
          "-device", "nvme,drive=disk,serial=1", "-drive",
          "if=none,id=disk,format=raw,readonly=on,file=\(disk)",
        ]))
    #expect(run.exitCode == 0, "\(run)")
    let sum = try #require(
      try await Command.run("/usr/bin/md5sum", [disk], seconds: 60, folder: folder.path)
        .output.split(separator: " ").first.map(String.init))
    let lives = run["linux"].components(separatedBy: "CPUs online").dropFirst()
    #expect(lives.count == 2, "\(run)")
    for life in lives {
      #expect(life.components(separatedBy: sum).count == 3, "\(run)")
      let lines = life.split(separator: "\n").filter { $0.contains("ITS-MSI") }
      #expect(lines.count == 3, "\(run)")
      // Heading, then a column for each CPU.
      let counts = lines.map {
        $0.split(separator: " ").dropFirst().prefix(2).compactMap { Int($0) }
      }
      #expect(counts.contains { $0[0] > 0 } && counts.contains { $0[1] > 0 }, "\(counts)")
    }
    let results = run["rt-control"].results("RESULT timer-busy").filter {
      $0.fields["exits"] != nil
    }
    #expect(!results.isEmpty && results.allSatisfy { $0["exits"] == 0 }, "\(run)")
  }
}
