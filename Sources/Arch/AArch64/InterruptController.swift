#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import SepKernel
import Synchronization

// SAFETY, throughout: the block belongs to the calling CPU; the shared block is described at boot.

/// What the kernel does to the interrupt controller, whichever the Plan says there is.
enum InterruptController {
  /// Whether it is a GICv2.
  static var isV2: Bool { unsafe sharedBlock().pointee.isGICv2 }

  private static var gicd: UInt64 { unsafe sharedBlock().pointee.gicd }
  private static var gicc: UInt64 { unsafe sharedBlock().pointee.gicc }
  private static var redistributor: UInt64 { unsafe currentCPU().pointee.redistributor }

  /// Whether this CPU talks to the controller as the Plan says: ID_AA64PFR0_EL1.GIC, bits 27-24, is not
  /// zero where the CPU interface is system registers. With those, a zone would reach past GICD_SGIR.
  static var matchesCPU: Bool { (shim_read_id(4, 0) >> 24 & 0xf == 0) == isV2 }

  /// The distributor, once, by the boot CPU.
  @inline(never) @_optimize(size)
  static func initialise(lineCount: UInt32) {
    if isV2 {
      GICv2.initialiseDistributor(gicd, lineCount: lineCount)
    } else {
      GICv3.initialiseDistributor(gicd, lineCount: lineCount)
    }
  }

  /// The calling CPU's part. False when it is not there.
  @inline(never) @_optimize(size)
  static func initialiseCPU(_ block: UnsafeMutablePointer<CPUBlock>, _ plan: PlanView) -> Bool {
    let index = unsafe block.pointee.index
    let shared = unsafe block.pointee.shared
    if isV2 {
      guard let interface = GICv2.ownInterface(gicd) else { return false }
      unsafe shared.pointee.interfaces[index] = interface
      let zone = unsafe block.pointee.zone
      guard zone >= 0 else { return true }
      let bits = unsafe UInt64(interface) << (8 * block.pointee.vcpu)
      _ = unsafe shared.pointee.zones[zone].distributorV2.interfaces.bitwiseOr(
        bits, ordering: .acquiringAndReleasing)
      return true
    }
    shim_write_ICC_SRE_EL2(0xf)
    shim_isb()
    shim_write_ICC_SRE_EL1(7)
    // TC: SGIs and the other common registers trap. En stays 0: no list registers.
    shim_write_ICH_HCR_EL2(1 << 10)
    shim_isb()
    guard let rd = findRedistributor(plan.cpu(index).hardwareID, plan), GICv3.wakeRedistributor(rd)
    else { return false }
    unsafe block.pointee.redistributor = rd
    unsafe shared.pointee.redistributors[index] = rd
    unsafe shared.pointee.redistributorImplementer = shim_load32(rd + 4)
    return true
  }

  /// Private interrupts of the calling CPU as after reset, CPU interface off.
  @inline(never) @_optimize(size)
  static func resetPrivate() {
    if isV2 { GICv2.resetPrivate(gicd, gicc) } else { GICv3.resetPrivate(redistributor) }
  }

  /// The calling CPU's interface open for all priorities.
  @inline(never) @_optimize(size)
  static func open() {
    if isV2 {
      GICv2.open(gicc)
    } else {
      shim_write_ICC_PMR_EL1(0xff)
      shim_write_ICC_IGRPEN1_EL1(1)
    }
  }

  /// Enables one of the calling CPU's private interrupts.
  @inline(never) @_optimize(size)
  static func enablePrivate(_ line: UInt32) {
    shim_store32(isV2 ? gicd + 0x100 : redistributor + 0x1_0100, 1 << line)
  }

  /// Ends the interrupt that is pending on the calling CPU.
  @inline(never) @_optimize(size)
  static func acknowledge() {
    if isV2 {
      GICv2.acknowledge(gicc)
    } else {
      shim_write_ICC_EOIR1_EL1(shim_read_ICC_IAR1_EL1())
      shim_isb()
    }
  }

  /// The calling CPU can be woken by `wake` and by nothing else.
  @inline(never) @_optimize(size)
  static func listenForWake() {
    if isV2 { GICv2.listenForWake(gicd, gicc) } else { GICv3.listenForWake(redistributor) }
  }

  /// Forgets the wake-up.
  static func clearWake() {
    if isV2 { GICv2.clearWake(gicd) } else { GICv3.clearWake(redistributor) }
  }

  /// Wakes CPU `cpu`, which has come up, whatever its zone did.
  @inline(never) @_optimize(size)
  static func wake(_ cpu: Int) {
    let shared = unsafe sharedBlock()
    if isV2 {
      GICv2.wake(gicd, target: unsafe shared.pointee.interfaces[cpu])
    } else {
      GICv3.wake(
        unsafe shared.pointee.redistributors[cpu], affinity: unsafe shared.pointee.affinities[cpu])
    }
  }

  /// The lines of a zone disabled, idle, and to its first CPU.
  @inline(never) @_optimize(size)
  static func quietLines(ofZone zone: Int) {
    let shared = unsafe sharedBlock()
    let boot = unsafe Int(kernelBlock().pointee.zones[zone].cpus[0])
    for word in 1..<32 {
      var bits = unsafe kernelBlock().pointee.zones[zone].lines[word]
      while bits != 0 {
        let line = UInt32(word * 32 + bits.trailingZeroBitCount)
        bits &= bits - 1
        if isV2 {
          GICv2.resetLine(gicd, line, target: unsafe shared.pointee.interfaces[boot])
        } else {
          GICv3.resetLine(gicd, line, affinity: unsafe shared.pointee.affinities[boot])
        }
      }
    }
    if isV2 {
      unsafe shared.pointee.zones[zone].distributorV2.control.store(0, ordering: .relaxed)
    } else {
      GICv3.waitForWrites(gicd)
      unsafe shared.pointee.zones[zone].distributor.control.store(0, ordering: .relaxed)
    }
  }
}
#endif
