import Foundation
import ToolTestSupport

@testable import Workbench

/// A folder with `system.yaml`, its image and `build/images/kernel-aarch64.bin`, in which the built
/// `hv` runs as a user runs it, with a stand-in for the kernel and for QEMU.
struct HVFolder {
  let path: String
  let system: String

  static let tool = builtTool("hv").path

  static let oneZone = """
    board: { name: qemu-virt-aarch64, ram: 1GiB, cpus: 2 }
    zones:
      - name: rt
        kind: zoneR
        cpus: [1]
        memory: [{ guest: 0x4000_0000, size: 1MiB }]
        image: rt.bin
        format: raw
        load: 0x4000_0000
    """

  /// `oneZone`, and a zone0 of the same kind.
  static let twoZones =
    oneZone + """

        - name: linux
          kind: zone0
          cpus: [0]
          memory: [{ guest: 0x4000_0000, size: 1MiB }]
          image: rt.bin
          format: raw
          load: 0x4000_0000
      """

  static func with<Value>(
    _ system: String = oneZone, _ body: (HVFolder) throws -> Value
  ) throws -> Value {
    try Fixture.inFolder { path in
      let folder = HVFolder(path: path, system: system)
      try folder.write(system, to: "system.yaml")
      try folder.write([UInt8](repeating: 0, count: 4096), to: "rt.bin")
      try folder.write(kernel, to: "build/images/kernel-aarch64.bin")
      return try body(folder)
    }
  }

  /// The 64-byte header of an arm64 `Image` whose `image_size` is the file's, 4 KiB.
  static var kernel: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4096)
    bytes[17] = 0x10
    bytes.replaceSubrange(56..<60, with: Array("ARM\u{64}".utf8))
    return bytes
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// An executable shell script.
  func writeScript(_ text: String, to name: String) throws {
    try write("#!/bin/sh\n\(text)\n", to: name)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: "\(path)/\(name)")
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(name)")
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  /// Every file, by its path from here.
  func contents() throws -> [String: [UInt8]] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: path)
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in (try? bytes(name)).map { (name, $0) } })
  }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }

  /// A process that runs in this folder with the fake QEMU and is not yet started.
  func process(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = ProcessInfo.processInfo.environment.merging([
      "HV_QEMU": Fixture.path("fake-qemu")
    ]) { $1 }.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs hv to its end.
  func hv(
    _ arguments: [String], tool: String = tool, environment: [String: String] = [:]
  ) throws -> ToolResult {
    try result(of: process(tool, arguments, environment: environment))
  }
}
