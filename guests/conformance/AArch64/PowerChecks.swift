#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// PSCI 1.1 (DEN 0022), chapter 5: what is there, what is not, and the calls that ask.
enum PowerChecks {
  static let version: UInt64 = 0x8400_0000
  static let cpuSuspend: UInt64 = 0x8400_0001
  static let features: UInt64 = 0x8400_000a
  static let smc64: UInt64 = 1 << 30

  /// Function numbers a zone has, as docs/interfaces.md lists them; those with a 64-bit form, too.
  private static func isImplemented(_ function: UInt64) -> Bool {
    switch function & 0x1f {
    case 1, 3, 4: true
    case 0, 2, 6, 8, 9, 10: function & smc64 == 0
    default: false
    }
  }

  static func run(_ conduit: Conduit) {
    Expect.that(conduit, "psci-version", version, returns: 0x1_0001)
    Expect.that(conduit, "migrate-info-type", 0x8400_0006, returns: 2)
    Expect.that(conduit, "psci-features", features, 0x8000_0000, returns: Status.success)
    Expect.that(conduit, "psci-features", features, 0x8000_0001, returns: Status.notSupported)
    for number: UInt64 in 0..<0x20 {
      check(conduit, version + number)
      check(conduit, version + number | smc64)
    }
    suspend(conduit, cpuSuspend)
    suspend(conduit, cpuSuspend | smc64)
  }

  /// What is not there is not there when called, either: SYSTEM_OFF has no 64-bit form.
  private static func check(_ conduit: Conduit, _ function: UInt64) {
    let isThere = isImplemented(function)
    Expect.that(
      conduit, "psci-features", features, function,
      returns: isThere ? Status.success : Status.notSupported)
    if !isThere {
      Expect.that(conduit, "psci", function, 1, 2, 3, returns: Status.notSupported)
    }
  }

  /// A standby state ends with the timer's interrupt, masked as it is.
  private static func suspend(_ conduit: Conduit, _ function: UInt64) {
    let due = Timer.now + Timer.frequency / 1000
    Timer.start(due)
    // A WFI, and so this, may end early.
    while Timer.now < due {
      Expect.that(conduit, "cpu-suspend", function, 0, 0, 0, returns: Status.success)
    }
    Timer.stop()
  }
}
#endif
