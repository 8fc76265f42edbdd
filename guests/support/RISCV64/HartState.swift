#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// CPUs of the guest by numbers that do not depend on which hart was entered first.
public enum CPU {
  /// Hart of CPU `number`: CPU 0 is the first that ran, and has changed places with hart 0.
  @inline(__always)
  public static func hart(_ number: UInt64) -> UInt64 {
    let first = guest_boot_hart_value()
    return number == 0 ? first : number == first ? 0 : number
  }
}

/// Starts CPU `cpu` of this zone; it enters `guest_secondary_main`, which every guest defines.
public func startSecondaryCPU(_ cpu: UInt64) -> Int64 {
  Firmware.sbi(
    Firmware.Extension.hartState, 0, CPU.hart(cpu), guest_secondary_start_address(), cpu
  ).error
}

/// State of CPU `cpu`, 0 when it runs, or an error: hart_get_status.
public func secondaryCPUState(_ cpu: UInt64) -> Int64 {
  Firmware.sbi(Firmware.Extension.hartState, 2, CPU.hart(cpu)).code
}
#endif
