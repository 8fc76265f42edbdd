#if BRINGUP && hasFeature(Embedded) && arch(arm64)
import ArchCommon
import Bringup
internal import ArchShims
import LatencyProbe
import SepKernel

// SAFETY, throughout: as in Sources/Arch/Common/BringupState.swift.

/// A step under a guard, from `bringup_guard`.
public func bringupStep(_ step: UInt64, _ argument: UInt64) {
  AArch64Bringup().perform(step, argument)
}

/// The checks on AArch64 hardware.
struct AArch64Bringup: BringupHardware {
  var board: AArch64Machine { AArch64Machine() }

  func readCounter() -> UInt64 {
    shim_isb()
    return shim_read_CNTPCT_EL0()
  }

  func words(of cpu: Int) -> BringupCPU {
    unsafe BringupCPU(block: UInt64(UInt(bitPattern: cpuBlock(cpu))))
  }

  var ownWords: BringupCPU { BringupCPU(block: shim_read_TPIDR_EL2()) }

  func guarded(_ step: BringupStep, _ argument: UInt64) -> UInt64 {
    let end = bringup_guard(step.rawValue, argument)
    leaveGuest()
    return end
  }

  func startWatchdog(milliseconds: UInt64) {
    let state = unsafe bringupState()
    guard unsafe state.pointee.hasWatchdog else { return }
    openTimer(watchdogLine)
    let limit = unsafe state.pointee.ticksPerMillisecond * milliseconds
    shim_write_CNTV_CVAL_EL0(shim_read_CNTPCT_EL0() &+ limit)
    shim_write_CNTV_CTL_EL0(1)
    shim_isb()
  }

  func stopWatchdog() { shim_write_CNTV_CTL_EL0(0) }

  func setInterrupts(_ on: Bool) {
    if on { shim_unmask_interrupts() } else { shim_mask_interrupts() }
  }

  func rest() {
    guard unsafe bringupState().pointee.canSleep, InterruptController.isReady else {
      shim_yield()
      return
    }
    // Woken by an interrupt that is masked, or by the watchdog's.
    armKernelTimer(unsafe readCounter() &+ bringupState().pointee.ticksPerMillisecond)
    shim_wfi()
    shim_write_CNTHP_CTL_EL2(0)
    shim_isb()
  }

  func powerOn(cpu: Int) -> Int64 {
    startCPU(cpu)
  }

  func access(page: UInt64, _ body: (UInt64) -> Void) {
    let state = unsafe bringupState()
    let (entry, window) = unsafe (state.pointee.windowEntry, state.pointee.window)
    shim_store64(entry, Descriptor.leaf(page, KernelTranslation.data, level: 3))
    shim_dsb_ish()
    shim_isb()
    body(window)
    cleanInvalidate(window, 8)
    shim_store64(entry, 0)
    shim_dsb_ish()
    shim_tlbi_vae2(window >> 12)
    shim_dsb_ish()
    shim_isb()
  }

  /// ESR_EL2.EC 0x16: HVC, with which the program ends; its result 3 is an exception of its own.
  func isGuestEnd(_ words: BringupCPU) -> Bool {
    words[.syndrome] >> 26 & 0x3f == 0x16 && words[.result3] == 0
  }

  func make(_ check: Check) -> CheckStatus {
    switch check.kind {
    case .interruptController: takeController()
    case .lineCount: countLines()
    case .securityState: trySecurityState()
    case .stuckLines: findStuckLines()
    case .exceptionLevel, .counterFrequency, .plan, .firmware, .stage2Granules,
      .stage2AddressWidth, .vmidBits, .pmu, .cache, .ram, .uart, .uartReceive, .cpuStart,
      .counterMonotonic, .wfiWake, .delivery, .baseline, .stolenTime:
      readRegisters(check)
    }
  }

  func make(_ step: BringupStep, _ argument: UInt64) {
    switch step {
    case .identify: identify(unsafe sharedBlock().pointee.uart)
    case .records:
      openRecords(
        architecture: .aarch64, frequency: unsafe bringupState().pointee.frequency,
        cpuModel: shim_read_MIDR_EL1(),
        bootTick: unsafe sharedBlock().pointee.bootTick)
    case .interface:
      enterInterface()
      ownWords[.result0] = InterruptController.isReady ? 1 : 0
    case .wait:
      guard InterruptController.isReady else { return }
      shim_mask_interrupts()
      waitOnce {
        armKernelTimer($0)
      } sleep: {
        shim_wfi()
      }
      shim_write_CNTHP_CTL_EL2(0)
    case .delivery: runGuest(interrupts: argument)
    case .baseline:
      shim_mask_interrupts()
      unsafe BoardBaseline.measure(currentCPU(), samples: UInt32(truncatingIfNeeded: argument))
    case .send, .watchdog, .check, .watch, .echo, .scan: return
    }
  }
}

/// INTID 27, the virtual timer (BSA, DEN 0094).
let watchdogLine: UInt64 = 27

/// Opens the line of a timer of the calling CPU, and its interface.
func openTimer(_ line: UInt64) {
  InterruptController.enablePrivate(line)
  InterruptController.open()
}

/// The EL2 physical timer, INTID 26 (BSA, DEN 0094).
private func armKernelTimer(_ deadline: UInt64) {
  openTimer(26)
  shim_write_CNTHP_CVAL_EL2(deadline)
  shim_write_CNTHP_CTL_EL2(1)
  shim_isb()
}

/// Runs the program below with the settings of a zoneR, its own timer's line open. Comes back as the guard's end.
private func runGuest(interrupts: UInt64) {
  guard InterruptController.isReady else { return }
  shim_mask_interrupts()
  InterruptController.resetPrivate()
  openTimer(30)
  let frequency = unsafe sharedBlock().pointee.counterFrequency
  shim_write_VTCR_EL2(ZoneTranslation.vtcr(paRange: shim_read_ID_AA64MMFR0_EL1()))
  shim_write_VTTBR_EL2(unsafe bringupState().pointee.guestTables)
  shim_write_VPIDR_EL2(shim_read_MIDR_EL1())
  shim_write_SCTLR_EL1(resetControlAArch64)
  shim_write_VBAR_EL1(shim_bringup_guest_vectors())
  shim_write_SP_EL1(0)
  shim_write_HCR_EL2(HypervisorConfiguration.zone(aarch32: false, trapsWait: false))
  shim_write_ELR_EL2(shim_bringup_guest_start())
  shim_write_SPSR_EL2(SavedState.aarch64)
  shim_isb()
  shim_tlbi_alle1()
  shim_dsb_ish()
  shim_isb()
  bringup_enter_guest(
    interrupts, max(frequency / 10_000, 1), frequency,
    InterruptController.isV2 ? unsafe sharedBlock().pointee.gicc : 0)
}

/// What `runGuest` changed, put back. Called after its guard ended.
private func leaveGuest() {
  shim_write_HCR_EL2(HypervisorConfiguration.rw | bringupRouting)
  shim_write_CNTP_CTL_EL0(0)
  shim_isb()
}
#endif
