#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// Interrupts as one CPU of a zone takes them: the timer's and, from an interrupt file or a PLIC,
/// those of lines, which have the numbers of their sources.
public enum Interrupts {
  /// The first source.
  public static let firstShared: UInt64 = 1
  /// Numbers from here on are no lines; this one means that nothing is pending.
  public static let special: UInt32 = 1024
  /// Of the timer.
  public static let timer: UInt32 = special + 5
  /// Of an interrupt that a CPU sent.
  public static let software: UInt32 = special + 1

  /// Whether a CPU sent it.
  @inline(__always)
  public static func isSoftware(_ line: UInt32) -> Bool { line == software }

  /// Whether there is an interrupt file for each CPU (AIA), not a PLIC.
  public static var hasFile: Bool { Found.hasInterruptFile.value != 0 }

  /// Finds out what there is. Once, on the boot CPU, before anything else of it or of the timer.
  public static func start() {
    Timer.find()
    if case .returned = attempt(guest_read_siselect_address()) {
      Found.hasInterruptFile.value = 1
      // QEMU's machine with one guest file for each hart (guests/bare); in a zone there are none.
      Found.fileStride.value = Kernel.isPresent ? 0x1000 : 0x2000
      APLIC.start()
    }
  }

  /// Of CPU `cpu`, which is the calling one: no line enabled, timer and interrupts by CPUs enabled.
  public static func startCPU(_ cpu: UInt64) {
    if hasFile { InterruptFile.start() } else { PLIC.start(cpu: cpu) }
    Timer.stop()
    guest_clear_ssip()
    guest_write_sie(1 << 1 | 1 << 5 | 1 << 9)
  }

  /// Enables `line`, below 64, to be delivered to `cpu`: that of a device, which rises and falls with its
  /// cause, or one that the kernel raises.
  public static func enable(line: UInt32, cpu: UInt64, isRaised: Bool = false) {
    if hasFile {
      APLIC.enable(line: line, cpu: cpu, isEdge: isRaised)
      InterruptFile.enable(UInt64(line))
    } else {
      PLIC.enable(line: line, cpu: cpu)
    }
  }

  /// Sends an interrupt to `cpu`.
  @inline(__always)
  public static func send(toCPU cpu: UInt64) {
    if hasFile {
      guest_store32(InterruptFile.address(cpu: cpu), InterruptFile.software)
    } else {
      _ = Firmware.sbi(Firmware.Extension.ipi, 0, 1, CPU.hart(cpu))
    }
  }

  /// From the vector: the line of the interrupt, which is pending no more, or a number from `special` on.
  @inline(__always)
  public static func acknowledge() -> UInt32 {
    switch guest_read_scause() & 0xff {
    case 5: return timer
    case 1:
      guest_clear_ssip()
      return software
    default:
      guard hasFile else { return PLIC.claim() }
      let identity = UInt32(truncatingIfNeeded: guest_claim_stopei())
      return identity == 0 ? special : identity == InterruptFile.software ? software : identity
    }
  }

  /// Ends the interrupt that was acknowledged.
  @inline(__always)
  public static func end(_ line: UInt32) {
    if hasFile { APLIC.end(line) } else { PLIC.complete(line) }
  }
}
#endif
