import ArgumentParser
import Boards
import Foundation
import Workbench
import ZoneLoader

/// `hv image`: one bootable file.
struct ImageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "Write one file with kernel, plan and all zone images.",
    discussion: """
      The file is a Linux Image of the board's architecture: what starts Linux starts it, for example QEMU's -kernel or \
      U-Boot's booti.

      EXAMPLES
        hv image systems/demo.yaml -o build/demo.img
      """)

  @OptionGroup var options: SystemOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  func run() throws {
    let (system, kernel) = try options.plan()
    try system.write(to: output, kernel: kernel)
    let attributes = try? FileManager.default.attributesOfItem(atPath: output)
    let size = (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    Output.text(
      "\(output): \(OwnershipSheet.size(size)), plan \(system.checksumText), "
        + "load at 0x\(String(system.kernelRegion.base, radix: 16))\n")
  }
}

extension PlannedSystem {
  /// Writes the boot image; errors are the tool's.
  func write(to path: String, kernel: String) throws {
    do {
      try writeBootImage(kernel: kernel, to: path)
    } catch {
      throw ToolFailure(message: error.description)
    }
  }
}
