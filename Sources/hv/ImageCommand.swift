public import ArgumentParser
import Boards
import Foundation
import Workbench
public import ZoneLoader

/// `hv image`: one bootable file.
struct ImageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "Write one file with kernel, plan and all zone images.",
    discussion: """
      The file is a Linux Image of the board's architecture: what starts Linux starts it, for example QEMU's -kernel or \
      U-Boot's booti. --format puts it into another container; docs/hv.md has U-Boot's commands for each.

      EXAMPLES
        hv image systems/demo.yaml -o build/demo.img
        hv image systems/demo.yaml --format fit -o build/demo.itb
      """)

  @OptionGroup var options: SystemOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("What the file is: \(BootFormat.names).", valueName: "format"))
  var format = BootFormat.image

  func validate() throws { try SystemOptions.requireFile("-o", output) }

  func run() throws {
    let (system, kernel) = try options.plan()
    try Output.refuse("-o", output, over: options.inputs(kernel: kernel))
    try system.write(to: output, kernel: kernel, format: format)
    let attributes = try? FileManager.default.attributesOfItem(atPath: output)
    let size = (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    try Output.text(
      "\(output): \(OwnershipSheet.size(size)), plan \(system.checksumText), "
        + "\(format.place(for: system.kernelRegion))\n")
  }
}

extension PlannedSystem {
  /// Writes the boot image; errors are the tool's.
  func write(to path: String, kernel: String, format: BootFormat = .image) throws {
    do {
      try writeBootImage(kernel: kernel, to: path, format: format)
    } catch {
      throw ToolFailure(message: error.description)
    }
  }
}

extension BootFormat: ExpressibleByArgument {
  /// All of them, for a person.
  fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Where a boot loader has to load the file, if the kernel region is `region`.
  fileprivate func place(for region: AddressRange) -> String {
    func hexadecimal(_ value: UInt64) -> String { "0x\(String(value, radix: 16))" }
    switch self {
    case .image: return "load at \(hexadecimal(region.base))"
    case .elf, .uimage, .fit:
      let last = region.base + (region.size - 1)
      return "load outside \(hexadecimal(region.base))-\(hexadecimal(last))"
    }
  }
}
