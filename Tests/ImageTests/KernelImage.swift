import Foundation

/// The kernel image `make build` made, looked at with the LLVM tools.
struct KernelImage {
  /// One disassembled instruction.
  struct Instruction {
    var address: UInt64
    var mnemonic: String
    /// As llvm-objdump prints them, comments and `<symbol>` included.
    var operands: String
    /// Symbol in angle brackets, if there is one.
    var target: String? {
      guard let open = operands.firstIndex(of: "<"), let close = operands.lastIndex(of: ">")
      else { return nil }
      return String(operands[operands.index(after: open)..<close])
    }
  }

  struct Symbol {
    var name: String
    /// As llvm-nm prints it: T text, B zeroed data, U undefined, ...
    var kind: Character
    var address: UInt64
  }

  struct Segment {
    var address: UInt64
    var fileSize: UInt64
    var memorySize: UInt64
    var flags: Set<Character>
  }

  /// What is missing, and what to do about it.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  static let architectures = ["aarch64", "riscv64"]

  let path: String
  /// Names of what the disassembler shall know, where the file does not say.
  private let extensions: [String]

  init(architecture: String = "aarch64") throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    extensions = architecture == "riscv64" ? ["--mattr=+a,+c,+d,+m,+v"] : []
    path = root.appending(path: "build/images/kernel-\(architecture).elf").path
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(description: "\(path) is not there: run `make build`")
    }
  }

  /// Standard output of an LLVM tool, taken from PATH or from beside the Swift compiler.
  func output(of tool: String, _ arguments: [String]) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: try Self.find(tool))
    process.arguments = arguments + [path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(tool) cannot read \(path): status \(process.terminationStatus)")
    }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static func find(_ tool: String) throws -> String {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    let places =
      folders.map { "\($0)/\(tool)" }
      + folders.map { URL(filePath: "\($0)/swiftc").resolvingSymlinksInPath() }
      .map { $0.deletingLastPathComponent().appending(path: tool).path }
    guard let place = places.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw Failure(description: "\(tool) is not installed: run `make setup`")
    }
    return place
  }

  func symbols() throws -> [Symbol] {
    try output(of: "llvm-nm", ["-a"]).compactMap { line in
      let parts = line.split(separator: " ")
      guard let name = parts.last, parts.count >= 2, let kind = parts[parts.count - 2].first
      else { return nil }
      return Symbol(
        name: String(name), kind: kind, address: UInt64(parts[0], radix: 16) ?? 0)
    }
  }

  func address(of name: String) throws -> UInt64 {
    guard let symbol = try symbols().first(where: { $0.name == name }) else {
      throw Failure(description: "\(path) has no symbol \(name)")
    }
    return symbol.address
  }

  /// Sizes of the loaded sections, by name.
  func sections() throws -> [String: UInt64] {
    var sizes: [String: UInt64] = [:]
    for line in try output(of: "llvm-objdump", ["-h"]) {
      let parts = line.split(separator: " ")
      guard parts.count >= 4, Int(parts[0]) != nil, let size = UInt64(parts[2], radix: 16)
      else { continue }
      sizes[String(parts[1])] = size
    }
    return sizes
  }

  /// PT_LOAD segments.
  func segments() throws -> [Segment] {
    try output(of: "llvm-readelf", ["-lW"]).compactMap { line in
      let parts = line.split(separator: " ")
      guard parts.first == "LOAD", parts.count >= 8 else { return nil }
      let numbers = parts[1...5].compactMap { UInt64($0.dropFirst(2), radix: 16) }
      guard numbers.count == 5 else { return nil }
      return Segment(
        address: numbers[1], fileSize: numbers[3], memorySize: numbers[4],
        flags: Set(parts[6..<(parts.count - 1)].joined()))
    }
  }

  /// The instructions at `range`, or all.
  func instructions(_ range: Range<UInt64>? = nil) throws -> [Instruction] {
    var arguments = ["-d", "--no-show-raw-insn"] + extensions
    if let range {
      arguments += ["--start-address=\(range.lowerBound)", "--stop-address=\(range.upperBound)"]
    }
    return try output(of: "llvm-objdump", arguments).compactMap { line in
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2,
        let address = UInt64(halves[0].trimmingCharacters(in: .whitespaces), radix: 16)
      else { return nil }
      let words = halves[1].split(maxSplits: 1) { $0 == " " || $0 == "\t" }
      guard let mnemonic = words.first else { return nil }
      return Instruction(
        address: address, mnemonic: String(mnemonic),
        operands: words.count > 1 ? String(words[1]) : "")
    }
  }
}
