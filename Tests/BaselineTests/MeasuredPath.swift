/// The paths whose length is recorded, in the order of measurements/README.md, by the names that latency records
/// have for them.
enum MeasuredPath: String, CaseIterable, Codable, Sendable {
  case timerBusy = "timer-busy"
  case timerBusyExits = "timer-busy-exits"
  case timerBusyBare = "timer-busy-bare"
  case timerIdle = "timer-idle"
  case timerIdleExits = "timer-idle-exits"
  case timerIdleBare = "timer-idle-bare"
  case ipiSelf = "ipi-self"
  case ipiSelfBare = "ipi-self-bare"
  case controllerRead = "controller-read"
  case controllerReadBare = "controller-read-bare"
  case firmwareCall = "firmware-call"
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
    case .timerBusy, .timerBusyBare, .timerIdle, .timerIdleBare, .ipiSelf, .ipiSelfBare,
      .controllerRead, .controllerReadBare, .firmwareCall, .controlLoop, .controlLoopBare, .boot,
      .bootWithPayload, .restart:
      "instructions"
    case .timerBusyExits, .timerIdleExits: "exits"
    case .loadedBytes, .reservedBytes: "bytes"
    }
  }

  /// How a person makes the number, after `make build`.
  func command(on board: MeasuredBoard) -> String {
    let run = "HV_QEMU=$PWD/scripts/qemu-exact build/bin/hv run measurements/systems"
    let rtControl = "\(run)/\(board.system("rt-control")).yaml --icount"
    switch self {
    case .timerBusy, .timerIdle, .ipiSelf, .controllerRead, .firmwareCall, .controlLoop:
      return "\(rtControl) --record build/rt-control.hvlat"
        + " && build/bin/hvlat analyze build/rt-control.hvlat"
    case .timerBusyExits, .timerIdleExits, .bootWithPayload: return rtControl
    case .timerBusyBare, .timerIdleBare, .ipiSelfBare, .controllerReadBare, .controlLoopBare:
      return (["guests/bare"] + board.bareMachine + ["rt-control 100000"]).joined(separator: " ")
    case .boot, .restart: return "\(run)/\(board.system("boot-probe")).yaml --icount"
    case .loadedBytes: return "size \(board.kernelFile): text + data"
    case .reservedBytes:
      return "stat -c %s \(board.kernel), and Plan.byteCount(zones: 16)"
    }
  }
}
