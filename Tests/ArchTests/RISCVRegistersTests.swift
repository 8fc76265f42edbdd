import Testing

@testable import ArchRISCV64

/// Register values against constants put together by hand from the RISC-V Privileged Architecture
/// (20240411), by register name.
@Suite struct RISCVRegistersTests {
  /// GVA 6, SPV 7, SPVP 8, VGEIN 17:12, VSXL 33:32; VTVM 20, VTW 21 and VTSR 22 are clear in all of them.
  @Test func hypervisorStatus() {
    #expect(HypervisorStatus.guestVirtualAddress == 0x40)
    #expect(HypervisorStatus.previousVirtualization == 0x80)
    #expect(HypervisorStatus.previousVirtualPrivilege == 0x100)
    #expect(HypervisorStatus.xlen64 == 0x2_0000_0000)
    #expect(HypervisorStatus.guestFile(1) == 0x1000)
    #expect(HypervisorStatus.guestFile(63) == 0x3_f000)
  }

  /// SIE 1, SPIE 5, SPP 8, VS 10:9, FS 14:13, UXL 33:32.
  @Test func supervisorStatus() {
    #expect(SupervisorStatus.interruptEnable == 2)
    #expect(SupervisorStatus.previousInterruptEnable == 0x20)
    #expect(SupervisorStatus.previousPrivilege == 0x100)
    #expect(SupervisorStatus.extensions == 0x6600)
    #expect(SupervisorStatus.userXLEN64 == 0x2_0000_0000)
    // From SIE to SPIE, as `injectException` moves it.
    #expect(SupervisorStatus.interruptEnable << 4 == SupervisorStatus.previousInterruptEnable)
  }

