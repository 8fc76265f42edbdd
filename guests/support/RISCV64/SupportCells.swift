#if hasFeature(Embedded) && arch(riscv64)
/// What was found out at the start. Guests leave the last cells alone.
enum Found {
  /// Whether there is an interrupt file (AIA) and not a PLIC.
  static var hasInterruptFile: Cell { Cell(511) }
  /// Whether S-mode has a timer of its own (Sstc).
  static var hasTimer: Cell { Cell(510) }
  /// Bytes from one hart's interrupt file to the next.
  static var fileStride: Cell { Cell(509) }
  /// Lines of devices, by bits: level-sensitive.
  static var levelLines: Cell { Cell(506) }
  /// Cycles per tick of `time`; 0: times are in ticks of `time`.
  static var cyclesPerTick: Cell { Cell(508) }
  /// `cycle` when `time` was 0.
  static var cycleOffset: Cell { Cell(507) }
}
#endif
