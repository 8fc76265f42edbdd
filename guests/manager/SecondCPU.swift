#if hasFeature(Embedded)
internal import GuestSupport

private var isAlive: Cell { Cell(2) }
private var spinsForEver: Cell { Cell(3) }

extension Manager {
  /// Starts CPU 1 and waits up to a second for its sign of life.
  static func startCPU(spins: Bool) {
    isAlive.value = 0
    spinsForEver.value = spins ? 1 : 0
    let code = startSecondaryCPU(1)
    let limit = Timer.now + Timer.frequency
    while code == 0, isAlive.value == 0, Timer.now < limit {}
    Console.write("manager: CPU-ON cpu=1 mode=")
    Console.write(spins ? "spin" : "wfi")
    Console.field("code", signed: code)
    Console.field("alive", isAlive.value)
    Console.field("affinity-info", signed: secondaryCPUState(1))
    Console.endLine()
  }
}

/// CPU 1: interrupts stay masked, so that only the kernel can take it back.
@c(guest_secondary_main)
public func guestSecondaryMain(cpu: UInt64) {
  isAlive.value = 1
  while spinsForEver.value != 0 {}
  while true { Interrupts.wait() }
}
#endif
