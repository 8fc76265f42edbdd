#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry

/// Starts CPU `cpu` of this zone; it enters `guest_secondary_main`, which every guest defines.
public func startSecondaryCPU(_ cpu: UInt64) -> Int64 {
  Firmware.hvc(Firmware.psciCPUOn, cpu, guest_secondary_start_address(), cpu).code
}

/// State of CPU `cpu`, 0 when it runs, or an error: AFFINITY_INFO.
public func secondaryCPUState(_ cpu: UInt64) -> Int64 {
  Firmware.hvc(Firmware.psciAffinityInfo, cpu, 0).code
}
#endif
