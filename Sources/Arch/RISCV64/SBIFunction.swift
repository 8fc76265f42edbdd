/// Extensions of the RISC-V Supervisor Binary Interface 2.0, and their functions.
public enum SBIExtension {
  public static let setTimerLegacy: UInt64 = 0
  public static let putCharacter: UInt64 = 1
  public static let getCharacter: UInt64 = 2
  public static let clearIPI: UInt64 = 3
  public static let shutdown: UInt64 = 8
  public static let base: UInt64 = 0x10
  public static let timer: UInt64 = 0x5449_4d45
  public static let ipi: UInt64 = 0x0073_5049
  public static let remoteFence: UInt64 = 0x5246_4e43
  public static let hartState: UInt64 = 0x0048_534d
  public static let systemReset: UInt64 = 0x5352_5354
  public static let debugConsole: UInt64 = 0x4442_434e
  /// The kernel's own calls, in the range for experimental extensions (chapter 17).
  public static let kernel: UInt64 = 0x0848_5653

  /// Whether zones have it: `sbi_probe_extension`.
  public static func isImplemented(_ extension: UInt64) -> Bool {
    switch `extension` {
    case setTimerLegacy, putCharacter, getCharacter, clearIPI, shutdown, base, timer, ipi,
      remoteFence,
      hartState, systemReset, debugConsole, kernel:
      true
    default: false
    }
  }
}

/// SBI 2.0, table 1.
public enum SBIStatus {
  public static let success: Int64 = 0
  public static let failed: Int64 = -1
  public static let notSupported: Int64 = -2
  public static let invalidParameter: Int64 = -3
  public static let denied: Int64 = -4
  public static let invalidAddress: Int64 = -5
  public static let alreadyAvailable: Int64 = -6
  public static let alreadyStarted: Int64 = -7
  public static let alreadyStopped: Int64 = -8
}

/// What the BASE extension says of this implementation (chapter 4).
public enum SBIIdentity {
  /// SBI 2.0.
  public static let version: UInt64 = 2 << 24
  /// Not on the list of implementations; "HVS".
  public static let implementation: UInt64 = 0x0048_5653
  /// Of the kernel's interface to zones.
  public static let implementationVersion: UInt64 = 1 << 16
}

/// The harts an SBI call is about: its arguments `hart_mask` and `hart_mask_base` (3.1).
public struct HartMask: Equatable, Sendable {
  /// Bit n: vCPU n.
  public let vcpus: UInt32

  /// Nil when a hart that the zone does not have is named.
  public init?(mask: UInt64, base: UInt64, cpuCount: UInt32) {
    let all: UInt32 = (1 << cpuCount) - 1
    if base == ~0 {
      vcpus = all
      return
    }
    if mask == 0 {
      vcpus = 0
      return
    }
    guard base < 16, mask.leadingZeroBitCount >= Int(base) else { return nil }
    let shifted = mask << base
    guard shifted & ~UInt64(all) == 0 else { return nil }
    vcpus = UInt32(truncatingIfNeeded: shifted)
  }
}
