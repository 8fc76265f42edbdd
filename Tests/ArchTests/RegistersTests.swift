import Testing

@testable import ArchAArch64

/// Register values against constants put together by hand from DDI 0487, chapter D23, and D8.3.
@Suite struct RegistersTests {
  @Test func hypervisorConfiguration() {
    // VM 0, SWIO 1, PTW 2, AMO 5, TID3 18, TSC 19, TIDCP 20, TACR 21, TSW 22, TERR 36, TWI 13; RW 31, APK 40, API 41.
    #expect(HypervisorConfiguration.zone(aarch32: true, trapsWait: false) == 0x0000_0010_007c_0027)
    #expect(HypervisorConfiguration.zone(aarch32: false, trapsWait: false) == 0x0000_0310_807c_0027)
    #expect(HypervisorConfiguration.zone(aarch32: false, trapsWait: true) == 0x0000_0310_807c_2027)
  }

  /// What makes the kernel one for real time: IMO 4, FMO 3, TWI 13, TWE 14 are clear. And TGE 27, E2H
  /// 34 would be another machine.
  @Test(arguments: [true, false]) func interruptsGoToTheZone(_ aarch32: Bool) {
    let forbidden: UInt64 = 1 << 3 | 1 << 4 | 1 << 13 | 1 << 14 | 1 << 27 | 1 << 34
    #expect(HypervisorConfiguration.zone(aarch32: aarch32, trapsWait: false) & forbidden == 0)
  }

  @Test func savedState() {
    #expect(SavedState.aarch64 == 0b11_1100_0101)  // DAIF, EL1h
    #expect(SavedState.aarch32(thumb: false) == 0b1_1101_0011)  // A I F, Supervisor
    #expect(SavedState.aarch32(thumb: true) == 0b1_1111_0011)
  }

  /// T0SZ 16, inner and outer write-back, inner shareable, RES1 bits 23 and 31.
  @Test(
    arguments: [
      (0, 0x8080_3510), (2, 0x8082_3510), (5, 0x8085_3510), (6, 0x8085_3510), (0x1122, 0x8082_3510),
    ] as [(UInt64, UInt64)])
  func kernelTranslationControl(_ range: UInt64, _ value: UInt64) {
    #expect(KernelTranslation.tcr(paRange: range) == value)
  }

  /// T0SZ 25, SL0 1, write-back, inner shareable, RES1 bit 31.
  @Test(
    arguments: [
      (0, 0x8000_3559), (2, 0x8002_3559), (5, 0x8005_3559), (6, 0x8005_3559), (0x1122, 0x8002_3559),
    ] as [(UInt64, UInt64)])
  func zoneTranslationControl(_ range: UInt64, _ value: UInt64) {
    #expect(ZoneTranslation.vtcr(paRange: range) == value)
  }

  @Test func systemControl() {
    // RES1 4 5 11 16 18 22 23 28 29, M 0, C 2, SA 3, I 12, WXN 19; A 1 and EE 25 clear.
    let bits: [UInt64] = [0, 2, 3, 4, 5, 11, 12, 16, 18, 19, 22, 23, 28, 29]
    #expect(KernelTranslation.sctlr == bits.reduce(0) { $0 | 1 << $1 })
    // SCTLR_EL1 RES1: 11 20 22 23 28 29.
    #expect(resetControlAArch64 == [11, 20, 22, 23, 28, 29].reduce(0) { $0 | 1 << $1 })
    // SCTLR RES1: 3 4 11 16 18 22 23, and CP15BEN (5) is 1 at reset.
    #expect(resetControlAArch32 == [3, 4, 5, 11, 16, 18, 22, 23].reduce(0) { $0 | 1 << $1 })
  }

  @Test func memoryAttributes() {
    #expect(KernelTranslation.mair & 0xff == 0xff)
    #expect(KernelTranslation.mair >> 8 & 0xff == 0x04)
  }

  /// AF 10, SH 9:8, AP[2] 7, AP[1] 6, AttrIndx 4:2, XN 54.
  @Test func kernelDescriptors() {
    #expect(KernelTranslation.code == 0x0000_0000_0000_07c0)
    #expect(KernelTranslation.constants == 0x0040_0000_0000_07c0)
    #expect(KernelTranslation.data == 0x0040_0000_0000_0740)
    #expect(KernelTranslation.device == 0x0040_0000_0000_0444)
    // Nothing is writable and executable.
    for value in [
      KernelTranslation.code, KernelTranslation.constants, KernelTranslation.data,
      KernelTranslation.device,
    ] {
      #expect(value & 1 << 7 != 0 || value & 1 << 54 != 0)
    }
  }

  /// AF 10, SH 9:8, S2AP 7:6 (7 writes, 6 reads), MemAttr 5:2, XN 54.
  @Test(
    arguments: [
      (false, true, true, true, 0x0000_0000_0000_07fc),
      (false, true, true, false, 0x0040_0000_0000_07fc),
      (false, true, false, true, 0x0000_0000_0000_077c),
      (false, true, false, false, 0x0040_0000_0000_077c),
      (false, false, false, false, 0x0040_0000_0000_073c),
      (true, true, true, false, 0x0040_0000_0000_04c4),
      (true, true, false, false, 0x0040_0000_0000_0444),
      // A device is never executable, whatever was asked.
      (true, true, true, true, 0x0040_0000_0000_04c4),
    ] as [(Bool, Bool, Bool, Bool, UInt64)])
  func zoneDescriptors(
    _ device: Bool, _ read: Bool, _ write: Bool, _ execute: Bool, _ value: UInt64
  ) {
    #expect(
      ZoneTranslation.attributes(device: device, read: read, write: write, execute: execute)
        == value)
  }

  @Test func translationTableBase() {
    #expect(ZoneTranslation.vttbr(vmid: 16, root: 0x4030_1000) == 0x0010_0000_4030_1000)
  }

  @Test func trapFrameHasAZeroRegister() {
    let frame = UnsafeMutablePointer<TrapFrame>.allocate(capacity: 1)
    defer { frame.deallocate() }
    frame.initialize(to: TrapFrame())
    for index in 0..<32 { frame[register: index] = UInt64(index) + 100 }
    for index in 0..<31 { #expect(frame[register: index] == UInt64(index) + 100) }
    #expect(frame[register: 31] == 0)
    #expect(frame.pointee.x[31] == 0)
    #expect(MemoryLayout<TrapFrame>.size == 256)
    // AAPCS64: x0-x18 and x30 belong to the caller.
    #expect((0..<32).filter { TrapFrame.isSavedEarly($0) } == Array(0...18) + [30])
  }

  /// DEN 0022, 5.1: what PSCI_FEATURES may claim, and DEN 0028's SMCCC_VERSION.
  @Test func firmwareFunctions() {
    let implemented: Set<UInt32> = [
      0x8400_0000, 0x8400_0001, 0xc400_0001, 0x8400_0002, 0x8400_0003, 0xc400_0003, 0x8400_0004,
      0xc400_0004, 0x8400_0006, 0x8400_0008, 0x8400_0009, 0x8400_000a, 0x8000_0000,
    ]
    for base in [UInt32(0x8400_0000), 0xc400_0000, 0x8000_0000, 0xc000_0000] {
      for number in UInt32(0)..<64 {
        #expect(
          FirmwareFunction.isImplemented(base + number) == implemented.contains(base + number))
      }
    }
  }
}
