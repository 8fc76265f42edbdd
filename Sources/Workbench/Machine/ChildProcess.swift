internal import Foundation
internal import Glibc
internal import Synchronization

/// Why a program could not be started.
package struct StartError: Error, Equatable, CustomStringConvertible {
  /// What could not be started and why.
  package var description: String
}

/// A running program whose standard input, output and errors are pipes of ours. It leads a process
/// group of its own, so that keys like Ctrl-C do not reach it and what it started ends with it.
///
/// When the workbench is killed the program is killed too, where setpriv(1) of util-linux is
/// installed; the program otherwise lives on. It must be ended with `end` or have ended by itself
/// before the value goes.
package final class ChildProcess {
  /// How a program ended.
  package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// Write here what the program reads.
  package let inputDescriptor: Int32
  /// Read here what the program writes.
  package let outputDescriptor: Int32
  /// Read here what the program writes to its standard error.
  package let errorDescriptor: Int32
  private let identifier: pid_t
  private var ending: Ending?
  private var inputOpen = true

  /// Starts `executable`, found by its path alone.
  package init(_ executable: String, _ arguments: [String]) throws(StartError) {
    guard FileManager.default.isExecutableFile(atPath: executable) else {
      throw StartError(description: "\(executable): no such executable file")
    }
    let guardian = "/usr/bin/setpriv"
    var words = [executable] + arguments
    if FileManager.default.isExecutableFile(atPath: guardian) {
      words = [guardian, "--pdeathsig", "KILL"] + words
    }
    // A program started by another thread meanwhile would inherit the pipes.
    let started = Spawn.lock.withLock { _ in
      Result { () throws(StartError) in try Spawn.start(words) }
    }
    let (identifier, input, output, errors) = try started.get()
    self.identifier = identifier
    for descriptor in [input.read, output.write, errors.write] { _ = close(descriptor) }
    inputDescriptor = input.write
    outputDescriptor = output.read
    errorDescriptor = errors.read
    for descriptor in [inputDescriptor, outputDescriptor, errorDescriptor] {
      DescriptorIO.setNonBlocking(descriptor)
    }
  }

  deinit {
    closeInput()
    _ = close(outputDescriptor)
    _ = close(errorDescriptor)
  }

  /// Whether it has not ended yet; collects it when it has.
  package var isRunning: Bool {
    guard ending == nil else { return false }
    var status: Int32 = 0
    // SAFETY: waitpid fills the integer it is given.
    guard unsafe waitpid(identifier, &status, WNOHANG) == identifier else { return true }
    // The encoding of Linux, see wait(2): the low seven bits are the signal, the next byte the code.
    let signal = status & 0x7f
    ending = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
    return false
  }

  /// How it ended; nil while it runs.
  package var result: Ending? { isRunning ? nil : ending }

  /// How it ended, as words; nil while it runs.
  package var endDescription: String? {
    switch result {
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let signal): "ended by signal \(signal)"
    case nil: nil
    }
  }

  /// The program reads the end of its input.
  package func closeInput() {
    if inputOpen { _ = close(inputDescriptor) }
    inputOpen = false
  }

  /// Asks the program and what it started to end (SIGTERM).
  package func terminate() {
    if isRunning { _ = kill(-identifier, SIGTERM) }
  }

  /// Ends the program and what it started: SIGTERM, and SIGKILL when that is not heard for
  /// `patience`.
  package func end(patience: Duration = .seconds(2)) {
    if isRunning {
      terminate()
      let deadline = ContinuousClock.now + patience
      while isRunning, ContinuousClock.now < deadline { usleep(5000) }
    }
    _ = kill(-identifier, SIGKILL)
    while isRunning { usleep(1000) }
  }
}

/// posix_spawn(3) and pipe(2).
private enum Spawn {
  /// Held from making pipes to the end of starting the program that gets them.
  static let lock = Mutex(())

  typealias Pipe = (read: Int32, write: Int32)

  private static func pipe() throws(StartError) -> Pipe {
    var ends: [Int32] = [-1, -1]
    // SAFETY: pipe fills the two integers it is given.
    guard unsafe Glibc.pipe(&ends) == 0 else {
      throw StartError(description: "no pipe: \(DescriptorIO.message(errno))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Starts the program `words[0]` in a process group of its own, with default signal actions and no signal
  /// blocked.
  static func start(
    _ words: [String]
  ) throws(StartError) -> (identifier: pid_t, input: Pipe, output: Pipe, errors: Pipe) {
    let input = try pipe()
    let output = try pipe()
    let errors = try pipe()
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var defaults = sigset_t()
    // Whoever started the workbench may have blocked signals, and SIGTERM has to be heard.
    var blocked = sigset_t()
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    var identifier: pid_t = 0
    // SAFETY: every structure is initialised by its own function before it is used and destroyed
    // afterwards; the arguments are NUL-terminated copies that live until they are freed here.
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors.write, STDERR_FILENO)
    unsafe sigemptyset(&defaults)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] {
      unsafe sigaddset(&defaults, number)
    }
    unsafe sigemptyset(&blocked)
    unsafe posix_spawnattr_init(&attributes)
    unsafe posix_spawnattr_setsigmask(&attributes, &blocked)
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let error = unsafe posix_spawn(
      &identifier, words[0], &actions, &attributes, &arguments, environ)
    for index in unsafe arguments.indices { unsafe free(arguments[index]) }
    unsafe posix_spawnattr_destroy(&attributes)
    unsafe posix_spawn_file_actions_destroy(&actions)
    guard error == 0 else {
      throw StartError(description: "\(words[0]): \(DescriptorIO.message(error))")
    }
    return (identifier, input, output, errors)
  }
}
