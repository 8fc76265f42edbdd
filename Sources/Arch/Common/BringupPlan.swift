#if BRINGUP && hasFeature(Embedded)
internal import ArchShims
public import Bringup
public import SepKernel

/// One past the highest physical address the Plan names.
public func addressEnd(_ plan: PlanView) -> UInt64 {
  var end = plan.uart.region.base &+ plan.uart.region.size
  for index in 0..<plan.ramCount {
    end = max(end, plan.ram(index).base &+ plan.ram(index).size)
  }
  for index in 0..<plan.deviceCount {
    end = max(end, plan.device(index).base &+ plan.device(index).size)
  }
  let controller = plan.interruptController
  for index in 0..<4 {
    end = max(end, controller.regions[index].base &+ controller.regions[index].size)
  }
  return end
}

/// Pages of the Plan's RAM that are written, read back and given their old content again: of each region the first, the
/// last, and those a power of two from its base, which address lines that are not there make the same memory.
public struct RAMProbe {
  /// Most pages.
  private static let capacity = 64
  private var pages = InlineArray<64, UInt64>(repeating: 0)
  private var old = InlineArray<64, UInt64>(repeating: 0)
  private var count = 0
  private var bytes: UInt64 = 0
  private let plan: PlanView

  /// What is in use, the kernel's region and the records, is left alone.
  public init(_ plan: PlanView) {
    self.plan = plan
    for index in 0..<plan.ramCount {
      let region = plan.ram(index)
      bytes &+= region.size
      take(region.base)
      var distance: UInt64 = 1 << 24
      while distance < region.size {
        take(region.base &+ distance)
        distance <<= 1
      }
      if region.size >= 4096 { take(region.base &+ region.size &- 4096) }
    }
  }

  private mutating func take(_ page: UInt64) {
    let region = PlanRegion(base: page & ~0xfff, size: 4096)
    for index in 0..<count where pages[index] == region.base { return }
    guard count < Self.capacity, !region.overlaps(plan.kernel), !region.overlaps(plan.records)
    else { return }
    pages[count] = region.base
    count += 1
  }

  /// Looks at all pages. `access` makes a page reachable, hands its address to the body, writes it back from the caches
  /// and forgets it there.
  public mutating func run(
    _ line: inout ReportLine, _ access: (UInt64, (UInt64) -> Void) -> Void
  ) -> CheckStatus {
    for index in 0..<count {
      let page = pages[index]
      access(page) { address in
        old[index] = shim_load64(address)
        shim_store64(address, Self.pattern(page))
      }
    }
    var wrong: UInt64?
    var aliased = false
    for index in 0..<count {
      let page = pages[index]
      access(page) { address in
        let value = shim_load64(address)
        guard value != Self.pattern(page), wrong == nil else { return }
        wrong = page
        for other in 0..<count where value == Self.pattern(pages[other]) { aliased = true }
      }
    }
    // The last one written first: of two that are the same memory the first one's old content is the true one.
    for index in stride(from: count - 1, through: 0, by: -1) {
      access(pages[index]) { address in shim_store64(address, old[index]) }
    }
    return judgeRAM(
      regions: plan.ramCount, bytes: bytes, pages: count, wrong: wrong, aliased: aliased, &line)
  }

  private static func pattern(_ page: UInt64) -> UInt64 { page ^ 0x5aa5_c33c_0ff0_9669 }
}
#endif
