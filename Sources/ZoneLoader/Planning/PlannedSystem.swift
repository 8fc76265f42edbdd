public import Boards
import RTPartition
public import SepKernel

/// A system with every CPU, page and line given out, and its Plan. Made by `Planner`; never edited.
public struct PlannedSystem: Sendable {
  /// With the choices of `system.yaml` applied.
  public let board: Board
  /// What it was planned from.
  public let description: SystemDescription
  /// The kernel it was planned for.
  public let kernelImage: KernelImageInfo
  /// In the order of zone indices.
  public let zones: [PlannedZone]
  /// Kernel image, Plan, payloads and stage-2 tables.
  public let kernelRegion: AddressRange
  /// Stage-2 table pool, the end of `kernelRegion`.
  public let tables: AddressRange
  /// Latency records with the stamp areas.
  public let records: AddressRange
  /// The stored Plan.
  public let planBytes: [UInt8]
  /// What follows the Plan in the boot image, by host-physical address, ascending.
  let payloads: [(host: UInt64, bytes: [UInt8])]
  /// Flattened trees by zone name.
  let deviceTrees: [String: [UInt8]]

  /// The zone's own device tree as a flattened blob; nil when it gets none.
  public func deviceTree(zone: String) throws(PlanningError) -> [UInt8]? {
    guard zones.contains(where: { $0.name == zone }) else {
      let names = zones.map { $0.name }.joined(separator: ", ")
      throw .configuration(
        ConfigurationError(
          file: description.path, line: nil, field: "zones",
          problem: "there is no zone `\(zone)`", advice: "use one of: \(names)"))
    }
    return deviceTrees[zone]
  }

  /// Runs `body` on the Plan, judged again by the same rules as in the kernel.
  public func withPlan<R>(_ body: (PlanView) -> R) throws(PlanningError) -> R {
    var result: Result<R, PlanError> = .failure(PlanError(.truncated))
    // SAFETY: the array is 16-byte aligned and does not change inside the closure.
    unsafe planBytes.withUnsafeBytes { bytes in
      do throws(PlanError) {
        let view = try unsafe AdmissionRules.admit(bytes, context: planContext)
        result = .success(body(view))
      } catch {
        result = .failure(error)
      }
    }
    do {
      return try result.get()
    } catch {
      throw .plan(error)
    }
  }

  private var planContext: PlanContext {
    PlanContext(
      architecture: board.architecture,
      image: PlanRegion(base: kernelRegion.base, size: kernelImage.byteCount))
  }
}
