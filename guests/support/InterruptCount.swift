#if hasFeature(Embedded)
/// Counts what interrupts that a guest makes itself cost in exits.
public enum InterruptCount {
  /// Interrupts of the kind that is counted, and others; the vector adds to them.
  public static var taken: Cell { Cell(0) }
  public static var unexpected: Cell { Cell(1) }

  /// Has `raise` make `wanted` interrupts (0: 100), one after the other, and prints the result under the guest's name and `what`.
  /// Interrupts are off before and after.
  public static func run(
    _ guest: StaticString, _ what: StaticString, wanted: UInt64, raise: () -> Void
  ) {
    Interrupts.enable()
    let before = Kernel.exitCount
    for sample in 1...(wanted == 0 ? 100 : wanted) {
      raise()
      var patience = 50_000_000
      while taken.value != sample, patience > 0 { patience -= 1 }
      if patience == 0 { break }
    }
    // The second call counts the first.
    let exits = Kernel.exitCount - before - 1
    Interrupts.disable()
    Console.write(guest)
    Console.write(": RESULT ")
    Console.write(what)
    Console.field("samples", taken.value)
    Console.field("exits", exits)
    Console.field("unexpected", unexpected.value)
    Console.endLine()
  }
}
#endif
