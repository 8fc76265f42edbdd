import Boards
import Foundation

/// Where the board's own device tree comes from.
public enum BoardDeviceTree: Equatable, Sendable {
  /// The file named in `system.yaml`, or else what the board's emulator dumps, is given with
  /// its firmware, or, when it has no tree, would have of the literal's facts.
  case automatic
  /// A flattened tree, for tests.
  case blob([UInt8])
}

extension BoardDeviceTree {
  /// The root of the board's tree.
  func root(for description: SystemDescription) throws(DeviceTreeError) -> DeviceTreeNode {
    switch self {
    case .blob(let bytes):
      return try DeviceTreeNode(flattened: bytes)
    case .automatic:
      if let path = description.deviceTreePath {
        do {
          return try DeviceTreeNode(
            flattened: try HostFile.read(path, limit: DeviceTreeNode.blobLimit))
        } catch let failure as HostFile.Failure {
          throw .unavailable("\(path) \(failure.problem)")
        } catch let error as DeviceTreeError {
          throw error
        } catch {
          throw .unavailable("\(path) cannot be read")
        }
      }
      if let firmware = description.board.emulator?.firmware {
        return FirmwareDeviceTree.tree(of: description.board, firmware)
      }
      if description.board.emulator?.hasTree == false {
        return LiteralDeviceTree.tree(of: description.board)
      }
      return try DeviceTreeNode(flattened: try BoardDeviceTree.dump(description.board))
    }
  }

  /// Asks QEMU for the tree of its machine (`-machine ...,dumpdtb=FILE`). Takes about 0.1 s.
  static func dump(_ board: Board) throws(DeviceTreeError) -> [UInt8] {
    guard let emulator = board.emulator else {
      throw .unavailable(
        "\(board.name) has no emulator to ask; name its device tree as `board: { dtb: FILE }`")
    }
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appendingPathComponent("hv-board-\(UUID().uuidString).dtb").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["timeout", "-k", "2", "30", emulator.program]
      + emulator.arguments(for: board, machineOptions: ["dumpdtb=\(file)"])
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw .unavailable("`env` could not be started to run \(emulator.program)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw .unavailable(
        "\(emulator.program) ended with status \(process.terminationStatus) instead of its tree; "
          + "install QEMU 10 or later, or name a tree as `board: { dtb: FILE }`")
    }
    do {
      return try HostFile.read(file, limit: DeviceTreeNode.blobLimit)
    } catch {
      throw .unavailable("\(emulator.program) did not write its tree to \(file)")
    }
  }
}
