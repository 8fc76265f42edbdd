public import Boards
import LatencyProbe

extension Planner {
  /// Timer interrupts of the baseline that a bring-up image takes on each CPU: 0.2 s.
  static let bringupSamples: UInt32 = 2000

  /// The Plan of a board without zones, for the image that looks at the board (docs/bringup.md). `image` is that image.
  public static func bringup(
    _ board: Board, image: KernelImageInfo
  ) throws(PlanningError) -> PlannedSystem {
    let description = SystemDescription(
      path: board.name, board: board, boardPath: nil, deviceTreePath: nil,
      baselineSamples: bringupSamples, zones: [], sourceLines: [:])
    try checkCPUs(description)
    let system = try Layout(description, image, [], recordTail: BringupLog.byteCount).system()
    try system.withPlan { _ in }
    return system
  }
}
