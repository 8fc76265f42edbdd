#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

private var lives: Cell { Cell(2) }
private var mayEnd: Cell { Cell(3) }
private var argument: Cell { Cell(4) }
/// 1: CPU 1 is to suspend itself; 2: it is about to.
private var suspends: Cell { Cell(5) }

/// Calls about a zone's two CPUs and about those of others: IPI, RFENCE, HSM (SBI 2.0, chapters 7 to 9).
enum HartChecks {
  private static let started: UInt64 = 0
  private static let stopped: UInt64 = 1

  static func run() {
    interrupts()
    fences()
    refusals()
    for _ in 0..<3 { life() }
    deepSuspension()
    suspension()
  }

  /// Harts that are not the zone's, as mask and base, and those that are.
  private static func masks(_ called: SBIExtension, _ what: StaticString, _ function: UInt64) {
    Expect.that(called, what, function, 1, CPU.hart(0), fails: Status.success)
    Expect.that(called, what, function, 0, UInt64.max, fails: Status.success)
    // OpenSBI 1.5 passes over harts that there are not, and looks at 32 bits of a number.
    guard ExtensionChecks.isInZone else { return }
    Expect.that(called, "foreign-hart", function, 0b100, 0, fails: Status.invalidParameter)
    Expect.that(called, "foreign-hart", function, 1 << 63 | 1, 0, fails: Status.invalidParameter)
    Expect.that(called, "foreign-hart", function, 1, 2, fails: Status.invalidParameter)
    Expect.that(called, "foreign-hart", function, 2, 1, fails: Status.invalidParameter)
    Expect.that(called, "foreign-hart", function, 1, 1 << 32, fails: Status.invalidParameter)
  }

  private static func interrupts() {
    masks(.ipi, "send-ipi", 0)
    ExtensionChecks.unknownFunctions(of: .ipi, from: 1)
    guest_clear_ssip()
  }

  private static func fences() {
    for function: UInt64 in 0..<3 { masks(.remoteFence, "remote-fence", function) }
    Expect.that(
      .remoteFence, "remote-fence-range", 1, 1, CPU.hart(0), Memory.plain, 0x1000,
      fails: Status.success)
    Expect.that(
      .remoteFence, "remote-fence-asid", 2, 1, CPU.hart(0), 0, UInt64.max, 1,
      fails: Status.success)
    // Those of the hypervisor extension: not in a zone.
    if ExtensionChecks.isInZone {
      for function: UInt64 in 3..<7 {
        Expect.that(
          .remoteFence, "hypervisor-fence", function, 1, CPU.hart(0), fails: Status.notSupported)
      }
    }
    ExtensionChecks.unknownFunctions(of: .remoteFence, from: 7)
  }

  /// With CPU 1 stopped.
  private static func refusals() {
    let entry = guest_secondary_start_address()
    Expect.that(.hartState, "status-self", 2, CPU.hart(0), returns: started)
    Expect.that(.hartState, "status-stopped", 2, CPU.hart(1), returns: stopped)
    Expect.that(
      .hartState, "start-itself", 0, CPU.hart(0), entry, fails: Status.alreadyAvailable)
    if ExtensionChecks.isInZone {
      Expect.that(
        .hartState, "start-far-entry", 0, CPU.hart(1), 1 << 40, fails: Status.invalidAddress)
    }
    let foreign: [4 of UInt64] = [2, 0xff, 1 << 32, UInt64.max]
    for index in foreign.indices {
      let hart = foreign[index]
      if hart == 1 << 32, !ExtensionChecks.isInZone { continue }
      Expect.that(
        .hartState, "start-foreign", 0, hart, entry, fails: Status.invalidParameter)
      Expect.that(.hartState, "status-foreign", 2, hart, fails: Status.invalidParameter)
    }
    ExtensionChecks.unknownFunctions(of: .hartState, from: 4)
  }

