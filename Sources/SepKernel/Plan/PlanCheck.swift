/// The gate: judges a Plan before anything is done with it.
///
/// The same code runs on the host, so that a person learns what to change, and in the kernel before
/// it touches hardware, because neither the host tools nor the boot chain are trusted. No input makes
/// it trap, read outside the bytes it was given, or run without bound. It allocates nothing.
///
/// What no check of a Plan can know is whether the Plan tells the truth about the board: that its RAM
/// is RAM, that its interrupt controller is where it says, which device drives a line, and what a
/// device reaches by DMA. docs/invariants.md lists the invariants, their errors and their tests.
///
/// Cost in instructions, about: 6 for each stored 8 bytes, 5 for every four lines, 40 for each range,
/// 8 for each pair of ranges.
public struct PlanCheck {
  /// The Plan that is judged.
  let plan: PlanView
  /// What is known without it.
  let context: PlanContext
  /// Host-physical range of the stored Plan.
  let planRegion: PlanRegion
  /// One past the largest host-physical address.
  let hostLimit: UInt64
  /// One past the largest guest-physical address.
  let guestLimit: UInt64
  /// The kind of interrupt controller; what it is before `interruptController()` has passed does not
  /// matter.
  let controllerKind: PlanInterruptControllerKind

  /// Judges the Plan at the start of `bytes`, which may be longer than the Plan.
  ///
  /// The order of the checks is that of the structures, so that a broken Plan is refused with the
  /// same error everywhere. The rules for real-time zones come on top: `AdmissionRules.admit` in RTPartition.
  ///
  /// - Parameter bytes: readable, and not to change as long as the result is used.
  /// - Returns: the Plan, to be read without further checks.
  @unsafe
  @_optimize(size)
  public static func check(
    _ bytes: UnsafeRawBufferPointer, context: PlanContext
  ) throws(PlanError) -> PlanView {
    // SAFETY: the caller vouches for the bytes.
    let plan = try unsafe header(bytes, context: context)
    let check = PlanCheck(plan, context)
    try check.board()
    try check.cpus()
    try check.lines()
    for zone in 0..<plan.zoneCount {
      try check.zone(zone)
      try check.ranges(of: zone)
      try check.payloads(of: zone)
      try check.entry(of: zone)
    }
    return plan
  }

  private init(_ plan: PlanView, _ context: PlanContext) {
    self.plan = plan
    self.context = context
    planRegion = PlanRegion(base: context.planBase, size: UInt64(plan.header.byteCount))
    let bits = min(context.hostAddressBits, PlanLimits.hostAddressBits)
    hostLimit = 1 << UInt64(bits)
    guestLimit = 1 << UInt64(PlanLimits.guestAddressBits)
    controllerKind = plan.interruptController.knownKind ?? .gicV3
  }

  /// Checks what must hold before any other field is read.
  @unsafe
  @_optimize(size)
  private static func header(
    _ bytes: UnsafeRawBufferPointer, context: PlanContext
  ) throws(PlanError) -> PlanView {
    guard let base = bytes.baseAddress, bytes.count >= Plan.prefixByteCount else {
      throw PlanError(.truncated)
    }
    guard UInt(bitPattern: base) % 8 == 0 else { throw PlanError(.misaligned) }
    // SAFETY: aligned, and the prefix is readable.
    let plan = unsafe PlanView(base: base, zoneCount: 0)
    let header = plan.header
    guard header.magic == PlanHeader.magicValue else { throw PlanError(.magic) }
    guard header.version == PlanHeader.currentVersion else { throw PlanError(.version) }
    guard header.architecture == context.architecture.rawValue else {
      throw PlanError(.architecture)
    }
    guard header.zoneCount <= Plan.zoneCapacity else { throw PlanError(.zoneCount) }
    let byteCount = Plan.byteCount(zones: Int(header.zoneCount))
    guard header.byteCount == byteCount else { throw PlanError(.byteCount) }
    guard bytes.count >= byteCount else { throw PlanError(.truncated) }
    // SAFETY: `byteCount` bytes are readable.
    let stored = unsafe UnsafeRawBufferPointer(start: base, count: byteCount)
    guard unsafe header.checksum == PlanChecksum.of(stored) else { throw PlanError(.checksum) }
    guard header.cpuCount >= 1, header.cpuCount <= Plan.cpuCapacity else {
      throw PlanError(.cpuCount)
    }
    guard header.lineCount <= Plan.lineCapacity else { throw PlanError(.lineCount) }
    guard header.reserved == 0 else { throw PlanError(.headerReserved) }
    // SAFETY: all `zoneCount` zones are readable.
    return unsafe PlanView(base: base, zoneCount: Int(header.zoneCount))
  }
}
