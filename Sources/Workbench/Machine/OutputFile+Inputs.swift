internal import Foundation

extension OutputFile {
  /// The first of `inputs` that is the file at `output`, by whatever name or link: to write there would
  /// replace what was read. `-` as an input is standard input. Devices and FIFOs are nobody's to replace.
  package static func replaced(by output: String, of inputs: [String]) -> String? {
    guard let file = Identity(output) else { return nil }
    return inputs.first { Identity($0 == "-" ? "/dev/stdin" : $0) == file }
  }

  /// Which regular file it is, whatever it is called.
  private struct Identity: Equatable {
    var device: dev_t
    var inode: ino_t

    /// nil: there is no regular file.
    init?(_ path: String) {
      guard let status = OutputFile.status(path), status.st_mode & S_IFMT == S_IFREG else {
        return nil
      }
      (device, inode) = (status.st_dev, status.st_ino)
    }
  }
}
