import ArgumentParser
import Foundation
import Workbench
import ZoneLoader

/// `hv plan`: who owns what.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Check a system and print who owns each CPU, page, line and device.",
    discussion: """
      Every rule the kernel will check is checked; an error names the file, line, zone and field \
      and says what to do. The page has a line to sign on; it names the plan by its checksum, \
      which the kernel prints in its first line and latency records carry.

      EXAMPLES
        hv plan systems/demo.yaml
        hv plan systems/demo.yaml --json | jq '.rows[] | select(.owner == "rt-control")'
        hv plan systems/demo.yaml --dtb linux            the zone's device tree, as source
        hv plan systems/demo.yaml --dtb linux -o l.dtb   the same as a blob
      """)

  @OptionGroup var options: SystemOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Option(
    help: ArgumentHelp("Print the device tree made for this zone instead.", valueName: "zone"))
  var dtb: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("With --dtb: write the blob to this file.", valueName: "file"))
  var output: String?

  func validate() throws {
    if output != nil && dtb == nil { throw ValidationError("-o goes with --dtb ZONE") }
    try SystemOptions.requireFile("-o", output)
    if json && dtb != nil { throw ValidationError("give --json or --dtb, not both") }
  }

  func run() throws {
    let (system, hasKernel) = try options.planProvisionally()
    let kernel = hasKernel ? system.kernelImage.path : nil
    try Output.refuse("-o", output, over: options.inputs(kernel: kernel))
    if let dtb {
      try printTree(of: dtb, in: system)
    } else {
      let sheet = system.sheet(hasKernel: hasKernel)
      try Output.text(json ? sheet.json : sheet.text)
    }
    if !hasKernel {
      Output.error(
        "hv: note: no kernel is built, so addresses and checksum are provisional ('make build')")
    }
  }

  private func printTree(of zone: String, in system: PlannedSystem) throws {
    let blob: [UInt8]?
    do {
      blob = try system.deviceTree(zone: zone)
    } catch {
      throw ToolFailure(message: "\(error)")
    }
    guard let blob else {
      throw ToolFailure(
        message:
          "zone '\(zone)' gets no device tree; images other than Linux get one with "
          + "'dtb: generate' in \(system.description.path)")
    }
    if let output {
      try Output.file(blob, to: output)
      return
    }
    guard let compiler = ToolLocation.find("dtc") else {
      throw ToolFailure(
        message:
          "dtc is not in PATH; install the package device-tree-compiler, or write the blob with "
          + "-o FILE")
    }
    do {
      let source = try ToolOutput(
        compiler, ["-q", "-I", "dtb", "-O", "dts", "-"], input: blob, patience: .seconds(20))
      guard source.status == 0 else {
        throw ToolFailure(message: "dtc: \(source.errorText)")
      }
      try Output.text(source.text)
    } catch let error as StartError {
      throw ToolFailure(message: error.description)
    }
  }
}
