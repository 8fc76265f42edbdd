import Foundation
import Synchronization
import Testing

@testable import SepKernel

/// A ring two threads can reach.
private final class SharedRing: @unchecked Sendable {
  let ring: UnsafeMutablePointer<ByteRing<64>>
  init() {
    ring = .allocate(capacity: 1)
    ring.initialize(to: ByteRing())
  }
  deinit {
    ring.deinitialize(count: 1)
    ring.deallocate()
  }
}

@Suite struct ByteRingTests {
  @Test func startsEmpty() {
    let ring = ByteRing<8>()
    #expect(ring.isEmpty == true)
    #expect(ring.isFull == false)
    #expect(ring.count == 0)
    #expect(ring.takeFirst() == nil)
    #expect(ring.takeDrops() == 0)
  }

  @Test func zeroedMemoryIsAnEmptyRing() {
    let size = MemoryLayout<ByteRing<8>>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let ring = memory.assumingMemoryBound(to: ByteRing<8>.self)
    #expect(ring.pointee.isEmpty == true)
    ring.pointee.append(7)
    #expect(ring.pointee.takeFirst() == 7)
  }

  @Test func holdsExactlyItsCapacityAndCountsTheRest() {
    var ring = ByteRing<8>()
    for byte in UInt8(0)..<11 { ring.append(byte) }
    #expect(ring.isFull == true)
    #expect(ring.count == 8)
    #expect(ring.takeDrops() == 3)
    #expect(ring.takeDrops() == 0)
    // What is lost are the newest bytes.
    for byte in UInt8(0)..<8 { #expect(ring.takeFirst() == byte) }
    #expect(ring.takeFirst() == nil)
  }

  @Test(arguments: 0..<8) func keepsOrderAcrossTheWrap(_ offset: Int) {
    var ring = ByteRing<8>()
    for _ in 0..<offset {
      ring.append(0xff)
      _ = ring.takeFirst()
    }
    for round in 0..<100 {
      for byte in 0..<5 { ring.append(UInt8(round * 2 + byte & 0xff)) }
      #expect(ring.count == 5)
      for byte in 0..<5 { #expect(ring.takeFirst() == UInt8(round * 2 + byte & 0xff)) }
    }
    #expect(ring.takeDrops() == 0)
  }

  /// The positions count modulo 2^32; nothing may change where they wrap.
  @Test func survivesTheWrapOfItsPositions() {
    var ring = ByteRing<8>()
    withUnsafeMutableBytes(of: &ring) { bytes in
      // Head and tail are the first two words.
      bytes.storeBytes(of: UInt32.max - 2, toByteOffset: 0, as: UInt32.self)
      bytes.storeBytes(of: UInt32.max - 2, toByteOffset: 4, as: UInt32.self)
    }
    #expect(ring.isEmpty == true)
    for byte in UInt8(0)..<9 { ring.append(byte) }
    #expect(ring.isFull == true)
    #expect(ring.takeDrops() == 1)
    for byte in UInt8(0)..<8 { #expect(ring.takeFirst() == byte) }
    #expect(ring.isEmpty == true)
  }

  @Test func forgets() {
    var ring = ByteRing<8>()
    for byte in UInt8(0)..<8 { ring.append(byte) }
    ring.removeAll()
    #expect(ring.isEmpty == true)
    ring.append(42)
    #expect(ring.takeFirst() == 42)
  }

  @Test(.timeLimit(.minutes(1))) func twoThreadsSeeTheSameBytes() {
    let shared = SharedRing()
    let total = 10_000
    let producer = Thread {
      var sent = 0
      while sent < total {
        if shared.ring.pointee.isFull {
          sched_yield()
        } else {
          shared.ring.pointee.append(UInt8(truncatingIfNeeded: sent))
          sent += 1
        }
      }
    }
    producer.start()
    var wrong = 0
    var received = 0
    while received < total {
      guard let byte = shared.ring.pointee.takeFirst() else {
        sched_yield()
        continue
      }
      if byte != UInt8(truncatingIfNeeded: received) { wrong += 1 }
      received += 1
    }
    #expect(wrong == 0)
    #expect(shared.ring.pointee.takeDrops() == 0)
  }
}
