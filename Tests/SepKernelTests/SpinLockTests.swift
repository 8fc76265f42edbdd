import Foundation
import Synchronization
import Testing

@testable import SepKernel

private final class Guarded: @unchecked Sendable {
  let lock = SpinLock()
  var counter = 0
  var order: [Int] = []
  let arrived = Atomic(0)
  let finished = Atomic(0)
}

@Suite struct SpinLockTests {
  @Test func oneHolderAtATime() {
    let lock = SpinLock()
    #expect(lock.tryLock() == true)
    #expect(lock.tryLock() == false)
    lock.unlock()
    lock.lock()
    #expect(lock.tryLock() == false)
    lock.unlock()
    #expect(lock.tryLock() == true)
    lock.unlock()
  }

  @Test func survivesTheWrapOfItsTickets() {
    var lock = SpinLock()
    withUnsafeMutableBytes(of: &lock) { bytes in
      bytes.storeBytes(of: UInt32.max, toByteOffset: 0, as: UInt32.self)
      bytes.storeBytes(of: UInt32.max, toByteOffset: 4, as: UInt32.self)
    }
    for _ in 0..<3 {
      #expect(lock.tryLock() == true)
      #expect(lock.tryLock() == false)
      lock.unlock()
    }
    lock.lock()
    lock.unlock()
  }

  @Test(.timeLimit(.minutes(1))) func excludes() {
    let shared = Guarded()
    let threads = 3
    let rounds = 2000
    for _ in 0..<threads {
      Thread {
        for _ in 0..<rounds {
          // Tried first, so that a waiter on a busy host gives its core away.
          while !shared.lock.tryLock() { sched_yield() }
          shared.counter += 1
          shared.lock.unlock()
        }
        shared.finished.add(1, ordering: .sequentiallyConsistent)
      }.start()
    }
    while shared.finished.load(ordering: .sequentiallyConsistent) < threads { usleep(100) }
    #expect(shared.counter == threads * rounds)
  }

  /// Who comes first is served first: with the lock held, waiters queue one by one.
  @Test(.timeLimit(.minutes(1))) func servesInOrderOfArrival() {
    let shared = Guarded()
    shared.lock.lock()
    for number in 0..<4 {
      Thread {
        shared.arrived.add(1, ordering: .sequentiallyConsistent)
        shared.lock.lock()
        shared.order.append(number)
        shared.lock.unlock()
        shared.finished.add(1, ordering: .sequentiallyConsistent)
      }.start()
      // Its ticket is drawn when the first word, the next free ticket, has moved.
      while nextTicket(shared) < UInt32(number + 2) { usleep(100) }
    }
    // A late comer may not overtake them.
    shared.lock.unlock()
    while shared.finished.load(ordering: .sequentiallyConsistent) < 4 { usleep(100) }
    #expect(shared.order == [0, 1, 2, 3])
  }

  private func nextTicket(_ shared: Guarded) -> UInt32 {
    withUnsafeBytes(of: shared.lock) { $0.load(as: UInt32.self) }
  }
}
