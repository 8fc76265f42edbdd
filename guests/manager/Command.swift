#if hasFeature(Embedded)
/// What the manager can be told, on its console or at entry.
enum Command {
  case list
  case start(zone: UInt64)
  case stop(zone: UInt64)
  case restart(zone: UInt64, times: UInt64)
  case stimulate(zone: UInt64, times: UInt64)
  /// PSCI SYSTEM_RESET: this zone starts anew.
  case reboot
  /// PSCI SYSTEM_OFF.
  case off
  /// Starts CPU 1, which then masks its interrupts and spins or waits for ever.
  case startCPU(spins: Bool)
  /// Reads memory that no zone should have; the kernel stops this zone.
  case crash
  /// Masks interrupts and never comes back.
  case hang
  /// Exits of this CPU and interrupts of the console.
  case info
  case help

  /// The command with number `script`, or nil for 0 and unknown numbers.
  init?(script: UInt64, _ first: UInt64, _ second: UInt64) {
    switch script {
    case 1: self = .list
    case 2: self = .start(zone: first)
    case 3: self = .stop(zone: first)
    case 4: self = .restart(zone: first, times: second)
    case 5: self = .stimulate(zone: first, times: second)
    case 6: self = .reboot
    case 7: self = .off
    case 8: self = .startCPU(spins: first != 0)
    case 9: self = .crash
    case 10: self = .hang
    default: return nil
    }
  }

  /// The command a typed line stands for, or nil.
  init?(line: borrowing Line) {
    let first = line.number(1)
    let second = line.number(2)
    if line.word(0, is: "list") {
      self = .list
    } else if line.word(0, is: "start"), let first {
      self = .start(zone: first)
    } else if line.word(0, is: "stop"), let first {
      self = .stop(zone: first)
    } else if line.word(0, is: "restart"), let first {
      self = .restart(zone: first, times: second ?? 1)
    } else if line.word(0, is: "stimulate"), let first {
      self = .stimulate(zone: first, times: second ?? 1)
    } else if line.word(0, is: "reboot") {
      self = .reboot
    } else if line.word(0, is: "off") {
      self = .off
    } else if line.word(0, is: "cpu-on") {
      self = .startCPU(spins: line.word(1, is: "spin"))
    } else if line.word(0, is: "crash") {
      self = .crash
    } else if line.word(0, is: "hang") {
      self = .hang
    } else if line.word(0, is: "info") {
      self = .info
    } else if line.word(0, is: "help") {
      self = .help
    } else {
      return nil
    }
  }
}
#endif
