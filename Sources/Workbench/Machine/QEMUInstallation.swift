internal import Foundation

/// The emulator cannot be used; the text says what to do.
package struct QEMUError: Error, Equatable, CustomStringConvertible {
  /// What is wrong with it and what to do.
  package var description: String
}

/// Finds QEMU and judges its version.
package enum QEMUInstallation {
  /// The first version that neither freezes with some real-time guests nor ignores SIGTERM then;
  /// see docs/hv.md.
  package static let minimumMajorVersion = 10

  /// The path of the emulator `name` and its version, `major` or later: the value of `HV_QEMU`, or what
  /// `PATH` finds, or when that is too old what `scripts/fetch-qemu` fetched into `checkout`.
  package static func find(
    _ name: String, major: Int, checkout: Checkout? = Checkout(),
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(QEMUError) -> (path: String, version: String) {
    let path = try find(name, environment: environment)
    let version = try checkedVersion(of: path)
    if self.major(version) >= major { return (path, version) }
    if let fetched = checkout?.fetchedEmulator(name), environment["HV_QEMU"] ?? "" == "" {
      let version = try checkedVersion(of: fetched)
      if self.major(version) >= major { return (fetched, version) }
    }
    throw QEMUError(
      description:
        "\(path) is QEMU \(version), and this board's machine is in QEMU \(major) and later; "
        + "fetch one with 'scripts/fetch-qemu', or name one with HV_QEMU=/path/to/\(name)")
  }

  /// The path of the file `name` in the emulator's data folders (`-L help`); nil when it has none.
  package static func dataFile(_ name: String, of executable: String) -> String? {
    guard let output = try? ToolOutput(executable, ["-L", "help"], patience: .seconds(10)) else {
      return nil
    }
    return output.text.split(separator: "\n").map { "\($0)/\(name)" }
      .first { FileManager.default.isReadableFile(atPath: $0) }
  }

  /// The path of the emulator `name`: the value of `HV_QEMU`, or what `PATH` finds.
  package static func find(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(QEMUError) -> String {
    if let path = environment["HV_QEMU"], !path.isEmpty {
      guard FileManager.default.isExecutableFile(atPath: path) else {
        throw QEMUError(description: "HV_QEMU names '\(path)', which is no executable file")
      }
      return path
    }
    if let path = ToolLocation.find(name, environment: environment) { return path }
    throw QEMUError(
      description:
        "\(name) is not in PATH; install QEMU \(minimumMajorVersion) or later ('make setup', or "
        + "Debian's package that has it), or name it with HV_QEMU=/path/to/\(name)")
  }

  /// The version in the output of `qemu-system-... --version`, for example `10.0.2`.
  package static func version(in output: String) -> String? {
    guard let line = output.split(separator: "\n").first,
      let text = String(line).after("QEMU emulator version ")
    else { return nil }
    let version = text.prefix { $0.isNumber || $0 == "." }
    return version.first?.isNumber == true ? String(version) : nil
  }

  private static func major(_ version: String) -> Int {
    version.split(separator: ".").first.flatMap { Int($0) } ?? 0
  }

  /// Asks the emulator for its version and refuses one that is too old. Waits at most 10 s.
  package static func checkedVersion(of executable: String) throws(QEMUError) -> String {
    let output: ToolOutput
    do {
      output = try ToolOutput(executable, ["--version"], patience: .seconds(10))
    } catch {
      throw QEMUError(description: "cannot start QEMU: \(error)")
    }
    guard output.status == 0, let version = version(in: output.text) else {
      throw QEMUError(
        description: "'\(executable) --version' did not print QEMU's version; is it QEMU?")
    }
    guard major(version) >= minimumMajorVersion else {
      throw QEMUError(
        description:
          "\(executable) is QEMU \(version), which can freeze with real-time guests; version "
          + "\(minimumMajorVersion) or later is needed (Debian 12 has it in bookworm-backports), "
          + "or name another one with HV_QEMU=/path/to/qemu")
    }
    return version
  }
}
