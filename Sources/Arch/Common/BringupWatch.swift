#if BRINGUP && hasFeature(Embedded)
import Bringup
internal import ArchShims
import SepKernel
import Synchronization

// SAFETY, throughout: as in BringupState.swift; who wins the exchange of `watched` has the state.

// A check that masks interrupts, or gives this CPU's to a program below, is beyond this CPU's own timer. Another CPU watches
// it, and goes on with the report when it does not come back.

/// How much later than a CPU's own timer another CPU ends a check, in milliseconds.
private let grace: UInt64 = 1000
/// Nobody is watched.
private let nobody: UInt32 = ~0

/// Whether somebody watches a check.
enum Watcher {
  /// The CPU's own timer suffices, or there has never been another CPU.
  case needless
  case cpu(Int)
  /// A check has taken the last other CPU, and this one would take the report with it.
  case lost
}

extension BringupHardware {
  /// Has the check on this CPU watched from now on.
  func hireWatcher(of check: Check) -> Watcher {
    let state = unsafe bringupState()
    guard check.kind.multiplicity == .cpu, check.kind != .cpuStart,
      unsafe check.index == state.pointee.own, let plan = unsafe state.pointee.plan
    else { return .needless }
    for cpu in 0..<plan.cpuCount
    where unsafe cpu != state.pointee.own && state.pointee.present >> UInt64(cpu) & 1 != 0 {
      unsafe state.pointee.watched.store(
        UInt32(state.pointee.own), ordering: .sequentiallyConsistent)
      let milliseconds = check.kind.patience + grace
      post(.watch, UInt64(cpu) << 32 | milliseconds, to: words(of: cpu))
      return .cpu(cpu)
    }
    return unsafe state.pointee.hasChangedHands ? .lost : .needless
  }

  /// The check is over. Should the other CPU have the report already, this one has nothing more to say.
  func dismiss(_ cpu: Int, own: Int) {
    let state = unsafe bringupState()
    guard
      unsafe state.pointee.watched.compareExchange(
        expected: UInt32(own), desired: nobody, ordering: .sequentiallyConsistent
      ).exchanged
    else { retire() }
    let words = words(of: cpu)
    let limit = unsafe state.pointee.ticksPerMillisecond * grace
    let begin = readCounter()
    while words[.command] != 0 {
      guard readCounter() &- begin < limit else {
        unsafe state.pointee.present &= ~(1 << UInt64(cpu))
        return
      }
      rest()
    }
  }

  /// What the other CPU does meanwhile: sleeps, but for a look at the clock.
  func watch(_ argument: UInt64) {
    let state = unsafe bringupState()
    let watched = unsafe state.pointee.watched.load(ordering: .sequentiallyConsistent)
    let limit = unsafe state.pointee.ticksPerMillisecond * (argument & 0xffff_ffff)
    let begin = readCounter()
    while watched != nobody,
      unsafe state.pointee.watched.load(ordering: .sequentiallyConsistent) == watched
    {
      if readCounter() &- begin >= limit { return takeOver(Int(argument >> 32), from: watched) }
      rest()
    }
  }

  /// Makes the calling CPU the one that makes the checks, and says what it has seen.
  private func takeOver(_ cpu: Int, from watched: UInt32) {
    let state = unsafe bringupState()
    guard
      unsafe state.pointee.watched.compareExchange(
        expected: watched, desired: nobody, ordering: .sequentiallyConsistent
      ).exchanged, let progress = unsafe state.pointee.progress
    else { return }
    unsafe state.pointee.hasChangedHands = true
    unsafe state.pointee.present &= ~(1 << UInt64(watched))
    unsafe state.pointee.own = cpu
    var run = BringupRun(self, progress)
    run.goOn(after: CheckFault(kind: .timeout))
    retire()
  }

  private func retire() -> Never {
    while true { rest() }
  }
}
#endif
