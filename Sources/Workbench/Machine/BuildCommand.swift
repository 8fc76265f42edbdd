/// One script of a checkout with its arguments.
package struct BuildCommand: Equatable, Sendable {
  /// For people: `scripts/build-kernel aarch64`.
  package let name: String
  private let path: String
  private let arguments: [String]

  /// `path`: the script, absolute.
  package init(name: String, _ path: String, _ arguments: [String]) {
    self.name = name
    self.path = path
    self.arguments = arguments
  }

  /// How a build ended that made nothing.
  package enum Failure: Error, Equatable, Sendable {
    case start(StartError)
    case ended(ChildProcess.Ending)
    /// A signal told this process to end meanwhile; as in signal(7).
    case interrupted(Int32)
  }

  /// Runs the script to its end; whatever it prints goes to the descriptor `output` at once.
  ///
  /// A signal ends the script and all it started first; signals have their default action again
  /// afterwards.
  package func run(output: Int32) throws(Failure) {
    let inbox = SignalInbox()
    defer { inbox.restoreDefaults() }
    let child: ChildProcess
    do {
      child = try ChildProcess(path, arguments)
    } catch {
      throw .start(error)
    }
    child.closeInput()
    defer { child.end() }
    var open = [child.outputDescriptor, child.errorDescriptor]
    while !open.isEmpty {
      let interests = (open + [inbox.descriptor]).map { DescriptorIO.Interest($0) }
      for ready in DescriptorIO.poll(interests, milliseconds: -1) {
        if ready.descriptor == inbox.descriptor {
          if let number = inbox.take().first { throw .interrupted(number) }
          continue
        }
        switch DescriptorIO.read(ready.descriptor) {
        case .bytes(let bytes): DescriptorIO.writeAll(output, bytes)
        case .wouldBlock: break
        case .end, .failed: open.removeAll { $0 == ready.descriptor }
        }
      }
    }
    while true {
      if let ending = child.result {
        guard ending == .exited(0) else { throw .ended(ending) }
        return
      }
      _ = DescriptorIO.poll([DescriptorIO.Interest(inbox.descriptor)], milliseconds: 5)
      if let number = inbox.take().first { throw .interrupted(number) }
    }
  }
}
