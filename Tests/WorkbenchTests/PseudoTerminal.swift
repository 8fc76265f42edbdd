import Foundation
import Glibc
import Testing

@testable import Workbench

/// A pseudoterminal: a test sits at one end as the person, a program has the other end as its
/// controlling terminal.
final class PseudoTerminal {
  let person: Int32
  let program: Int32
  private(set) var screen = ""

  init() throws {
    var ends: (person: Int32, program: Int32) = (-1, -1)
    try #require(openpty(&ends.person, &ends.program, nil, nil, nil) == 0)
    (person, program) = ends
    for end in [person, program] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    DescriptorIO.setNonBlocking(person)
  }

  deinit {
    close(person)
    close(program)
  }

  /// The terminal's settings that hv changes.
  struct Settings: Equatable {
    var input: tcflag_t
    var output: tcflag_t
    var local: tcflag_t

    /// Keys come one by one, unseen, and none of them is a signal.
    var isRaw: Bool {
      local & tcflag_t(ICANON | ECHO | ISIG | IEXTEN) == 0 && input & tcflag_t(ICRNL | IXON) == 0
    }
  }

  var settings: Settings {
    var settings = termios()
    #expect(tcgetattr(program, &settings) == 0)
    return Settings(
      input: settings.c_iflag, output: settings.c_oflag, local: settings.c_lflag)
  }

  /// The process group that reads the keys: the program's identifier, as it leads its group.
  var foreground: pid_t { tcgetpgrp(person) }

  func type(_ text: String) { DescriptorIO.writeAll(person, Array(text.utf8)) }

  /// Reads the screen until `condition` holds or 10 s have passed; whether it held.
  @discardableResult
  func wait(until condition: (PseudoTerminal) throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    while true {
      while case .bytes(let bytes) = DescriptorIO.read(person) {
        screen += String(decoding: bytes, as: UTF8.self)
      }
      if try condition(self) { return true }
      guard ContinuousClock.now < end else { return false }
      usleep(5000)
    }
  }

  func wait(for text: String) throws {
    try #require(wait { $0.screen.contains(text) }, "no '\(text)' in:\n\(screen)")
  }
}
