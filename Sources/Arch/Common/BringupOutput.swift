#if BRINGUP && hasFeature(Embedded)
internal import ArchShims
import LatencyProbe

/// Where a bring-up's report goes: line by line to the UART, and to a log in memory as soon as there is one.
public struct BringupOutput: ~Copyable {
  /// The line that is being written; longer ones lose their end.
  private var line = InlineArray<512, UInt8>(repeating: 0)
  private var lineLength = 0
  /// What was written before there was a log.
  private var early = InlineArray<1024, UInt8>(repeating: 0)
  private var earlyLength = 0
  /// Address of the log; 0: none yet.
  private var log: UInt64 = 0
  private var logLength = 0

  public init() {}

  /// Bytes of the line.
  public var count: Int { lineLength }
  /// Byte `index` of the line.
  public subscript(index: Int) -> UInt8 { line[index] }

  /// Takes a byte of the line.
  public mutating func put(_ byte: UInt8) {
    guard lineLength < 512 else { return }
    line[lineLength] = byte
    lineLength += 1
  }

  /// Forgets the line.
  public mutating func clear() { lineLength = 0 }

  /// The log begins at `address`, mapped and writable, with what was written so far.
  public mutating func open(log address: UInt64) {
    log = address
    logLength = 0
    shim_store64(log, BringupLog.magicValue)
    shim_store64(log + 8, 0)
    for index in 0..<earlyLength { append(early[index]) }
    shim_store64(log + 8, UInt64(logLength))
  }

  /// The line goes to the log, or waits for it.
  public mutating func keepLine() {
    for index in 0..<lineLength {
      if log != 0 {
        append(line[index])
      } else if earlyLength < 1024 {
        early[earlyLength] = line[index]
        earlyLength += 1
      }
    }
    // Whoever reads the memory of a machine that stands still reads whole lines.
    if log != 0 { shim_store64(log + 8, UInt64(logLength)) }
  }

  private mutating func append(_ byte: UInt8) {
    guard logLength < BringupLog.capacity else { return }
    shim_store8(log + UInt64(BringupLog.headerByteCount + logLength), byte)
    logLength += 1
  }
}
#endif
