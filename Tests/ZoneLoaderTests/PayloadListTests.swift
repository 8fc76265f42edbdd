import Boards
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct PayloadListTests {
  private func segment(_ address: UInt64, _ bytes: [UInt8], _ size: UInt64? = nil) -> ImageSegment {
    ImageSegment(
      address: address, bytes: bytes, memorySize: size ?? UInt64(bytes.count), isExecutable: true,
      index: nil)
  }
  private let memory = [AddressRange(base: 0, size: 1 << 30)]

  @Test func startsAreAligned() throws {
    let list = try #require(PayloadList([segment(0x1003, [1, 2])], memory: memory))
    #expect(list.pieces == [.init(guest: 0x1000, bytes: [0, 0, 0, 1, 2], memorySize: 5)])
  }

  @Test func sharedWordIsJoined() throws {
    let list = try #require(
      PayloadList([segment(0x1004, [3]), segment(0x1000, [1], 2)], memory: memory))
    #expect(list.pieces == [.init(guest: 0x1000, bytes: [1, 0, 0, 0, 3], memorySize: 5)])
  }

  @Test func zeroedTailsSurvive() throws {
    let list = try #require(
      PayloadList([segment(0x1000, [1]), segment(0x1002, [], 0x100)], memory: memory))
    #expect(list.pieces == [.init(guest: 0x1000, bytes: [1], memorySize: 0x102)])
  }

  @Test func manySegmentsAreJoinedWhereGapsAreSmall() throws {
    let segments = (0..<40).map { segment(UInt64($0) * 0x1000, [UInt8($0)]) }
    let list = try #require(PayloadList(segments, memory: memory))
    #expect(list.pieces.count == Plan.payloadCapacity)
    // Whatever was joined, every byte is where it was.
    for index in 0..<40 {
      let address = UInt64(index) * 0x1000
      let piece = try #require(list.pieces.first { $0.guest <= address && address < $0.end })
      #expect(piece.bytes[Int(address - piece.guest)] == UInt8(index))
    }
  }

  @Test func tooManyFarApart() {
    let segments = (0..<17).map { segment(UInt64($0) << 24, [1]) }
    #expect(PayloadList(segments, memory: memory) == nil)
  }

  @Test func neverJoinedAcrossRanges() {
    let ranges = (0..<17).map { AddressRange(base: UInt64($0) * 0x2000, size: 0x1000) }
    let segments = (0..<17).map { segment(UInt64($0) * 0x2000, [1]) }
    #expect(PayloadList(segments, memory: ranges) == nil)
  }
}
