/// The paths whose length is recorded, in the order of measurements/README.md, by the names that latency records
/// have for them.
enum MeasuredPath: String, CaseIterable, Codable, Sendable {
  case timerBusy = "timer-busy"
  case timerBusyExits = "timer-busy-exits"
  case timerBusyBare = "timer-busy-bare"
  case timerIdle = "timer-idle"
  case timerIdleExits = "timer-idle-exits"
  case timerIdleBare = "timer-idle-bare"
  case sgiSelf = "sgi-self"
  case sgiSelfBare = "sgi-self-bare"
  case distributorRead = "gicd-read"
  case distributorReadBare = "gicd-read-bare"
  case psciVersion = "psci-version"
  case controlLoop = "control-loop"
  case controlLoopBare = "control-loop-bare"
  case boot
  case bootWithPayload = "boot-with-payload"
  case restart
  case loadedBytes = "kernel-loaded-bytes"
  case reservedBytes = "kernel-reserved-bytes"

  /// What is counted.
  var unit: String {
    switch self {
    case .timerBusy, .timerBusyBare, .timerIdle, .timerIdleBare, .sgiSelf, .sgiSelfBare,
      .distributorRead, .distributorReadBare, .psciVersion, .controlLoop, .controlLoopBare, .boot,
      .bootWithPayload, .restart:
      "instructions"
    case .timerBusyExits, .timerIdleExits: "exits"
    case .loadedBytes, .reservedBytes: "bytes"
    }
  }

  /// What guests call it.
  func name(on board: MeasuredBoard) -> String {
    guard board.isRISCV else { return rawValue }
    return switch self {
    case .sgiSelf: "ipi-self"
    case .distributorRead: "controller-read"
    case .psciVersion: "firmware-call"
    default: rawValue
    }
  }

  /// How a person makes the number, after `make build`.
  func command(on board: MeasuredBoard) -> String {
    let run = "HV_QEMU=$PWD/scripts/qemu-exact build/bin/hv run measurements/systems"
    let rtControl = "\(run)/\(board.system("rt-control")).yaml --icount"
    switch self {
    case .timerBusy, .timerIdle, .sgiSelf, .distributorRead, .psciVersion, .controlLoop:
      return "\(rtControl) --record build/rt-control.hvlat"
        + " && build/bin/hvlat analyze build/rt-control.hvlat"
    case .timerBusyExits, .timerIdleExits, .bootWithPayload: return rtControl
    case .timerBusyBare, .timerIdleBare, .sgiSelfBare, .distributorReadBare, .controlLoopBare:
      return (["guests/bare"] + board.bareMachine + ["rt-control 100000"]).joined(separator: " ")
    case .boot, .restart: return "\(run)/\(board.system("boot-probe")).yaml --icount"
    case .loadedBytes: return "size \(board.kernelFile): text + data"
    case .reservedBytes:
      return "stat -c %s \(board.kernel), and Plan.byteCount(zones: 16)"
    }
  }
}
