/// The paths whose length is recorded, in the order of measurements/README.md.
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

  /// How a person makes the number, after `make build`.
  var command: String {
    switch self {
    case .timerBusy, .timerIdle, .sgiSelf, .distributorRead, .psciVersion, .controlLoop:
      "HV_QEMU=$PWD/scripts/qemu-exact build/bin/hv run measurements/systems/rt-control.yaml --icount --record build/rt-control.hvlat"
        + " && build/bin/hvlat analyze build/rt-control.hvlat"
    case .timerBusyExits, .timerIdleExits, .bootWithPayload:
      "HV_QEMU=$PWD/scripts/qemu-exact build/bin/hv run measurements/systems/rt-control.yaml --icount"
    case .timerBusyBare, .timerIdleBare, .sgiSelfBare, .distributorReadBare, .controlLoopBare:
      "guests/bare rt-control 100000"
    case .boot, .restart:
      "HV_QEMU=$PWD/scripts/qemu-exact build/bin/hv run measurements/systems/boot-probe.yaml --icount"
    case .loadedBytes: "size build/images/kernel-aarch64.elf: text + data"
    case .reservedBytes:
      "stat -c %s build/images/kernel-aarch64.bin, and Plan.byteCount(zones: 16)"
    }
  }
}
