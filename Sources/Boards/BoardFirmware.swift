/// What an emulator of a RISC-V board needs to know to start OpenSBI on it, when it brings neither a
/// firmware nor a device tree: the machine level, which no zone and not the kernel sees.
public struct BoardFirmware: Equatable, Sendable {
  /// The firmware's file, in the data folders of QEMU.
  public static let openSBI = "opensbi-riscv64-generic-fw_dynamic.bin"

  /// ACLINT: software interrupts, then the timer of machine level, in the layout of SiFive's CLINT.
  public var clint: AddressRange
  /// The APLIC domain of machine level, whose only child is the board's.
  public var machineAPLIC: AddressRange
  /// The interrupt files of machine level, a page for each hart.
  public var machineIMSIC: AddressRange
  /// Interrupt identities of every file.
  public var identities: UInt32
  /// `riscv,isa` of each hart.
  public var isa: String

  /// All from the machine's source.
  public init(
    clint: AddressRange, machineAPLIC: AddressRange, machineIMSIC: AddressRange,
    identities: UInt32, isa: String
  ) {
    self.clint = clint
    self.machineAPLIC = machineAPLIC
    self.machineIMSIC = machineIMSIC
    self.identities = identities
    self.isa = isa
  }
}