  /// Starts CPU 1, which shows that it runs and then stops itself.
  private static func life() {
    let hart = CPU.hart(1)
    let entry = guest_secondary_start_address()
    let before = lives.value
    mayEnd.value = 0
    Expect.that(.hartState, "start", 0, hart, entry, 1, fails: Status.success)
    wait { lives.value != before }
    Expect.equal("hsm", "start-runs", 0, hart, Int64(lives.value - before), 1)
    Expect.equal("hsm", "start-argument", 0, hart, Int64(argument.value), 1)
    Expect.that(.hartState, "status-started", 2, hart, returns: started)
    Expect.that(.hartState, "start-running", 0, hart, entry, 1, fails: Status.alreadyAvailable)
    Expect.that(.ipi, "send-ipi-other", 0, 1, hart, fails: Status.success)
    Expect.that(.ipi, "send-ipi-both", 0, 0b11, 0, fails: Status.success)
    Expect.that(.remoteFence, "remote-fence-both", 1, 0b11, 0, fails: Status.success)
    guest_clear_ssip()
    mayEnd.value = 1
    wait { secondaryCPUState(1) == Int64(stopped) }
    Expect.that(.hartState, "status-gone", 2, hart, returns: stopped)
    Expect.equal("hsm", "stop-runs", 1, hart, Int64(lives.value - before), 1)
  }

  /// A suspension that keeps nothing ends with an IPI, and goes on where it was told, as a start does.
  private static func deepSuspension() {
    let hart = CPU.hart(1)
    let before = lives.value
    mayEnd.value = 0
    argument.value = 0
    suspends.value = 1
    Expect.that(
      .hartState, "start", 0, hart, guest_secondary_start_address(), 2, fails: Status.success)
    wait { suspends.value == 2 }
    let asleep = Timer.now + Timer.frequency / 1000
    while Timer.now < asleep {}
    Expect.equal("hsm", "suspended", 3, hart, Int64(lives.value - before), 0)
    Expect.that(.ipi, "send-ipi-wakes", 0, 1, hart, fails: Status.success)
    wait { lives.value != before }
    Expect.equal("hsm", "resume-runs", 3, hart, Int64(lives.value - before), 1)
    Expect.equal("hsm", "resume-argument", 3, hart, Int64(argument.value), 3)
    mayEnd.value = 1
    wait { secondaryCPUState(1) == Int64(stopped) }
    Expect.that(.hartState, "status-gone", 2, hart, returns: stopped)
  }

  /// A retentive suspension ends with the timer's interrupt, masked as it is; other types are not there.
  private static func suspension() {
    let due = Timer.now + Timer.frequency / 1000
    Timer.start(due)
    // A WFI, and so this, may end early.
    while Timer.now < due {
      Expect.that(.hartState, "suspend", 3, 0, 0, 0, fails: Status.success)
    }
    Timer.stop()
    Expect.that(.hartState, "suspend-reserved", 3, 1, 0, 0, fails: Status.invalidParameter)
    Expect.that(
      .hartState, "suspend-reserved", 3, 0x8000_0001, 0, 0, fails: Status.invalidParameter)
  }

  /// Until `condition`, at most a second.
  private static func wait(until condition: () -> Bool) {
    let limit = Timer.now + Timer.frequency
    while !condition(), Timer.now < limit {}
  }
}

/// CPU 1.
@c(guest_secondary_main)
public func guestSecondaryMain(cpu: UInt64) {
  if suspends.value == 1 {
    guest_write_sie(1 << 1)
    suspends.value = 2
    let type: UInt64 = 0x8000_0000
    let result = Firmware.sbi(
      Firmware.Extension.hartState, 3, type, guest_secondary_start_address(), 3)
    return Expect.equal("hsm", "suspend-returned", 3, type, result.error, Int64.max)
  }
  argument.value = cpu
  lives.value += 1
  while mayEnd.value == 0 {}
  let result = Firmware.sbi(Firmware.Extension.hartState, 1)
  Expect.equal("hsm", "stop-returned", 1, 0, result.error, Int64.max)
}

/// All that is checked.
func checkEverything() {
  ExtensionChecks.run()
  HartChecks.run()
}
#endif
