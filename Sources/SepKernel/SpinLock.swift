import Synchronization

/// A ticket lock for sections of a few instructions (where they are longer, who waits is of the same
/// zone): fair, so a wait is bounded by the number of CPUs times the longest section. All-zero memory is an unlocked lock.
///
/// No lock is taken on a path whose time matters to a zoneR; where one is taken, the doc comment of
/// the caller says who else can hold it.
public struct SpinLock: ~Copyable {
  private let next: Atomic<UInt32>
  private let serving: Atomic<UInt32>

  /// Unlocked.
  public init() {
    next = Atomic(0)
    serving = Atomic(0)
  }

  /// Waits for the lock; whoever asked first gets it first.
  @inline(__always)
  public func lock() {
    let ticket = next.wrappingAdd(1, ordering: .relaxed).oldValue
    while serving.load(ordering: .acquiring) != ticket {}
  }

  /// Takes the lock if nobody has it or waits for it; never waits.
  @inline(__always)
  public func tryLock() -> Bool {
    let ticket = serving.load(ordering: .acquiring)
    return next.compareExchange(
      expected: ticket, desired: ticket &+ 1, ordering: .acquiring
    ).exchanged
  }

  /// Gives the lock to the next waiter. Only for who has it.
  @inline(__always)
  public func unlock() {
    serving.store(serving.load(ordering: .relaxed) &+ 1, ordering: .releasing)
  }
}
