import Foundation
import Testing

@testable import ZoneLoader

/// A folder for one test, removed with the value.
final class Workspace {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("zoneloader-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }

  /// Parses `yaml` as the `system.yaml` of this folder.
  func system(_ yaml: String) throws -> SystemDescription {
    try SystemDescription.parse(yaml, path: "\(path)/system.yaml")
  }

  /// Plans `yaml` with a synthetic kernel and the committed tree of its board.
  func plan(_ yaml: String) throws -> PlannedSystem {
    let system = try system(yaml)
    return try Planner.plan(
      system, kernelImage: kernel, deviceTree: .blob(boardTree(system.board.name)))
  }
}

/// 64 KiB in memory, of no content.
let kernel = KernelImageInfo(
  path: "kernel.bin", byteCount: 0x1_0000, hash: Array(0..<16))

/// The repository, from where this file is.
let repository: URL = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Output of a program with an input.
func run(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  let (inputPipe, outputPipe) = (Pipe(), Pipe())
  process.standardInput = inputPipe
  process.standardOutput = outputPipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  try inputPipe.fileHandleForWriting.write(contentsOf: Data(input))
  try inputPipe.fileHandleForWriting.close()
  let output = outputPipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0, "\(arguments.joined(separator: " ")) failed")
  return [UInt8](output)
}

/// The tree of a board of QEMU's, as its `dumpdtb` said, compiled by dtc.
func boardTree(_ board: String = "qemu-virt-aarch64") throws -> [UInt8] {
  let source = repository.appendingPathComponent("Tests/ZoneLoaderTests/Fixtures/\(board).dts").path
  return try run(["dtc", "-q", "-I", "dts", "-O", "dtb", source])
}

/// `#expect(value == expected)` for values that mutating calls return, which the macro cannot hold.
func expect<T: Equatable>(
  _ value: T, equals expected: T, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(value == expected, sourceLocation: sourceLocation)
}
