import Foundation
import Workbench

/// Builds what a system needs and is not there, as far as the tool's own checkout makes it.
///
/// What is there is taken as it is, even when its sources are newer: `make build` builds it again.
enum MissingFiles {
  /// Builds those of the files at `paths` that do not exist and that the checkout makes; a file that
  /// is missing afterwards is the reader's business.
  static func build(_ paths: [String]) throws {
    guard let checkout = Checkout() else { return }
    for path in paths where !FileManager.default.fileExists(atPath: path) {
      if let command = checkout.command(for: path) { try run(command, for: path) }
    }
  }

  /// The path of an architecture's kernel, or of another image for it, built if there is none.
  static func kernel(_ architecture: String, image: String = "kernel") throws -> String {
    if let path = KernelLocation.find(image, architecture: architecture) { return path }
    if let checkout = Checkout() {
      let path = checkout.kernel(image, architecture: architecture)
      if let command = checkout.command(for: path) {
        try run(command, for: path)
        return path
      }
    }
    throw ToolFailure(
      message:
        "there is no build/images/\(image)-\(architecture).bin here or above; build it with "
        + "'make build', or name one with --kernel FILE")
  }

  private static func run(_ command: BuildCommand, for path: String) throws {
    Output.error("hv: \(path) is missing; running \(command.name)")
    do {
      try command.run(output: 2)
    } catch .start(let error) {
      throw ToolFailure(message: error.description)
    } catch .interrupted(let number) {
      throw ToolFailure(
        message: "interrupted by \(SignalInbox.name(number)) while \(command.name) ran",
        exitCode: 128 + number)
    } catch .ended(let ending) {
      let how =
        switch ending {
        case .exited(let code): "exit code \(code)"
        case .signalled(let number): SignalInbox.name(number)
        }
      throw ToolFailure(
        message: "\(command.name) failed (\(how)); its messages above say why, 'make build' "
          + "installs what it needs")
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw ToolFailure(message: "\(command.name) ended well but did not make \(path)")
    }
  }
}
