#if hasFeature(Embedded)
internal import GuestSupport

/// Entry. Takes `samples` messages (0: 100) of a PCI device, one after the other, and counts what that costs in exits. Before,
/// `rounds` of random commands and register writes to the ITS, from `seed`.
@c(guest_main)
public func guestMain(samples: UInt64, rounds: UInt64, seed: UInt64, _: UInt64) {
  Console.line("msi: start")
  Interrupts.start()
  Interrupts.startCPU(0)
  guard let function = Device.find() else { return fail("no edu device on bus 0") }
  if rounds > 0 { disturb(rounds, seed) }
  Messages.start()
  Messages.map(device: function)
  guard Device.sendMessages(function, to: Messages.translater) else {
    return fail("the device sends no messages")
  }
  InterruptCount.run("msi", "message", wanted: samples) { Device.raise() }
  Firmware.systemOff()
}

private func disturb(_ rounds: UInt64, _ seed: UInt64) {
  var random = seed | 1
  for round in 0..<rounds {
    if round % 8 == 0 { Messages.start() }
    Messages.disturb(&random)
  }
  Console.write("msi: disturbed")
  Console.field("rounds", rounds)
  Console.endLine()
}

private func fail(_ what: StaticString) {
  Console.write("msi: FAIL ")
  Console.line(what)
  Firmware.systemOff()
}

/// Every interrupt, from the vector.
@c(guest_interrupt)
public func guestInterrupt(entry: UInt64) {
  let number = Interrupts.acknowledge()
  if number == Messages.firstNumber {
    Device.clear()
    InterruptCount.taken.value += 1
    Interrupts.end(number)
  } else if number < Interrupts.special || number > Messages.firstNumber {
    InterruptCount.unexpected.value += 1
    Interrupts.end(number)
  }
}
#else
print("msi is a bare-metal guest. Build it with guests/build.")
#endif
