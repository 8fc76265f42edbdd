#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// Extensions that concern no other CPU: BASE, TIME, SRST, DBCN, legacy ones, the kernel's own, and those
/// that a zone has not (SBI 2.0, chapters 4 to 6, 10, 12).
enum ExtensionChecks {
  /// Whether it is the kernel that answers; other firmware has more extensions.
  static var isInZone: Bool { Kernel.isPresent }

  static func run() {
    base()
    timer()
    systemReset()
    debugConsole()
    legacy()
    if isInZone {
      kernel()
      absent()
    }
  }

  private static func base() {
    Expect.that(.base, "get-spec-version", 0, returns: 0x0200_0000)
    for function: UInt64 in 1..<7 where function != 3 {
      Expect.that(.base, "identity", function, fails: Status.success)
    }
    let known: [7 of SBIExtension] = [
      .base, .timer, .ipi, .remoteFence, .hartState, .systemReset, .debugConsole,
    ]
    for index in known.indices {
      let probe = Expect.that(.base, "probe-known", 3, known[index].id, fails: Status.success)
      Expect.equal("base", "probe-known", 3, known[index].id, probe.value != 0 ? 1 : 0, 1)
    }
    // An extension nobody has defined, and the range of firmware's own.
    Expect.that(.base, "probe-unknown", 3, 0x0900_1234, returns: 0)
    Expect.that(.base, "probe-unknown", 3, 0x0a7f_ffff, returns: 0)
    unknownFunctions(of: .base, from: 7)
  }

  private static func timer() {
    Expect.that(.timer, "set-timer", 0, 0, fails: Status.success)
    Expect.equal("time", "is-pending", 0, 0, isTimerPending, 1)
    Expect.that(.timer, "set-timer", 0, UInt64.max, fails: Status.success)
    Expect.equal("time", "is-not-pending", 0, UInt64.max, isTimerPending, 0)
    unknownFunctions(of: .timer, from: 1)
  }

  /// sip.STIP.
  private static var isTimerPending: Int64 { Int64(guest_read_sip() >> 5 & 1) }

  private static func systemReset() {
    // Reserved ones, and a platform's own, of which a zone has none.
    let types: [3 of UInt64] = [3, 0xefff_ffff, 0xf000_0000]
    let reasons: [3 of UInt64] = [2, 0xdfff_ffff, 0xf000_0000]
    for index in types.indices {
      Expect.that(
        .systemReset, "unknown-type", 0, types[index], 0, fails: Status.invalidParameter)
      Expect.that(
        .systemReset, "unknown-reason", 0, 0, reasons[index], fails: Status.invalidParameter)
    }
    unknownFunctions(of: .systemReset, from: 1)
  }

  private static func debugConsole() {
    let text: StaticString = "conformance: text by dbcn\r\n"
    let bytes = UInt64(text.utf8CodeUnitCount)
    // SAFETY: only the address is used; the text is constant data, which is mapped where it lies.
    let address = unsafe UInt64(UInt(bitPattern: text.utf8Start))
    Expect.that(.debugConsole, "write", 0, bytes, address, 0, returns: bytes)
    Expect.that(.debugConsole, "write-nothing", 0, 0, address, 0, returns: 0)
    Expect.that(.debugConsole, "read-nothing", 1, 1, Memory.plain, 0, returns: 0)
    Expect.that(.debugConsole, "write-byte", 2, 0x0d, fails: Status.success)
    if isInZone {
      for function: UInt64 in 0..<2 {
        Expect.that(
          .debugConsole, "foreign-memory", function, 1, Memory.foreign, 0,
          fails: Status.invalidParameter)
        Expect.that(
          .debugConsole, "high-memory", function, 1, Memory.plain, 1,
          fails: Status.invalidParameter)
        Expect.that(
          .debugConsole, "beyond-memory", function, 1 << 40, Memory.plain, 0,
          fails: Status.invalidParameter)
      }
    }
    unknownFunctions(of: .debugConsole, from: 3)
  }

  /// Legacy calls answer in a0 alone.
  private static func legacy() {
    let console = SBIExtension(name: "legacy", id: 1)
    Expect.that(console, "putchar", 0, 0x0d, fails: Status.success)
    let input = SBIExtension(name: "legacy", id: 2)
    Expect.that(input, "getchar", 0, fails: -1)
    for number: UInt64 in 9..<16 {
      let reserved = SBIExtension(name: "legacy", id: number)
      Expect.that(reserved, "reserved", 0, fails: Status.notSupported)
    }
  }

  private static func kernel() {
    Expect.that(.kernel, "abi-version", 0x00, returns: 0x1_0000)
    Expect.that(.kernel, "zone-state", 0x01, 1 << 20, fails: Status.invalidParameter)
    Expect.that(.kernel, "zone-starts", 0x12, UInt64.max, fails: Status.invalidParameter)
    Expect.that(.kernel, "clock", 0x13, fails: Status.success)
    Expect.that(.base, "probe-kernel", 3, Kernel.base, returns: 1)
    // Numbers without a function between those that have one.
    let numbers: [5 of UInt64] = [0x06, 0x0f, 0x14, 0xff, 0x100]
    for index in numbers.indices {
      Expect.that(.kernel, "unknown-function", numbers[index], fails: Status.notSupported)
    }
  }

  /// PMU, SUSP, CPPC, NACL, STA, and the neighbours of the kernel's own.
  private static func absent() {
    let extensions: [7 of UInt64] = [
      0x50_4d55, 0x5355_5350, 0x4350_5043, 0x4e41_434c, 0x53_5441, Kernel.base - 1,
      Kernel.base + 1,
    ]
    for index in extensions.indices {
      let absent = SBIExtension(name: "absent", id: extensions[index])
      Expect.that(.base, "probe-absent", 3, extensions[index], returns: 0)
      for function: UInt64 in 0..<4 {
        Expect.that(absent, "unknown-extension", function, fails: Status.notSupported)
      }
    }
  }

  /// Functions from `first` on are not there.
  static func unknownFunctions(of called: SBIExtension, from first: UInt64) {
    for function in first..<first + 16 {
      Expect.that(called, "unknown-function", function, fails: Status.notSupported)
    }
    Expect.that(called, "unknown-function", 0xffff_ffff, fails: Status.notSupported)
  }
}
#endif
