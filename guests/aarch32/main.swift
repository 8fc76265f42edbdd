#if hasFeature(Embedded)
internal import AArch32Entry

/// In an enum, because nobody runs the top-level code that would set globals of this file.
private enum Call {
  static let psciVersion: UInt32 = 0x8400_0000
  static let systemOff: UInt32 = 0x8400_0008
  static let hypervisorUID: UInt32 = 0x8600_ff01
  static let notSupported: UInt32 = 0xffff_ffff
}

/// Entry from guest-aarch32.S.
@c(aarch32_begin)
public func aarch32Main() {
  let isZone = aarch32_hvc(Call.hypervisorUID, 0) != Call.notSupported
  Console.write("aarch32: start")
  Console.field("zone", isZone ? 1 : 0)
  Console.field("boot-ticks", Cell.bootStamp.value)
  Console.endLine()

  checkCalls(isZone: isZone)
  checkUndefined()
  checkDataAbort()
  checkBanked(isZone: isZone)
  startInterrupts()
  for _ in 0..<10 { takeTimerInterrupt() }
  report("timer", count: Cell.timerInterrupts.value, expected: 10)
  for _ in 0..<10 { sendInterrupt() }
  report("ipi-self", count: Cell.softwareInterrupts.value, expected: 10)
  checkBanked(isZone: isZone)
  report("other-interrupts", count: Cell.otherInterrupts.value, expected: 0)

  Console.write("aarch32: DONE")
  Console.field("fails", Cell.failures.value)
  Console.endLine()
  _ = aarch32_hvc(Call.systemOff, 0)
  aarch32_halt()
}

/// PSCI_VERSION by HVC, and by SMC where there is somebody to answer it; an unknown function.
private func checkCalls(isZone: Bool) {
  let hvc = aarch32_hvc(Call.psciVersion, 0)
  expect(hvc >> 16 >= 1 && hvc != Call.notSupported, "psci-hvc", hvc)
  let undefined = Cell.undefined.value
  let smc = aarch32_smc(Call.psciVersion, 0)
  if isZone {
    expect(smc == hvc, "psci-smc", smc)
    expect(Cell.undefined.value == undefined, "smc-not-undefined", undefined)
    let unknown = aarch32_smc(0x8200_0001, 0)
    expect(unknown == Call.notSupported, "unknown-smc", unknown)
  }
  let unknown = aarch32_hvc(0x8200_0001, 0)
  expect(unknown == Call.notSupported, "unknown-hvc", unknown)
}

/// Registers of EL2 and one that nobody has raise an undefined-instruction exception here.
private func checkUndefined() {
  let before = Cell.undefined.value
  _ = aarch32_read_hcr()
  _ = aarch32_read_hvbar()
  _ = aarch32_read_nothing()
  report("undefined", count: Cell.undefined.value &- before, expected: 3)
}

private func checkDataAbort() {
  aarch32_load_unaligned(0x4008_0000)
  report("data-abort", count: Cell.dataAborts.value, expected: 1)
}

/// Banked registers of all modes across each kind of trap.
private func checkBanked(isZone: Bool) {
  expectNone(aarch32_banked_changed(0), "banked-hvc")
  // Without anybody to take an SMC it is undefined, which changes the banked registers itself.
  if isZone { expectNone(aarch32_banked_changed(1), "banked-smc") }
  expectNone(aarch32_banked_changed(2), "banked-gicd")
  expectNone(aarch32_banked_changed(3), "banked-console")
}

private func expectNone(_ changed: UInt32, _ what: StaticString) {
  report(what, count: changed, expected: 0)
}

private func report(_ what: StaticString, count: UInt32, expected: UInt32) {
  expect(count == expected, what, count)
}

/// Prints `aarch32: RESULT what value=0x.. ok`, or `FAIL` for RESULT.
private func expect(_ holds: Bool, _ what: StaticString, _ value: UInt32) {
  if !holds { Cell.failures.value &+= 1 }
  Console.write(holds ? "aarch32: RESULT " : "aarch32: FAIL ")
  Console.write(what)
  Console.field("value", value)
  Console.endLine()
}
#else
print("aarch32 is a bare-metal guest. Build it with guests/build.")
#endif
