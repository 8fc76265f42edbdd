/// What is kept of a series of samples of any length, in constant memory: blocks of neighbours, and
/// the largest samples with their numbers.
///
/// Tail model and contamination verdict need no more. Blocks double in length when there are too many
/// of them, so that 10^8 samples end in 1,024-2,048 blocks; the peaks are the `peakCapacity` largest
/// samples. Where equal values compete for the last places, a hash of the sample number decides, so
/// that those kept are spread evenly over the run. Cost for each sample: a comparison and some adds.
public struct SampleSketch: Sendable {
  /// Neighbouring samples.
  public struct Block: Sendable, Equatable {
    public var samples: UInt64
    /// Of the values; saturates.
    public var sum: UInt64
    public var minimum: UInt64
    public var maximum: UInt64
    /// Number of the sample that is `maximum`, the first one if several.
    public var maximumSample: UInt64

    /// Arithmetic mean.
    public var mean: Double { Double(sum) / Double(samples) }
  }

  /// One of the largest samples.
  public struct Peak: Sendable, Equatable {
    public var value: UInt64
    /// Counted from 0.
    public var sample: UInt64
    /// As the caller gave it; nil: it gave none.
    public var time: UInt64?
  }

  /// Blocks beyond which two become one.
  public static let blockLimit = 2048

  /// Peaks kept at most.
  public let peakCapacity: Int
  /// Samples seen.
  public private(set) var count: UInt64 = 0
  /// Samples in each block but the last.
  public private(set) var blockLength: UInt64 = 1
  /// In the order of time; the last one may be shorter.
  public private(set) var blocks: [Block] = []
  /// Largest value that is not among the peaks; nil: all samples are.
  public private(set) var largestDropped: UInt64?
  public private(set) var firstTime: UInt64?
  public private(set) var lastTime: UInt64?
  /// A heap with the smallest on top.
  private var heap: [Peak] = []
  /// Smaller values are no peaks: 0 until the heap is full.
  private var floor: UInt64 = 0

  /// Nothing seen yet.
  public init(peakCapacity: Int = 4096) {
    self.peakCapacity = max(16, peakCapacity)
  }

  /// Samples in the order of time.
  public init(_ samples: [UInt64], peakCapacity: Int = 4096) {
    self.init(peakCapacity: peakCapacity)
    for sample in samples { append(sample) }
  }

  /// The next sample; `time` in any unit, from any origin, not falling.
  public mutating func append(_ value: UInt64, time: UInt64? = nil) {
    let sample = count
    count += 1
    if let time {
      if firstTime == nil { firstTime = time }
      lastTime = time
    }
    if let last = blocks.last, last.samples < blockLength {
      blocks[blocks.count - 1].add(value, sample)
    } else {
      if blocks.count == Self.blockLimit { halveBlocks() }
      blocks.append(
        Block(samples: 1, sum: value, minimum: value, maximum: value, maximumSample: sample))
    }
    offer(value, sample, time)
  }

  /// The next samples, without times: the same as one by one, faster.
  public mutating func append(_ values: Span<UInt64>) {
    var next = 0
    while next < values.count {
      guard let last = blocks.last, last.samples < blockLength else {
        append(values[next])
        next += 1
        continue
      }
      let size = min(
        Self.pieceLimit, values.count - next, Int(clamping: blockLength - last.samples))
      let piece = values.extracting(next..<next + size)
      let largest = blocks[blocks.count - 1].add(piece, count)
      if largest < floor {
        drop(largest)
      } else {
        for index in 0..<size { offer(piece[index], count + UInt64(index), nil) }
      }
      count += UInt64(size)
      next += size
    }
  }

  /// Samples looked at together: few enough that most such pieces of a long run have no peak.
  private static let pieceLimit = 256

  private mutating func offer(_ value: UInt64, _ sample: UInt64, _ time: UInt64?) {
    if value < floor {
      // Nearly all samples of a long run.
      drop(value)
    } else {
      keep(Peak(value: value, sample: sample, time: time))
      floor = heap.count < peakCapacity ? 0 : heap[0].value
    }
  }

