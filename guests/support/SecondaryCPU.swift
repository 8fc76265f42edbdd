#if hasFeature(Embedded)
internal import GuestEntry

/// Starts CPU `cpu` of this zone; it enters `guest_secondary_main`, which every guest defines.
public func startSecondaryCPU(_ cpu: UInt64) -> Int64 {
  Firmware.hvc(Firmware.psciCPUOn, cpu, guest_secondary_start_address(), cpu).code
}
#endif
