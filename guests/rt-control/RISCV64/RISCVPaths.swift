#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport
internal import LatencyProbe

/// The paths that are measured, as RISC-V has them.
enum MeasuredPath {
  /// Of the measured timer: 10,000 instructions apart where 100 take a tick of 10 MHz.
  static let timerHertz: UInt64 = 100_000

  /// An identity stored to the own interrupt file, or a call of send_ipi; the clock before it.
  @inline(__always)
  static func softwareInterrupt() -> UInt64 {
    if Interrupts.hasFile {
      let file = InterruptFile.address(cpu: 0)
      return Clock.isCycles
        ? guest_cycle_store32(file, InterruptFile.software)
        : guest_time_store32(file, InterruptFile.software)
    }
    return call(Firmware.Extension.ipi, 0, 1, CPU.hart(0)).before
  }

  /// A read of domaincfg of the APLIC, or of the priority of source 1 of the PLIC.
  @inline(__always)
  static func controllerRead() -> GuestInterval {
    let register = Interrupts.hasFile ? APLIC.domainConfiguration : PLIC.base + 4
    return Clock.isCycles ? guest_cycle_load32(register) : guest_time_load32(register)
  }

  /// A call of get_spec_version.
  @inline(__always)
  static func versionCall() -> GuestInterval { call(Firmware.Extension.base, 0, 0, 0) }

  @inline(__always)
  private static func call(
    _ called: UInt64, _ function: UInt64, _ a: UInt64, _ b: UInt64
  ) -> GuestInterval {
    Clock.isCycles
      ? guest_cycle_sbi(called, function, a, b) : guest_time_sbi(called, function, a, b)
  }
}
#endif
