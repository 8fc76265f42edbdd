import RTPartition
import SepKernel

/// A Plan under construction on the host's heap, for tests: change any field through `plan`, then
/// `admit()`.
///
/// Memory for all 16 zones is allocated and zeroed, with nobody as the owner of all CPUs and lines.
public final class PlanBuilder {
  /// The record itself. Large: change it in place, do not copy it.
  public let plan: UnsafeMutablePointer<Plan>
  /// What the check is told about the machine.
  public var context: PlanContext
  private let storage: UnsafeMutableRawPointer

  /// An empty Plan for the context's architecture; it has no board yet.
  public init(context: PlanContext) {
    let byteCount = MemoryLayout<Plan>.stride
    storage = .allocate(byteCount: byteCount, alignment: 4096)
    storage.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    plan = storage.bindMemory(to: Plan.self, capacity: 1)
    self.context = context
    plan.pointee.header.magic = PlanHeader.magicValue
    plan.pointee.header.version = PlanHeader.currentVersion
    plan.pointee.header.architecture = context.architecture.rawValue
    for cpu in 0..<Plan.cpuCapacity { plan.pointee.cpus[cpu].owner = PlanOwner.nobody }
    for line in 0..<Plan.lineCapacity { plan.pointee.lines[line].owner = PlanOwner.nobody }
  }

  deinit { storage.deallocate() }

  /// Bytes of the Plan with the zones it says it has, at most the storage.
  public var byteCount: Int {
    Plan.byteCount(zones: min(Int(plan.pointee.header.zoneCount), Plan.zoneCapacity))
  }

  /// The storage, as long as this object lives.
  public var region: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: storage, count: byteCount)
  }

  /// The stored form.
  public var bytes: [UInt8] {
    get { [UInt8](region) }
    set {
      precondition(newValue.count <= MemoryLayout<Plan>.stride)
      UnsafeMutableRawBufferPointer(start: storage, count: MemoryLayout<Plan>.stride)
        .copyBytes(from: newValue)
    }
  }

  /// Makes byte count and checksum fit the contents.
  public func seal() {
    plan.pointee.header.byteCount = UInt32(byteCount)
    sealChecksum()
  }

  /// Makes only the checksum fit the contents.
  public func sealChecksum() {
    let byteCount = byteCount
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    let words = storage.assumingMemoryBound(to: UInt64.self)
    var index = 0
    while index < byteCount / 8 {
      sum = (sum ^ (index == 4 ? 0 : words[index])) &* 0x100_0000_01b3
      index += 1
    }
    plan.pointee.header.checksum = sum
  }

  /// Judges the bytes as they are, the rules for real-time zones included. The view is valid as long
  /// as this object lives.
  public func admit() throws(PlanError) -> PlanView {
    try AdmissionRules.admit(region, context: context)
  }

  /// Seals and judges: the error, or nil if the Plan is admitted.
  public func verdict() -> PlanError? {
    seal()
    return currentVerdict()
  }

  /// Judges the bytes as they are: the error, or nil if the Plan is admitted.
  public func currentVerdict() -> PlanError? {
    do throws(PlanError) {
      _ = try admit()
      return nil
    } catch {
      return error
    }
  }
}

extension PlanBuilder {
  /// Adds a zone without CPUs, ranges and payloads, and gives its index.
  @discardableResult
  public func addZone(_ name: String, _ kind: PlanZoneKind, flags: PlanZoneFlags = .init()) -> Int {
    let index = Int(plan.pointee.header.zoneCount)
    plan.pointee.header.zoneCount += 1
    setName(of: index, to: name)
    plan.pointee.zones[index].kind = kind.rawValue
    plan.pointee.zones[index].flags = flags.rawValue
    plan.pointee.zones[index].interruptControllerGuest[0] = 0x0800_0000
    let kind = plan.pointee.board.interruptController.knownKind
    plan.pointee.zones[index].interruptControllerGuest[1] = kind == .plic ? 0 : 0x080a_0000
    return index
  }

  /// Names zone `index`; at most 16 characters of UTF-8 are used.
  public func setName(of index: Int, to name: String) {
    for position in 0..<16 { plan.pointee.zones[index].name[position] = 0 }
    for (position, byte) in name.utf8.prefix(16).enumerated() {
      plan.pointee.zones[index].name[position] = byte
    }
  }

  /// Adds a CPU of the board, and gives its index.
  @discardableResult
  public func addCPU(_ hardwareID: UInt64, owner: Int? = nil) -> Int {
    let index = Int(plan.pointee.header.cpuCount)
    plan.pointee.header.cpuCount += 1
    plan.pointee.cpus[index].hardwareID = hardwareID
    switch plan.pointee.board.interruptController.knownKind {
    case .gicV2, .gicV3, nil: break
    case .plic: plan.pointee.cpus[index].controllerIndex = UInt16(2 * index + 1)
    case .aia: plan.pointee.cpus[index].controllerIndex = UInt16(index)
    }
    if let owner {
      plan.pointee.cpus[index].owner = UInt8(owner)
      plan.pointee.zones[owner].cpuCount += 1
    }
    return index
  }

  /// Gives a line to a zone.
  public func setLine(_ line: Int, owner: UInt8, kind: UInt8 = PlanLine.wired) {
    plan.pointee.lines[line].owner = owner
    plan.pointee.lines[line].kind = kind
  }

  /// Adds a range to zone `zone`, and gives its index.
  @discardableResult
  public func addRange(
    _ zone: Int, guest: UInt64, host: UInt64, size: UInt64, kind: PlanRangeKind = .ram,
    _ permissions: PlanPermissions = .all
  ) -> Int {
    let index = Int(plan.pointee.zones[zone].rangeCount)
    plan.pointee.zones[zone].rangeCount += 1
    plan.pointee.zones[zone].ranges[index].guest = guest
    plan.pointee.zones[zone].ranges[index].host = host
    plan.pointee.zones[zone].ranges[index].size = size
    plan.pointee.zones[zone].ranges[index].kind = kind.rawValue
    plan.pointee.zones[zone].ranges[index].permissions = permissions.rawValue
    return index
  }

  /// Adds a payload to zone `zone`, and gives its index.
  @discardableResult
  public func addPayload(
    _ zone: Int, source: UInt64, guest: UInt64, fileSize: UInt64, memorySize: UInt64
  ) -> Int {
    let index = Int(plan.pointee.zones[zone].payloadCount)
    plan.pointee.zones[zone].payloadCount += 1
    plan.pointee.zones[zone].payloads[index].source = source
    plan.pointee.zones[zone].payloads[index].guest = guest
    plan.pointee.zones[zone].payloads[index].fileSize = fileSize
    plan.pointee.zones[zone].payloads[index].memorySize = memorySize
    return index
  }
}
