/// How a zone's software-generated interrupts are confined to its own CPUs.
///
/// A zone names vCPUs (Aff0 = number, Aff1-3 = 0). When its CPUs are neighbours in one affinity group
/// of sixteen, which the Plan's author normally sees to, a request is translated by a shift; if not,
/// CPU by CPU. ICC_SGI1R_EL1: Arm GIC Architecture Specification v3/v4 (IHI 0069), 12.2.
public struct SGITargets: Equatable {
  /// Affinity 1-3 in their ICC_SGI1R_EL1 places; the range selector for sixteen and up.
  public var base: UInt64
  /// Aff0 of vCPU 0 within its group of sixteen.
  public var shift: UInt64
  /// One bit for each vCPU.
  public var mask: UInt64
  /// Whether the shift alone is right.
  public var isContiguous: Bool

  /// Affinity fields of an MPIDR in ICC_SGI1R_EL1's places, range selector included.
  public static func group(_ affinity: UInt64) -> UInt64 {
    (affinity >> 32 & 0xff) << 48 | (affinity >> 16 & 0xff) << 32 | (affinity >> 8 & 0xff) << 16
      | (affinity & 0xf0) << 40
  }

  /// For a zone of `count` CPUs with MPIDR affinities `affinity(0..<count)`.
  public init(count: Int, affinity: (Int) -> UInt64) {
    let first = affinity(0)
    base = Self.group(first)
    shift = first & 0xf
    mask = (1 << UInt64(count)) - 1
    isContiguous = count <= 16 && (first & 0xf) + UInt64(count) <= 16
    for vcpu in 0..<count where affinity(vcpu) != first + UInt64(vcpu) { isContiguous = false }
  }

  /// vCPUs a request reaches; `own` is the requester's vCPU number. Requests for other affinity
  /// groups reach nobody.
  @inline(__always)
  public func vcpus(_ request: UInt64, own: UInt64) -> UInt64 {
    if request & (1 << 40) != 0 { return mask & ~(1 &<< own) }
    if request & 0x00ff_f0ff_00ff_0000 != 0 { return 0 }
    return request & mask & 0xffff
  }

  /// The physical request, when `isContiguous`.
  @inline(__always)
  public func physical(_ request: UInt64, own: UInt64) -> UInt64 {
    // &<<: the shift is below sixteen.
    base | request & 0x0f00_0000 | vcpus(request, own: own) &<< shift
  }
}