  /// Table 13.1: SSI 1, VSSI 2, STI 5, VSTI 6, SEI 9, VSEI 10.
  @Test func interrupts() {
    #expect(InterruptBit.software == 1 << 1)
    #expect(InterruptBit.virtualSoftware == 1 << 2)
    #expect(InterruptBit.timer == 1 << 5)
    #expect(InterruptBit.virtualTimer == 1 << 6)
    #expect(InterruptBit.external == 1 << 9)
    #expect(InterruptBit.virtualExternal == 1 << 10)
    // Only what is VS-level can be delegated: nothing of the kernel's own.
    #expect(delegatedInterrupts == 0x444)
    #expect(
      delegatedInterrupts & (InterruptBit.software | InterruptBit.timer | InterruptBit.external)
        == 0)
  }

  /// Table 18.2: 9 to 11 and 16 to 23 are read-only zero in hedeleg.
  @Test func delegatedExceptionsAreTheZonesOwn() {
    let own: [UInt64] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15]
    #expect(delegatedExceptions == own.reduce(0) { $0 | 1 << $1 })
    for cause in [
      Cause.supervisorCall, Cause.hardwareError, Cause.guestFetch, Cause.guestLoad,
      Cause.virtualInstruction, Cause.guestStore,
    ] { #expect(delegatedExceptions >> cause & 1 == 0) }
    // CY, TM, IR.
    #expect(zoneCounters == 7)
  }

  @Test func causes() {
    #expect(Cause.softwareInterrupt == 0x8000_0000_0000_0001)
    #expect(Cause.timerInterrupt == 0x8000_0000_0000_0005)
    #expect(Cause.externalInterrupt == 0x8000_0000_0000_0009)
    let numbers = [
      Cause.illegalInstruction, Cause.loadAccess, Cause.storeAccess, Cause.supervisorCall,
      Cause.hardwareError, Cause.guestFetch, Cause.guestLoad, Cause.virtualInstruction,
      Cause.guestStore,
    ]
    #expect(numbers == [2, 5, 7, 10, 19, 20, 21, 22, 23])
  }

  /// CBIE 5:4, CBCFE 6, CBZE 7, ADUE 61, PBMTE 62, STCE 63.
  @Test func environment() {
    #expect(HypervisorEnvironment.zone == 0xc000_0000_0000_00d0)
    // CBO.INVAL never discards (CBIE 3), and ADUE is off.
    #expect(HypervisorEnvironment.zone >> 4 & 3 == 1)
    #expect(HypervisorEnvironment.zone >> 61 & 1 == 0)
  }

  /// Smstateen: C 0, FCSR 1, JVT 2; IMSIC 58, AIA 59, CSRIND 60, ENVCFG 62, SE0 63.
  @Test func stateEnable() {
    #expect(HypervisorStateEnable.zone == 0x5c00_0000_0000_0002)
  }

  /// MODE 63:60, VMID 57:44, PPN 43:0.
  @Test(
    arguments: [(TranslationMode.sv39, 8, 1), (.sv48, 9, 0)] as [(TranslationMode, UInt64, Int)])
  func translation(_ mode: TranslationMode, _ number: UInt64, _ level: Int) {
    #expect(mode.supervisor(root: 0x8020_1000) == number << 60 | 0x8_0201)
    #expect(mode.guest(root: 0x8020_4000, vmid: 16) == number << 60 | 16 << 44 | 0x8_0204)
    #expect(mode.guest(root: 0, vmid: 0) == number << 60)
    #expect(mode.startLevel == level)
    #expect(TranslationMode(of: mode.supervisor(root: 0x8020_1000)) == mode)
  }

  /// Bare, Sv57 and reserved modes are none of the kernel's.
  @Test func otherModes() {
    for number in UInt64(0)..<16 where number != 8 && number != 9 {
      #expect(TranslationMode(of: number << 60 | 0xfff) == nil)
    }
  }

  /// V 0, R 1, W 2, X 3, U 4, G 5, A 6, D 7.
  @Test func kernelPages() {
    #expect(PageAttributes.code == 0b1100_1010)
    #expect(PageAttributes.constants == 0b1100_0010)
    #expect(PageAttributes.data == 0b1100_0110)
    for value in [PageAttributes.code, PageAttributes.constants, PageAttributes.data] {
      #expect(value & 0b1100 != 0b1100)
      // User pages: HS-mode would neither read nor execute them.
      #expect(value & 0x10 == 0)
    }
  }

  @Test(arguments: 0..<8) func zonePages(_ bits: Int) {
    let (read, write, execute) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
    let value = PageAttributes.zone(read: read, write: write, execute: execute)
    // U, A and D always; never G, never more than the low eight bits.
    #expect(value & ~0b1110 == 0b1101_0000)
    #expect((value & 2 != 0) == (read || write))
    #expect((value & 4 != 0) == write)
    #expect((value & 8 != 0) == execute)
    // Table 12.2: W without R is reserved.
    #expect(value & 0b0110 != 0b0100)
  }

  @Test func trapFrameHasAZeroRegister() {
    let frame = UnsafeMutablePointer<TrapFrame>.allocate(capacity: 1)
    defer { frame.deallocate() }
    frame.initialize(to: TrapFrame())
    for index in 0..<32 { frame[register: index] = UInt64(index) + 100 }
    #expect(frame[register: 0] == 0)
    #expect(frame.pointee.x[0] == 0)
    for index in 1..<32 { #expect(frame[register: index] == UInt64(index) + 100) }
    // frame_size of the vectors.
    #expect(MemoryLayout<TrapFrame>.size == 256)
  }

  /// RISC-V ELF psABI, table 1: registers that are not preserved across calls, x0 and the zone's
  /// stack pointer besides. gp and tp are nobody's to change.
  @Test func savedEarly() {
    let temporaries = [1, 5, 6, 7] + Array(10...17) + Array(28...31)
    #expect((0..<32).filter { TrapFrame.isSavedEarly($0) } == ([0, 2] + temporaries).sorted())
  }

  @Test func callRegisters() {
    #expect([Register.a0, Register.a1, Register.a2, Register.a3, Register.a4] == Array(10...14))
    #expect([Register.a6, Register.a7] == [16, 17])
  }
}

/// Where guest interrupt files are: RISC-V Advanced Interrupt Architecture 1.0, 3.6.
@Suite struct InterruptFileTests {
  /// Files of a hart follow each other, the supervisor's first: 2^guestIndexBits pages for each hart.
  @Test(arguments: UInt64(0)..<7) func guestAddress(_ bits: UInt64) {
    let base: UInt64 = 0x2800_0000
    for hart in UInt64(0)..<64 {
      let address = InterruptFile.guestAddress(
        base: base, hartIndex: hart, guestIndexBits: bits)
      #expect(address == base + hart * (0x1000 << bits) + 0x1000)
      #expect(address & 0xfff == 0)
    }
  }

  /// No hart's file is another's.
  @Test func filesAreApart() {
    let addresses = (UInt64(0)..<16).map {
      InterruptFile.guestAddress(base: 0x2800_0000, hartIndex: $0, guestIndexBits: 1)
    }
    #expect(Set(addresses).count == 16)
    for address in addresses { #expect(address / 0x1000 % 2 == 1) }
  }

  /// 2.3: eidelivery, eithreshold, eip0, eie0.
  @Test func selectors() {
    #expect(InterruptFile.delivery == 0x70)
    #expect(InterruptFile.threshold == 0x72)
    #expect(InterruptFile.pending == 0x80)
    #expect(InterruptFile.enabled == 0xc0)
  }
}
