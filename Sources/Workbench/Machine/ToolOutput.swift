internal import Glibc

/// What a short-lived program printed.
package struct ToolOutput: Sendable {
  /// Its exit code; -1 when a signal or the end of our patience ended it.
  package let status: Int32
  /// All of its standard output.
  package let bytes: [UInt8]
  /// All of its standard error, as UTF-8.
  package let errorText: String

  /// The standard output as UTF-8.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Runs a program with `input` to its end, at most for `patience`.
  package init(
    _ executable: String, _ arguments: [String], input: [UInt8] = [], patience: Duration
  ) throws(StartError) {
    let child = try ChildProcess(executable, arguments)
    defer { child.end(patience: .milliseconds(100)) }
    let deadline = ContinuousClock.now + patience
    var rest = input
    var collected: [Int32: [UInt8]] = [:]
    var open = [child.outputDescriptor, child.errorDescriptor]
    if rest.isEmpty { child.closeInput() }
    while !open.isEmpty {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else {
        throw StartError(description: "\(executable) did not end in time")
      }
      var interests = open.map { DescriptorIO.Interest($0) }
      if !rest.isEmpty {
        interests.append(DescriptorIO.Interest(child.inputDescriptor, write: true))
      }
      for ready in DescriptorIO.poll(interests, milliseconds: left.wholeMilliseconds) {
        if ready.write {
          switch DescriptorIO.write(ready.descriptor, rest) {
          case .written(let count): rest.removeFirst(count)
          case .wouldBlock: break
          case .failed: rest = []
          }
          if rest.isEmpty { child.closeInput() }
        } else {
          switch DescriptorIO.read(ready.descriptor) {
          case .bytes(let bytes): collected[ready.descriptor, default: []] += bytes
          case .wouldBlock: break
          case .end, .failed: open.removeAll { $0 == ready.descriptor }
          }
        }
      }
    }
    while child.isRunning, ContinuousClock.now < deadline { usleep(2000) }
    status = if case .exited(let code) = child.result { code } else { -1 }
    bytes = collected[child.outputDescriptor] ?? []
    errorText = String(decoding: collected[child.errorDescriptor] ?? [], as: UTF8.self)
  }
}
