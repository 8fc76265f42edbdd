#if hasFeature(Embedded)
internal import GuestSupport

/// Entry: seed, attack (0: all harmless ones), rounds (0: for ever), operand (guests/README.md).
@c(guest_main)
public func guestMain(seed: UInt64, attack: UInt64, rounds: UInt64, operand: UInt64) {
  var random = Random(seed: seed)
  Check.start()
  Console.write("attacker: start")
  Console.field("seed", seed)
  Console.field("zone", Check.isInZone ? 1 : 0)
  Console.endLine()
  Interrupts.start()
  Interrupts.startCPU(0)

  var round: UInt64 = 0
  while rounds == 0 || round < rounds {
    round += 1
    if attack == 0 {
      for number in 1...Attack.lastHarmless {
        run(number, round: round, &random, operand: operand)
      }
    } else {
      run(attack, round: round, &random, operand: operand)
    }
  }
  Console.write("attacker: DONE")
  Console.field("rounds", rounds)
  Console.field("fails", Check.failures.value)
  Console.endLine()
  Firmware.systemOff()
}

/// Runs one attack, with a line before a fatal one and a line after a harmless one.
private func run(
  _ number: UInt64, round: UInt64, _ random: inout Random, operand: UInt64
) {
  guard let attack = Attack(rawValue: number) else { panic("no attack has this number") }
  Check.begin(number)
  let isFatal = number > Attack.lastHarmless
  if isFatal {
    Console.write("attacker: attack ")
    Console.write(number)
    Console.write(UInt8(ascii: " "))
    Console.write(attack.name)
    Console.line(" fatal")
  }
  let failuresBefore = Check.failures.value
  let result = attack.run(&random, operand: operand)
  if isFatal {
    Check.that(attack.mayBeSurvived, "zone survived", result.exceptionClass ?? 0xff, result.value)
    return
  }
  // Whatever is pending is taken now.
  Interrupts.enable()
  Interrupts.disable()
  Console.write("attacker: round ")
  Console.write(round)
  Console.write(" attack ")
  Console.write(attack.name)
  Console.line(Check.failures.value == failuresBefore ? " ok" : " failed")
}
#else
print("attacker is a bare-metal guest. Build it with guests/build.")
#endif
