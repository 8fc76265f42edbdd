internal import Foundation

/// The checkout of this project that a tool at `build/bin` belongs to: it can build what is missing.
package struct Checkout: Equatable, Sendable {
  /// Its root, absolute.
  package let folder: String

  /// The checkout of the tool at the path `executable`; nil when that does not lie in the `build/bin`
  /// of a folder with `scripts/build-kernel`.
  package init?(executable: String = Bundle.main.executablePath ?? "/") {
    let tools = URL(fileURLWithPath: executable).standardizedFileURL.deletingLastPathComponent()
    let folder = tools.deletingLastPathComponent().deletingLastPathComponent()
    guard tools.pathComponents.suffix(2) == ["build", "bin"],
      FileManager.default.isExecutableFile(
        atPath: folder.appendingPathComponent("scripts/build-kernel").path)
    else { return nil }
    self.folder = folder.path
  }

  /// Where the kernel of an architecture is built, or another image, `bringup`.
  package func kernel(_ image: String = "kernel", architecture: String) -> String {
    "\(folder)/build/images/\(image)-\(architecture).bin"
  }

  /// The newer emulator that `scripts/fetch-qemu` fetched; nil where it did not.
  package func fetchedEmulator(_ name: String) -> String? {
    let path = "\(folder)/build/cache/qemu/bin/\(name)"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  /// The command that makes the file `path`; nil when this checkout does not make it.
  package func command(for path: String) -> BuildCommand? {
    let file = URL(fileURLWithPath: path).standardizedFileURL.path
    let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    switch file {
    case kernel(architecture: String(name.dropFirst("kernel-".count))):
      return command("scripts/build-kernel", [String(name.dropFirst("kernel-".count))])
    case kernel("bringup", architecture: String(name.dropFirst("bringup-".count))):
      return command("scripts/build-kernel", [String(name.dropFirst("bringup-".count)), "bringup"])
    default:
      return guest(file, name)
    }
  }

  /// A guest's file in `build/guests`, or in the folder there that is named after an architecture.
  private func guest(_ file: String, _ name: String) -> BuildCommand? {
    guard file.hasPrefix("\(folder)/build/guests/") else { return nil }
    var parts = file.dropFirst("\(folder)/build/guests/".count).split(separator: "/").map(
      String.init)
    let isLinux = parts.suffix(2) == ["linux", "initramfs.cpio.gz"]
    parts.removeLast(isLinux ? 2 : 1)
    guard parts.count <= 1 else { return nil }
    if isLinux { return command("guests/linux/build", parts) }
    guard file.hasSuffix(".elf"),
      FileManager.default.fileExists(atPath: "\(folder)/guests/\(name)")
    else { return nil }
    return command("guests/build", parts + [name])
  }

  private func command(_ script: String, _ arguments: [String]) -> BuildCommand? {
    let path = "\(folder)/\(script)"
    guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
    return BuildCommand(name: ([script] + arguments).joined(separator: " "), path, arguments)
  }
}
