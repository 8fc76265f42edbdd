/// How QEMU is told to be this board.
public struct BoardEmulator: Equatable, Sendable {
  /// For example `qemu-system-aarch64`.
  public var program: String
  /// The first major version of QEMU that has the machine.
  public var minimumVersion: Int
  /// Value of `-machine`.
  public var machine: String
  /// Value of `-cpu`.
  public var cpu: String
  /// More arguments, without which the machine would not be made.
  public var machineArguments: [String]
  /// `-icount shift=N`: an instruction takes 2 to this power ns of the machine's time, so that it is
  /// one tick of the clock the latency records count.
  public var icountShift: UInt32
  /// What goes with `-icount`, without which the machine would not do.
  public var icountArguments: [String]
  /// nil: QEMU starts the kernel like any other (`-kernel`). Else the machine knows no kernel, and this
  /// is how it gets a firmware that starts what was loaded at `Board.kernelBase`.
  public var firmware: BoardFirmware?

  /// For RISC-V under `-icount`. A timer that is off is one at the end of QEMU's time
  /// (target/riscv/time_helper.c). When all harts wait for nothing else, QEMU would set its clock there,
  /// where its own timer for turns of the CPUs overflows, and not be heard of again. This one, which no
  /// guest can see, is due each second.
  public static let ticking = [
    "-netdev", "hubport,id=second,hubid=0",
    "-netdev", "hubport,id=peer,hubid=1,netdev=second",
    "-object", "filter-buffer,id=tick,netdev=second,interval=1000000",
  ]

  /// For machines with sound, which would want a host that has some.
  public static let silent = ["-audio", "none"]

  /// Whether QEMU makes a device tree for the machine (`dumpdtb`).
  public var hasTree: Bool
  /// Which of the machine's serial ports is the board's UART, in QEMU's order.
  public var serialPort: Int

  /// The words QEMU is given.
  public init(
    program: String, minimumVersion: Int = 10, machine: String, cpu: String,
    machineArguments: [String] = [], icountShift: UInt32, icountArguments: [String] = [],
    firmware: BoardFirmware? = nil, hasTree: Bool = true, serialPort: Int = 0
  ) {
    self.program = program
    self.minimumVersion = minimumVersion
    self.machine = machine
    self.cpu = cpu
    self.machineArguments = machineArguments
    self.icountShift = icountShift
    self.icountArguments = icountArguments
    self.firmware = firmware
    self.hasTree = hasTree
    self.serialPort = serialPort
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
    ] + machineArguments
  }
}