  private mutating func drop(_ value: UInt64) {
    if value > largestDropped ?? 0 || largestDropped == nil { largestDropped = value }
  }

  /// The peaks in the order of time. Cost: one sort.
  public var peaks: [Peak] { heap.sorted { $0.sample < $1.sample } }

  /// Largest sample; nil without samples. Cost: over all blocks.
  public var maximum: UInt64? { blocks.lazy.map(\.maximum).max() }

  /// Smallest sample; nil without samples. Cost: over all blocks.
  public var minimum: UInt64? { blocks.lazy.map(\.minimum).min() }

  private mutating func halveBlocks() {
    var halved: [Block] = []
    halved.reserveCapacity(Self.blockLimit)
    for index in stride(from: 0, to: blocks.count, by: 2) {
      halved.append(blocks[index].joined(blocks[index + 1]))
    }
    blocks = halved
    blockLength *= 2
  }

  private mutating func keep(_ peak: Peak) {
    if heap.count < peakCapacity {
      heap.append(peak)
      rise(heap.count - 1)
      return
    }
    if peak.value < heap[0].value {
      drop(peak.value)
    } else if Self.precedes(heap[0], peak) {
      drop(heap[0].value)
      heap[0] = peak
      sink()
    } else {
      drop(peak.value)
    }
  }

  private static func precedes(_ a: Peak, _ b: Peak) -> Bool {
    a.value != b.value
      ? a.value < b.value
      : SeededGenerator.mixed(a.sample &+ 1) < SeededGenerator.mixed(b.sample &+ 1)
  }

  private mutating func rise(_ start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard Self.precedes(heap[index], heap[parent]) else { return }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func sink() {
    var index = 0
    while true {
      var smallest = index
      let left = 2 * index + 1
      if left < heap.count, Self.precedes(heap[left], heap[smallest]) { smallest = left }
      if left + 1 < heap.count, Self.precedes(heap[left + 1], heap[smallest]) {
        smallest = left + 1
      }
      guard smallest != index else { return }
      heap.swapAt(index, smallest)
      index = smallest
    }
  }
}

extension SampleSketch.Block {
  fileprivate mutating func add(_ value: UInt64, _ sample: UInt64) {
    samples += 1
    grow(by: value)
    minimum = min(minimum, value)
    if value > maximum {
      maximum = value
      maximumSample = sample
    }
  }

  /// Adds one value or more, of which the first has the number `first`; returns the largest of them.
  fileprivate mutating func add(_ values: Span<UInt64>, _ first: UInt64) -> UInt64 {
    var (smallest, largest) = (UInt64.max, UInt64(0))
    // Of the lower and the upper halves, which 2^32 values cannot make overflow.
    var (low, high) = (UInt64(0), UInt64(0))
    for index in values.indices {
      let value = values[index]
      smallest = min(smallest, value)
      largest = max(largest, value)
      low &+= value & 0xffff_ffff
      high &+= value >> 32
    }
    samples += UInt64(values.count)
    high &+= low >> 32
    grow(by: high >> 32 > 0 ? .max : high << 32 | low & 0xffff_ffff)
    minimum = min(minimum, smallest)
    if largest > maximum, let index = values.indices.first(where: { values[$0] == largest }) {
      maximum = largest
      maximumSample = first + UInt64(index)
    }
    return largest
  }

  fileprivate func joined(_ later: Self) -> Self {
    let laterIsLarger = later.maximum > maximum
    var joined = Self(
      samples: samples + later.samples, sum: sum,
      minimum: min(minimum, later.minimum), maximum: max(maximum, later.maximum),
      maximumSample: laterIsLarger ? later.maximumSample : maximumSample)
    joined.grow(by: later.sum)
    return joined
  }

  private mutating func grow(by more: UInt64) {
    let (total, overflow) = sum.addingReportingOverflow(more)
    sum = overflow ? .max : total
  }
}
