#if BRINGUP && hasFeature(Embedded) && arch(riscv64)
import ArchCommon
import Bringup
internal import ArchShims
import LatencyProbe
import SepKernel

// SAFETY, throughout: as in Sources/Arch/Common/BringupState.swift.

/// A step under a guard, from `bringup_guard`.
public func bringupStep(_ step: UInt64, _ argument: UInt64) {
  RISCV64Bringup().perform(step, argument)
}

/// The checks on RISC-V hardware.
struct RISCV64Bringup: BringupHardware {
  var board: RISCV64Machine { RISCV64Machine() }

  func readCounter() -> UInt64 {
    shim_fence()
    return shim_read_time()
  }

  func words(of cpu: Int) -> BringupCPU {
    unsafe BringupCPU(block: UInt64(UInt(bitPattern: cpuBlock(cpu))))
  }

  var ownWords: BringupCPU { BringupCPU(block: shim_read_sscratch()) }

  func guarded(_ step: BringupStep, _ argument: UInt64) -> UInt64 {
    let end = bringup_guard(step.rawValue, argument)
    // A baseline that ended has vectors of its own.
    shim_write_stvec(shim_bringup_vectors())
    if step == .delivery { shim_write_hgatp(0) }
    return end
  }

  /// Its interrupt needs no controller.
  func openWatchdog() {}

  /// The timer, through the SBI: there is one for all.
  func startWatchdog(milliseconds: UInt64) {
    let state = unsafe bringupState()
    let limit = unsafe shim_read_time() &+ state.pointee.ticksPerMillisecond * milliseconds
    ownWords[.watch] = limit
    setTimer(limit)
    shim_write_sie(InterruptBit.timer)
  }

  func stopWatchdog() {
    ownWords[.watch] = 0
    shim_write_sie(0)
    setTimer(~0)
  }

  func setInterrupts(_ on: Bool) {
    if on { shim_unmask_interrupts() } else { shim_mask_interrupts() }
  }

  func rest() {
    guard unsafe bringupState().pointee.canSleep else {
      shim_pause()
      return
    }
    let watch = ownWords[.watch]
    shim_mask_interrupts()
    setTimer(unsafe shim_read_time() &+ bringupState().pointee.ticksPerMillisecond)
    shim_write_sie(InterruptBit.timer)
    // Woken by an interrupt that is masked.
    shim_wfi()
    setTimer(watch == 0 ? ~0 : watch)
    if watch != 0 { shim_unmask_interrupts() } else { shim_write_sie(0) }
  }

  private func setTimer(_ deadline: UInt64) {
    _ = shim_sbi(SBIExtension.timer, 0, deadline, 0, 0, 0)
  }

  func powerOn(cpu: Int) -> Int64 {
    shim_fence()
    return shim_sbi(
      SBIExtension.hartState, 0, unsafe sharedBlock().pointee.hartIDs[cpu],
      shim_kernel_secondary_start(), words(of: cpu).address, 0)
  }

  func access(page: UInt64, _ body: (UInt64) -> Void) {
    let state = unsafe bringupState()
    let (entry, window) = unsafe (state.pointee.windowEntry, state.pointee.window)
    shim_store64(entry, SvDescriptor.leaf(page, PageAttributes.data, level: 3))
    shim_sfence_vma(window)
    body(window)
    // Caches are coherent, and what they cannot write back faults or is lost for all.
    shim_store64(entry, 0)
    shim_sfence_vma(window)
  }

  /// ECALL from VS-mode, with which the program ends; its result 3 is a trap of its own.
  func isGuestEnd(_ words: BringupCPU) -> Bool {
    words[.syndrome] == Cause.supervisorCall && words[.result3] == 0
  }

  func make(_ check: Check) -> CheckStatus {
    switch check.kind {
    case .interruptController: takeController()
    case .lineCount: countLines()
    case .securityState: trySource()
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
      let plan = unsafe sharedBlock().pointee.plan
      openRecords(
        architecture: .riscv64,
        frequency: plan.cycleFrequency == 0 ? plan.counterFrequency : plan.cycleFrequency,
        cpuModel: shim_sbi_value(SBIExtension.base, 5, 0),
        bootTick: unsafe sharedBlock().pointee.bootTick)
    case .interface:
      initialiseHart()
      ownWords[.result0] = 1
    case .wait:
      shim_mask_interrupts()
      waitOnce { deadline in
        setTimer(deadline)
        shim_write_sie(InterruptBit.timer)
      } sleep: {
        shim_wfi()
      }
      shim_write_sie(0)
      setTimer(~0)
    case .delivery: runGuest(interrupts: argument)
    case .baseline:
      shim_mask_interrupts()
      unsafe BoardBaseline.measure(currentCPU(), samples: UInt32(truncatingIfNeeded: argument))
    case .send, .watchdog, .check, .watch, .echo, .scan: return
    }
  }
}

/// What a zone's traps and timer need of the calling hart.
func initialiseHart() {
  shim_write_hedeleg(delegatedExceptions)
  shim_write_hideleg(delegatedInterrupts)
  shim_write_hcounteren(zoneCounters)
  shim_write_htimedelta(0)
  shim_write_hgatp(0)
  shim_set_sstatus(SupervisorStatus.extensions)
  _ = kernel_try_write_hstateen0(HypervisorStateEnable.zone)
  let hasEnvironment = kernel_try_write_henvcfg(HypervisorEnvironment.zone) != 0
  unsafe currentCPU().pointee.hasTimerCompare =
    hasEnvironment && kernel_try_write_vstimecmp(~0) != 0
}

/// Runs the program below with the settings of a zoneR, if it can have a timer of its own. Comes back as the guard's end.
private func runGuest(interrupts: UInt64) {
  let block = unsafe currentCPU()
  guard unsafe block.pointee.hasTimerCompare else { return }
  shim_mask_interrupts()
  // The watchdog's interrupt comes whatever the program below masks: it is not its own.
  if BringupCPU(block: shim_read_sscratch())[.watch] == 0 { shim_write_sie(0) }
  resetGuestRegisters()
  let frequency = unsafe bringupState().pointee.frequency
  shim_write_hgatp(unsafe bringupState().pointee.guestTables)
  shim_hfence_gvma()
  shim_hfence_vvma()
  shim_fence_i()
  shim_write_vstvec(shim_bringup_guest_vectors())
  shim_write_sepc(shim_bringup_guest_start())
  shim_set_sstatus(SupervisorStatus.previousPrivilege)
  shim_clear_sstatus(SupervisorStatus.previousInterruptEnable)
  bringup_enter_guest(interrupts, max(frequency / 10_000, 1), frequency, 0)
}
#endif
