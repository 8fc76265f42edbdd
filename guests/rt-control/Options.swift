#if hasFeature(Embedded)
/// What x0 asks for at entry.
struct Options {
  /// Samples of each latency measurement.
  let samples: UInt64
  /// Cycles of the control loop before the guest is done.
  let controlCycles: UInt64
  /// Bit 32: keep controlling, with a line each second, instead of SYSTEM_OFF.
  let runsForEver: Bool
  /// Bit 34: `timer-busy` alone, calling the kernel all the time, so that exits lie in its samples.
  let callsKernel: Bool

  /// - Parameter word: bits 31-0 samples (0: 1000), bit 32 for ever, bit 33 a short run of 100
  ///   samples and 100 cycles, bit 34 `timer-busy` with calls, and no more.
  init(_ word: UInt64) {
    let asked = word & 0xffff_ffff
    let isShort = word & 1 << 33 != 0
    samples = isShort ? 100 : asked == 0 ? 1000 : asked
    controlCycles = isShort ? 100 : 1000
    runsForEver = word & 1 << 32 != 0
    callsKernel = word & 1 << 34 != 0
  }
}
#endif
