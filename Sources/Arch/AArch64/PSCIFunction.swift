/// Function identifiers: Power State Coordination Interface (DEN 0022), section 5.1; SMC Calling
/// Convention (DEN 0028), section 7.
public enum FirmwareFunction {
  /// PSCI_VERSION.
  public static let psciVersion: UInt32 = 0x8400_0000
  /// CPU_SUSPEND, SMC32 form.
  public static let cpuSuspend: UInt32 = 0x8400_0001
  /// CPU_OFF.
  public static let cpuOff: UInt32 = 0x8400_0002
  /// CPU_ON, SMC32 form.
  public static let cpuOn: UInt32 = 0x8400_0003
  /// AFFINITY_INFO, SMC32 form.
  public static let affinityInfo: UInt32 = 0x8400_0004
  /// MIGRATE_INFO_TYPE.
  public static let migrateInfoType: UInt32 = 0x8400_0006
  /// SYSTEM_OFF.
  public static let systemOff: UInt32 = 0x8400_0008
  /// SYSTEM_RESET.
  public static let systemReset: UInt32 = 0x8400_0009
  /// PSCI_FEATURES.
  public static let psciFeatures: UInt32 = 0x8400_000a
  /// Set in the SMC64 form of a function.
  public static let smc64: UInt32 = 0x4000_0000

  /// SMCCC_VERSION.
  public static let smcccVersion: UInt32 = 0x8000_0000
  /// SMCCC_ARCH_FEATURES.
  public static let archFeatures: UInt32 = 0x8000_0001
  /// SMCCC_ARCH_WORKAROUND_1: Spectre variant 2 (CVE-2017-5715).
  public static let workaround1: UInt32 = 0x8000_8000
  /// SMCCC_ARCH_WORKAROUND_2: speculative store bypass (CVE-2018-3639).
  public static let workaround2: UInt32 = 0x8000_7fff
  /// SMCCC_ARCH_WORKAROUND_3: Spectre-BHB (CVE-2022-23960).
  public static let workaround3: UInt32 = 0x8000_3fff

  /// Vendor specific hypervisor service queries.
  public static let vendorCallCount: UInt32 = 0x8600_ff00
  /// Which hypervisor answers: four words, docs/interfaces.md.
  public static let vendorUID: UInt32 = 0x8600_ff01
  /// Revision of its calls: major in x0, minor in x1.
  public static let vendorRevision: UInt32 = 0x8600_ff03

  /// PSCI 1.1, as PSCI_VERSION returns it: major << 16, minor.
  public static let psci1_1: Int64 = 0x1_0001
  /// SMCCC 1.1, in the same form.
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
  /// ALREADY_ON: the vCPU of a CPU_ON runs.
  public static let alreadyOn: Int64 = -4
  /// ON_PENDING: the vCPU of a CPU_ON is being started.
  public static let onPending: Int64 = -5
  /// INVALID_ADDRESS: the entry point of a CPU_ON is not in the zone's memory.
  public static let invalidAddress: Int64 = -9
  /// MIGRATE_INFO_TYPE: no migration needed.
  public static let migrationNotRequired: Int64 = 2
}
