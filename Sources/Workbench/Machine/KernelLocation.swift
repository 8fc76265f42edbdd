internal import Foundation

/// Where kernel images are looked for.
package enum KernelLocation {
  /// Paths of `kernel-ARCHITECTURE.bin`, or of another image of the project, in the order in which they are tried: beside the installed
  /// tool (`../images` of its folder), then `build/images` of the working folder and of each folder
  /// above it.
  package static func candidates(
    of image: String = "kernel", architecture: String, executable: String, workingFolder: String
  ) -> [String] {
    let name = "\(image)-\(architecture).bin"
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
  package static func find(_ image: String = "kernel", architecture: String) -> String? {
    candidates(
      of: image, architecture: architecture, executable: Bundle.main.executablePath ?? "/",
      workingFolder: FileManager.default.currentDirectoryPath
    ).first { FileManager.default.fileExists(atPath: $0) }
  }
}
