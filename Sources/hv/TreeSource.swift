import Foundation
import Workbench
import ZoneLoader

/// Device trees in files.
enum TreeSource {
  /// A blob. Reads no more than a tree can have; /sys/firmware/fdt has no size of its own. A folder is none, and from a FIFO,
  /// a socket or a terminal it would have to be waited for.
  static func read(_ path: String) throws -> [UInt8] {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let type = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
    guard type == nil || type as? FileAttributeType == .typeRegular else {
      throw ToolFailure(message: "\(path): is not a regular file; give a tree in a file")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw ToolFailure(message: "\(path): does not exist or cannot be read")
    }
    defer { try? file.close() }
    do {
      return [UInt8](try file.read(upToCount: BoardImport.blobLimit + 1) ?? Data())
    } catch {
      throw ToolFailure(message: "\(path): \(error.localizedDescription)")
    }
  }

  /// The blob of a source, made by cpp and dtc as Linux does it (scripts/Makefile.lib, cmd_dtc), and the
  /// files that cpp included.
  static func compile(
    _ path: String, _ include: [String]
  ) throws -> (blob: [UInt8], included: [String]) {
    let text = try read(path)
    let folder = (path as NSString).deletingLastPathComponent
    let folders = [folder.isEmpty ? "." : folder] + include
    let flags = folders.flatMap { ["-I", $0] }
    let plain = try run(
      "cpp", package: "cpp",
      ["-nostdinc", "-undef", "-D__DTS__", "-x", "assembler-with-cpp"] + flags + ["-"],
      input: text, path)
    let blob = try run(
      "dtc", package: "device-tree-compiler",
      ["-q", "-I", "dts", "-O", "dtb"] + folders.flatMap { ["-i", $0] } + ["-"], input: plain, path)
    return (blob, included(plain))
  }

  /// The files that cpp's line markers name: `# 1 "FILE" 1`.
  private static func included(_ text: [UInt8]) -> [String] {
    let files = String(decoding: text, as: UTF8.self).split(separator: "\n").filter {
      $0.hasPrefix("# ")
    }.compactMap { $0.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().first }
    return Set(files).map { String($0) }
  }

  private static func run(
    _ tool: String, package: String, _ arguments: [String], input: [UInt8], _ path: String
  ) throws -> [UInt8] {
    guard let found = ToolLocation.find(tool) else {
      throw ToolFailure(
        message: "\(path): \(tool) is not in PATH; install the package \(package), or give a .dtb")
    }
    do {
      let result = try ToolOutput(found, arguments, input: input, patience: .seconds(20))
      guard result.status == 0 else {
        throw ToolFailure(message: "\(path): \(tool): \(result.errorText)")
      }
      return result.bytes
    } catch let error as StartError {
      throw ToolFailure(message: error.description)
    }
  }
}
