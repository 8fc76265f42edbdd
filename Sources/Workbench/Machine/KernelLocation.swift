internal import Foundation

/// Where kernel images are looked for.
package enum KernelLocation {
  /// Paths of `kernel-ARCHITECTURE.bin` in the order in which they are tried: beside the installed
  /// tool (`../images` of its folder), then `build/images` of the working folder and of each folder
  /// above it.
  package static func candidates(
    architecture: String, executable: String, workingFolder: String
  ) -> [String] {
    let name = "kernel-\(architecture).bin"
    let tools = URL(fileURLWithPath: executable).deletingLastPathComponent()
    var candidates = [
      tools.deletingLastPathComponent().appendingPathComponent("images/\(name)").path
    ]
    var folder = URL(fileURLWithPath: workingFolder, isDirectory: true).standardizedFileURL
    while true {
      candidates.append(folder.appendingPathComponent("build/images/\(name)").path)
      if folder.path == "/" || folder.path.isEmpty { return candidates }
      folder = folder.deletingLastPathComponent()
    }
  }

  /// The first candidate that exists; nil when none does.
  package static func find(architecture: String) -> String? {
    candidates(
      architecture: architecture, executable: Bundle.main.executablePath ?? "/",
      workingFolder: FileManager.default.currentDirectoryPath
    ).first { FileManager.default.fileExists(atPath: $0) }
  }
}
