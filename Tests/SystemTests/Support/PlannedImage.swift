import Foundation
import SepKernel
import Testing

/// A boot image with the Plan that is in it: behind the kernel or the bring-up image, on a 4 KiB boundary
/// (docs/interfaces.md).
struct PlannedImage: Sendable {
  var bytes: Data
  /// Where the Plan is, and how long.
  let offset: Int
  let count: Int

  /// `program`: the file of the kernel, or of the bring-up image.
  init(_ bytes: Data, of program: String, zones: Int) throws {
    let attributes = try FileManager.default.attributesOfItem(atPath: program)
    let size = try #require(attributes[.size] as? Int)
    self.bytes = bytes
    offset = (size + 4095) / 4096 * 4096
    count = Plan.byteCount(zones: zones)
    try #require(bytes.count >= offset + count)
  }

  func plan() throws -> Plan {
    // A Plan in a file ends after its zones; in memory it has room for sixteen.
    var bytes = [UInt8](bytes[offset..<offset + count])
    bytes += [UInt8](repeating: 0, count: MemoryLayout<Plan>.size - count)
    let plan = bytes.withUnsafeBytes { $0.loadUnaligned(as: Plan.self) }
    try #require(plan.header.magic == PlanHeader.magicValue, "the Plan is not where it should be")
    return plan
  }

  /// The same with another Plan, whose checksum is right.
  func forged(_ change: (inout Plan) -> Void) throws -> PlannedImage {
    var plan = try plan()
    change(&plan)
    plan.header.checksum = 0
    plan.header.checksum = withUnsafeBytes(of: plan) {
      PlanChecksum.of([UInt8]($0.prefix(count)).span.bytes)
    }
    var result = self
    withUnsafeBytes(of: plan) {
      result.bytes.replaceSubrange(offset..<offset + count, with: $0.prefix(count))
    }
    return result
  }
}
