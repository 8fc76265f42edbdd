import Foundation

/// A loop over random cases that is bounded in time.
///
/// The environment says how long each loop runs, `HV_FUZZ_SECONDS` (default 2), and with which seed,
/// `HV_FUZZ_SEED` (default: another one each time). The seed is printed before the first case, so
/// that it is in the log even when a case ends the process; with it the same cases come in the same
/// order.
public struct FuzzRun: CustomStringConvertible, Sendable {
  /// What is fuzzed.
  public let name: String
  /// Where the cases come from.
  public let seed: UInt64
  /// How long it goes on.
  public let seconds: Double

  /// Takes time and seed from `environment` and prints the seed.
  public init(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.name = name
    seed = environment["HV_FUZZ_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
    seconds = environment["HV_FUZZ_SECONDS"].flatMap { Double($0) } ?? 2
    print("fuzz \(self)")
  }

  /// `NAME: HV_FUZZ_SEED=SEED`.
  public var description: String { "\(name): HV_FUZZ_SEED=\(seed)" }

  /// Calls `body` until the time is over, at least once; how many times it was.
  public func callAsFunction(_ body: (inout SeededGenerator) throws -> Void) rethrows -> Int {
    let end = ContinuousClock.now + .seconds(seconds)
    var random = SeededGenerator(seed: seed)
    var rounds = 0
    repeat {
      try body(&random)
      rounds += 1
    } while ContinuousClock.now < end
    return rounds
  }

  /// `bytes` after one to six changes: bytes replaced, runs set to 0 or 255, pieces cut out or
  /// doubled, the end cut off. Most changes are in the first `head` bytes.
  public static func damage(
    _ bytes: [UInt8], head: Int, _ random: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<(1 + random.next() % 6) {
      let limit = random.next() % 8 == 0 ? bytes.count : min(bytes.count, head)
      guard limit > 0 else { return bytes }
      let index = Int(random.next() % UInt64(limit))
      let end = min(index + 1 + Int(random.next() % 16), bytes.count)
      switch random.next() % 10 {
      case 0: bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
      case 1: for position in index..<end { bytes[position] = 0xff }
      case 2: for position in index..<end { bytes[position] = 0 }
      case 3: bytes.removeSubrange(index..<end)
      case 4: bytes.insert(contentsOf: Array(bytes[index..<end]), at: index)
      case 5: bytes[index] ^= 1 << UInt8(random.next() % 8)
      default: bytes[index] = UInt8(truncatingIfNeeded: random.next())
      }
    }
    return bytes
  }
}
