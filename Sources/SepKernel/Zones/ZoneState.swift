/// Life of a zone. `stopping` and `starting` are the kernel's own: whoever moves a zone into them
/// has the zone for itself until it moves it out again.
public enum ZoneState: UInt32, Sendable {
  /// Never started.
  case created = 0
  /// Its memory is there; its CPUs run or wait for CPU_ON.
  case running = 1
  /// Ended by itself or by zone0.
  case stopped = 2
  /// Ended by the kernel; `ZoneFailure` says why.
  case failed = 3
  /// Its CPUs are being collected.
  case stopping = 4
  /// Its boot CPU loads its memory.
  case starting = 5
}

/// Why a zone failed or was refused; the number is the second result of `ZONE_STATE`.
public enum ZoneFailure: UInt32, Sendable {
  /// It has not failed.
  case none = 0
  /// Access to an address that is not the zone's.
  case foreignAddress = 1
  /// Access to an emulated device in a way that has no syndrome to decode (pair, writeback, SIMD).
  case unsupportedAccess = 2
  /// Instruction fetch from an address that is not executable memory of the zone.
  case foreignFetch = 3
  /// SError interrupt.
  case systemError = 4
  /// A trap the kernel has no answer for.
  case unexpectedTrap = 5
  /// One of its CPUs did not start.
  case missingCPU = 6
  /// One of its CPUs could not be taken back in time.
  case stuckCPU = 7
  /// The Plan left no room for its tables.
  case tablesExhausted = 8

  /// As it is printed.
  public var name: StaticString {
    switch self {
    case .none: "none"
    case .foreignAddress: "foreign-address"
    case .unsupportedAccess: "unsupported-access"
    case .foreignFetch: "foreign-fetch"
    case .systemError: "system-error"
    case .unexpectedTrap: "unexpected-trap"
    case .missingCPU: "missing-cpu"
    case .stuckCPU: "stuck-cpu"
    case .tablesExhausted: "tables-exhausted"
    }
  }
}
