import Boards
import SepKernel

/// What is copied into a zone, in the shape the Plan wants: at most 16 pieces, each starting at a
/// multiple of 8, disjoint.
struct PayloadList {
  struct Piece: Equatable {
    var guest: UInt64
    var bytes: [UInt8]
    var memorySize: UInt64

    var end: UInt64 { guest + memorySize }
  }

  private(set) var pieces: [Piece]

  /// Largest gap that is filled with zeros to save a piece.
  private static let gapLimit: UInt64 = 1 << 20

  /// nil: more than 16 pieces remain after those close to each other were joined. The segments are
  /// disjoint and inside RAM; two are joined only when one range of `memory` holds both.
  init?(_ segments: [ImageSegment], memory: [AddressRange]) {
    pieces = []
    for segment in segments.sorted(by: { $0.address < $1.address }) {
      let lead = segment.address % 8
      let piece = Piece(
        guest: segment.address - lead,
        bytes: [UInt8](repeating: 0, count: Int(lead)) + segment.bytes,
        memorySize: segment.memorySize + lead)
      if let last = pieces.indices.last, piece.guest < pieces[last].end {
        // Both have bytes in one word of 8.
        pieces[last].absorb(piece, at: segment.address, skip: Int(lead))
      } else {
        pieces.append(piece)
      }
    }
    while pieces.count > Plan.payloadCapacity {
      let gaps = pieces.indices.dropLast().filter { index in
        let joined = AddressRange(
          base: pieces[index].guest, size: pieces[index + 1].end - pieces[index].guest)
        return memory.contains { $0.contains(joined) }
      }.map { (index: $0, size: pieces[$0 + 1].guest - pieces[$0].end) }
      guard let smallest = gaps.min(by: { $0.size < $1.size }),
        smallest.size <= PayloadList.gapLimit
      else { return nil }
      let next = pieces.remove(at: smallest.index + 1)
      pieces[smallest.index].absorb(next, at: next.guest, skip: 0)
    }
  }
}

extension PayloadList.Piece {
  /// Appends `other`, whose content from `skip` on stands at `address`, beyond all own content.
  fileprivate mutating func absorb(_ other: PayloadList.Piece, at address: UInt64, skip: Int) {
    if other.bytes.count > skip {
      let gap = Int(address - guest) - bytes.count
      bytes += [UInt8](repeating: 0, count: gap) + other.bytes[skip...]
    }
    memorySize = max(memorySize, other.end - guest)
  }
}
