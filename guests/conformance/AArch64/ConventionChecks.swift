#if hasFeature(Embedded) && arch(arm64)
internal import GuestSupport

/// SMC Calling Convention (DEN 0028), chapter 7, and the vendor-specific service of docs/interfaces.md.
enum ConventionChecks {
  private static let version: UInt64 = 0x8000_0000
  private static let features: UInt64 = 0x8000_0001

  static func run(_ conduit: Conduit) {
    Expect.that(conduit, "smccc-version", version, returns: 0x1_0001)
    Expect.that(conduit, "arch-features", features, version, returns: Status.success)
    Expect.that(conduit, "arch-features", features, features, returns: Status.success)
    // SOC_ID, one nobody has given out, and one of another service.
    Expect.that(conduit, "arch-features", features, 0x8000_0002, returns: Status.notSupported)
    Expect.that(conduit, "arch-features", features, 0x8000_3ffe, returns: Status.notSupported)
    Expect.that(conduit, "arch-features", features, 0x8400_0000, returns: Status.notSupported)
    workarounds(conduit)
    vendor(conduit)
    // One function of each service that a zone has not: CPU, SiP, OEM, standard hypervisor, trusted
    // applications and systems; both widths; and what is no fast call at all.
    let services: InlineArray<8, UInt64> = [0x01, 0x02, 0x03, 0x05, 0x30, 0x31, 0x32, 0x3f]
    for index in services.indices {
      let service = services[index]
      Expect.that(
        conduit, "unknown", 0x8000_0000 | service << 24, returns: Status.notSupported)
      Expect.that(
        conduit, "unknown", 0xc000_0000 | service << 24, returns: Status.notSupported)
    }
    Expect.that(conduit, "unknown", 0, returns: Status.notSupported)
    Expect.that(conduit, "unknown", 0xffff_ffff, returns: Status.notSupported)
  }

  /// SMCCC_ARCH_WORKAROUND_1 to 3 are the firmware's: what ARCH_FEATURES says of one is what the call
  /// itself then does. Values below 0: not there; 0: there; 1: there, and not needed on this CPU.
  private static func workarounds(_ conduit: Conduit) {
    Console.write("conformance: WORKAROUNDS ")
    Console.write(conduit.name)
    workaround(conduit, "first", 0x8000_8000)
    workaround(conduit, "second", 0x8000_7fff)
    workaround(conduit, "third", 0x8000_3fff)
    Console.endLine()
  }

  private static func workaround(_ conduit: Conduit, _ name: StaticString, _ function: UInt64) {
    let value = conduit.call(features, function).code
    let called = conduit.call(function, 0).code
    Expect.equal(
      conduit, "workaround", function, 0, called,
      value < 0 ? Status.notSupported : Status.success)
    Console.field(name, signed: value)
  }

  private static func vendor(_ conduit: Conduit) {
    let uid = conduit.call(0x8600_ff01)
    let bytes: UInt64 = 0x8600_ff01
    Expect.equal(conduit, "uid", bytes, 0, Int64(uid.x0), 0x1e2c_3a5f)
    Expect.equal(conduit, "uid", bytes, 1, Int64(uid.x1), 0x6f4e_4d7b)
    Expect.equal(conduit, "uid", bytes, 2, Int64(uid.x2), 0xc3d2_918a)
    Expect.equal(conduit, "uid", bytes, 3, Int64(uid.x3), 0x8796_a5b4)
    let revision = conduit.call(0x8600_ff03)
    Expect.equal(conduit, "revision", 0x8600_ff03, 0, Int64(revision.x0), 1)
    Expect.equal(conduit, "revision", 0x8600_ff03, 1, Int64(revision.x1), 0)
    Expect.that(conduit, "call-count", 0x8600_ff00, returns: 10)
    Expect.that(conduit, "abi-version", 0xc600_0000, returns: 0x1_0000)
    // The records count the system counter.
    Expect.that(conduit, "clock", 0xc600_0013, returns: 0)
    // Numbers without a function between those that have one, and the 32-bit form of one.
    let numbers: InlineArray<5, UInt64> = [0x06, 0x0f, 0x14, 0xff, 0x100]
    for index in numbers.indices {
      let number = numbers[index]
      Expect.that(conduit, "hypercall", 0xc600_0000 + number, returns: Status.notSupported)
    }
    Expect.that(conduit, "hypercall", 0x8600_0000, returns: Status.notSupported)
  }
}
#endif
