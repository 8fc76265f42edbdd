/// Function identifiers: Power State Coordination Interface (DEN 0022), section 5.1; SMC Calling
/// Convention (DEN 0028), section 7.
public enum FirmwareFunction {
  public static let psciVersion: UInt32 = 0x8400_0000
  public static let cpuSuspend: UInt32 = 0x8400_0001
  public static let cpuOff: UInt32 = 0x8400_0002
  public static let cpuOn: UInt32 = 0x8400_0003
  public static let affinityInfo: UInt32 = 0x8400_0004
  public static let migrateInfoType: UInt32 = 0x8400_0006
  public static let systemOff: UInt32 = 0x8400_0008
  public static let systemReset: UInt32 = 0x8400_0009
  public static let psciFeatures: UInt32 = 0x8400_000a
  /// Set in the SMC64 form of a function.
  public static let smc64: UInt32 = 0x4000_0000

  public static let smcccVersion: UInt32 = 0x8000_0000
  public static let archFeatures: UInt32 = 0x8000_0001
  public static let workaround1: UInt32 = 0x8000_8000
  public static let workaround2: UInt32 = 0x8000_7fff
  public static let workaround3: UInt32 = 0x8000_3fff

  /// Vendor specific hypervisor service queries.
  public static let vendorCallCount: UInt32 = 0x8600_ff00
  public static let vendorUID: UInt32 = 0x8600_ff01
  public static let vendorRevision: UInt32 = 0x8600_ff03

  public static let psci1_1: Int64 = 0x1_0001
  public static let smccc1_1: Int64 = 0x1_0001

  /// Functions PSCI_FEATURES reports as present.
  public static func isImplemented(_ function: UInt32) -> Bool {
    switch function {
    case psciVersion, cpuOff, migrateInfoType, systemOff, systemReset, psciFeatures, smcccVersion,
      cpuSuspend, cpuSuspend | smc64, cpuOn, cpuOn | smc64, affinityInfo, affinityInfo | smc64:
      true
    default: false
    }
  }
}

/// PSCI results that are not in `CallStatus`.
public enum PSCIStatus {
  public static let alreadyOn: Int64 = -4
  public static let onPending: Int64 = -5
  public static let invalidAddress: Int64 = -9
  /// MIGRATE_INFO_TYPE: no migration needed.
  public static let migrationNotRequired: Int64 = 2
}
