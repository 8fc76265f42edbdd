internal import Foundation

/// One start of QEMU: everything that determines what it does.
package struct QEMUCommand: Equatable, Sendable {
  /// Path of the emulator.
  package var executable: String
  /// Arguments that make the machine, from the board: `-machine`, `-cpu`, `-smp`, `-m`, ...
  package var machineArguments: [String]
  /// Path of the boot image.
  package var image: String
  /// Where it is put by a machine that knows no `-kernel`; nil: QEMU decides.
  package var imageAddress: UInt64?
  /// Path of the firmware such a machine starts with (`-bios`); nil: QEMU's own, if any.
  package var firmware: String?
  /// One tick of the latency records' clock is one instruction, the same in every run
  /// (`-icount shift=N,sleep=off`).
  package var icount = false
  /// What goes with that.
  package var icountArguments: [String] = []
  /// Which of the machine's serial ports is the UART.
  package var serialPort = 0
  /// Wait for a debugger on TCP port 1234 before the first instruction (`-S -gdb tcp:127.0.0.1:1234`).
  package var waitForDebugger = false
  /// Where QEMU makes its machine protocol's socket; nil: no machine protocol.
  package var qmpSocket: String?
  /// The user's own, before `-kernel`.
  package var extraArguments: [String] = []
  /// Words before the executable; see `OneHostCPU`.
  package var launcher: [String] = []

  /// With `icount`, an instruction takes 2 to this power ns of the machine's time.
  package let icountShift: UInt32

  /// A machine without icount, debugger and machine protocol.
  package init(executable: String, machineArguments: [String], icountShift: UInt32, image: String) {
    self.executable = executable
    self.machineArguments = machineArguments
    self.icountShift = icountShift
    self.image = image
  }

  /// Arguments without the executable. The UART is QEMU's standard input and output.
  package var arguments: [String] {
    var arguments = machineArguments
    arguments += ["-display", "none", "-monitor", "none"]
    arguments += ["-chardev", "stdio,id=uart,signal=off"]
    arguments +=
      (0..<serialPort).flatMap { _ in ["-serial", "null"] } + ["-serial", "chardev:uart"]
    if icount { arguments += ["-icount", "shift=\(icountShift),sleep=off"] + icountArguments }
    if waitForDebugger { arguments += ["-S", "-gdb", "tcp:127.0.0.1:1234"] }
    if let qmpSocket { arguments += ["-qmp", "unix:\(qmpSocket),server=on,wait=off"] }
    arguments += extraArguments
    if let firmware { arguments += ["-bios", firmware] }
    guard let imageAddress else { return arguments + ["-kernel", image] }
    let address = String(imageAddress, radix: 16)
    return arguments + ["-device", "loader,file=\(image),addr=0x\(address),force-raw=on"]
  }

  /// Gives the machine `count` CPUs, whatever the board says.
  package mutating func overrideCPUCount(_ count: Int) {
    if let option = machineArguments.firstIndex(of: "-smp"), option + 1 < machineArguments.count {
      machineArguments[option + 1] = String(count)
    } else {
      machineArguments += ["-smp", String(count)]
    }
  }

  /// The program to start and all its arguments.
  package var words: (program: String, arguments: [String]) {
    guard let program = launcher.first else { return (executable, arguments) }
    return (program, launcher.dropFirst() + [executable] + arguments)
  }

  /// The command as a line for a shell, for logs and provenance.
  package var shellLine: String {
    ([words.program] + words.arguments).map(QEMUCommand.quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_=+,./:@%".contains($0))
    }
    if plain && !word.isEmpty { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
