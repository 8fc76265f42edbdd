/// scause: RISC-V Privileged Architecture (20240411), table 18.5.
public enum Cause {
  /// Bit 63.
  public static let interrupt: UInt64 = 1 << 63
  /// Software interrupt of the kernel.
  public static let softwareInterrupt = interrupt | 1
  /// Timer interrupt of the kernel.
  public static let timerInterrupt = interrupt | 5
  /// External interrupt of the kernel.
  public static let externalInterrupt = interrupt | 9
  /// Illegal instruction.
  public static let illegalInstruction: UInt64 = 2
  /// Access fault of a load, and of a store or AMO.
  public static let loadAccess: UInt64 = 5
  public static let storeAccess: UInt64 = 7
  /// ECALL from VS-mode.
  public static let supervisorCall: UInt64 = 10
  /// Hardware error.
  public static let hardwareError: UInt64 = 19
  /// A fetch from guest-physical memory that the zone does not have.
  public static let guestFetch: UInt64 = 20
  /// A load from there.
  public static let guestLoad: UInt64 = 21
  /// An instruction of the hypervisor extension, or a supervisor one where it may not be used.
  public static let virtualInstruction: UInt64 = 22
  /// A store or AMO there.
  public static let guestStore: UInt64 = 23
}
