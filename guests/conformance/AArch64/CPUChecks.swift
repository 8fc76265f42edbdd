#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

private var lives: Cell { Cell(2) }
private var mayEnd: Cell { Cell(3) }
private var offBy: Cell { Cell(4) }

/// CPU_ON, CPU_OFF and AFFINITY_INFO of a zone's two CPUs: DEN 0022, 5.1.3 to 5.1.5.
enum CPUChecks {
  private static let cpuOn: UInt64 = 0x8400_0003
  private static let affinityInfo: UInt64 = 0x8400_0004
  private static let isOn: Int64 = 0
  private static let isOff: Int64 = 1

  static func run(_ conduit: Conduit) {
    refusals(conduit, width: 0)
    refusals(conduit, width: PowerChecks.smc64)
    // On, off and on again, by both forms of the call.
    for _ in 0..<3 {
      life(conduit, width: 0)
      life(conduit, width: PowerChecks.smc64)
    }
  }

  /// With CPU 1 off.
  private static func refusals(_ conduit: Conduit, width: UInt64) {
    let on = cpuOn | width
    let info = affinityInfo | width
    let entry = guest_secondary_start_address()
    Expect.that(conduit, "affinity-info-self", info, 0, 0, returns: isOn)
    Expect.that(conduit, "affinity-info-off", info, 1, 0, returns: isOff)
    Expect.that(conduit, "cpu-on-itself", on, 0, entry, 0, returns: Status.alreadyOn)
    Expect.that(conduit, "cpu-on-odd-entry", on, 1, entry + 2, 1, returns: Status.invalidAddress)
    // CPUs that are not the zone's, by each of the affinity fields.
    let targets: InlineArray<4, UInt64> = [2, 0xff, 0x100, 0x1_0000]
    for index in targets.indices {
      let target = targets[index]
      Expect.that(
        conduit, "cpu-on-foreign", on, target, entry, 0, returns: Status.invalidParameters)
      Expect.that(
        conduit, "affinity-info-foreign", info, target, 0, returns: Status.invalidParameters)
    }
    // No affinity level beyond 3.
    Expect.that(conduit, "affinity-info-level", info, 0, 4, returns: Status.invalidParameters)
    if width == 0 { return }
    Expect.that(conduit, "cpu-on-far-entry", on, 1, 1 << 40, 1, returns: Status.invalidAddress)
    Expect.that(
      conduit, "cpu-on-foreign", on, 1 << 32, entry, 0, returns: Status.invalidParameters)
    Expect.that(
      conduit, "affinity-info-foreign", info, 1 << 32, 0, returns: Status.invalidParameters)
  }

  /// Starts CPU 1, which shows that it runs and then switches itself off.
  private static func life(_ conduit: Conduit, width: UInt64) {
    let on = cpuOn | width
    let info = affinityInfo | width
    let entry = guest_secondary_start_address()
    let before = lives.value
    mayEnd.value = 0
    offBy.value = conduit.rawValue
    Expect.that(conduit, "cpu-on", on, 1, entry, 1, returns: Status.success)
    wait { lives.value != before }
    Expect.equal(conduit, "cpu-on-runs", on, 1, Int64(lives.value - before), 1)
    Expect.that(conduit, "affinity-info-on", info, 1, 0, returns: isOn)
    Expect.that(conduit, "cpu-on-running", on, 1, entry, 1, returns: Status.alreadyOn)
    mayEnd.value = 1
    wait { conduit.call(info, 1, 0).code == isOff }
    Expect.that(conduit, "affinity-info-gone", info, 1, 0, returns: isOff)
    Expect.equal(conduit, "cpu-off-runs", on, 1, Int64(lives.value - before), 1)
  }

  /// Until `condition`, at most a second.
  private static func wait(until condition: () -> Bool) {
    let limit = Timer.now + Timer.frequency
    while !condition(), Timer.now < limit {}
  }
}

/// CPU 1 from guest-aarch64.S.
@c(guest_secondary_main)
public func guestSecondaryMain(cpu: UInt64) {
  lives.value += 1
  while mayEnd.value == 0 {}
  let conduit = Conduit(rawValue: offBy.value) ?? .hvc
  let code = conduit.call(Firmware.psciCPUOff).code
  Expect.equal(conduit, "cpu-off-returned", Firmware.psciCPUOff, 0, code, Int64.max)
}
#endif
