/// How QEMU is told to be this board.
public struct BoardEmulator: Equatable, Sendable {
  /// For example `qemu-system-aarch64`.
  public var program: String
  /// Value of `-machine`.
  public var machine: String
  /// Value of `-cpu`.
  public var cpu: String
  /// `-icount shift=N`: an instruction takes 2 to this power ns of the machine's time, so that it is
  /// one tick of the clock the latency records count.
  public var icountShift: UInt32
  /// What goes with `-icount`, without which the machine would not do.
  public var icountArguments: [String]

  /// The words QEMU is given.
  public init(
    program: String, machine: String, cpu: String, icountShift: UInt32,
    icountArguments: [String] = []
  ) {
    self.program = program
    self.machine = machine
    self.cpu = cpu
    self.icountShift = icountShift
    self.icountArguments = icountArguments
  }

  /// Arguments that make the machine: `-machine`, `-cpu`, `-smp`, `-m`, no default devices.
  /// `machineOptions` are appended to the machine, for example `dumpdtb=FILE`.
  public func arguments(for board: Board, machineOptions: [String] = []) -> [String] {
    [
      "-machine", ([machine] + machineOptions).joined(separator: ","),
      "-cpu", cpu,
      "-smp", String(board.cpus.count),
      "-m", "\(board.ramSize >> 20)M",
      "-nodefaults",
    ]
  }
}
