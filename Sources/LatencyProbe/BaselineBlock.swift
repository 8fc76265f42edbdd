/// What the hardware itself costs on one CPU: timer deadline to the kernel's own handler, measured
/// before any zone starts, with nothing else running.
///
/// Written once by the CPU itself. Part of the record format.
public struct BaselineBlock: BitwiseCopyable, Sendable {
  /// `magicValue` once measured; anything else: no baseline was taken on this CPU.
  public var magic: UInt64
  /// A `Measurement` raw value: which measurement the guests' one is to be compared with.
  public var measurement: UInt32
  /// Index of the CPU in the Plan.
  public var cpu: UInt32
  /// Ticks between two deadlines.
  public var period: UInt64
  /// Zero.
  public var reserved: UInt64
  /// Ticks from deadline to handler entry.
  public var latency: Histogram

  /// "HVBASELN" read as a little-endian integer.
  public static let magicValue: UInt64 = 0x4e4c_4553_4142_5648

  /// An empty block, for hosts and tests.
  public init(measurement: UInt32 = 0, cpu: UInt32 = 0, period: UInt64 = 0) {
    magic = Self.magicValue
    self.measurement = measurement
    self.cpu = cpu
    self.period = period
    reserved = 0
    latency = Histogram()
  }
}
