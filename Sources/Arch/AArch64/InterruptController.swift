#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import SepKernel
import Synchronization

// SAFETY, throughout: the block belongs to the calling CPU; the shared block is described before.

/// What the kernel does to the interrupt controller, whichever the Plan says there is: at boot, when a zone stops, when a
/// line is raised and when a CPU is woken.
enum InterruptController {
  /// The SGI that ends a WFI. The zone owns all sixteen; it is consumed before the zone sees it.
  static let wakeSGI: UInt64 = 15

  /// Whether it is a GICv2.
  static var isV2: Bool { unsafe sharedBlock().pointee.isGICv2 }

  private static var gicd: UInt64 { unsafe sharedBlock().pointee.gicd }
  private static var gicc: UInt64 { unsafe sharedBlock().pointee.gicc }
  private static var redistributor: UInt64 { unsafe currentCPU().pointee.redistributor }

  /// Where the calling CPU has its private interrupts: `LineRegisters`.
  static var privateLines: UInt64 { isV2 ? gicd : redistributor + Redistributor.sgiFrame }

  /// GICD_IGROUPR of the lines that the kernel uses.
  private static var group: UInt32 { isV2 ? 0 : ~0 }

  /// Remembers which controller there is, and where.
  static func describe(_ controller: PlanInterruptController) {
    let shared = unsafe sharedBlock()
    unsafe shared.pointee.isGICv2 = controller.knownKind == .gicV2
    unsafe shared.pointee.gicd = controller.regions[0].base
    unsafe shared.pointee.gicc = controller.regions[1].base
  }

  /// Whether this CPU talks to the controller as the Plan says: ID_AA64PFR0_EL1.GIC, bits 27-24, is not
  /// zero where the CPU interface is system registers. With those, a zone would reach past GICD_SGIR.
  static var matchesCPU: Bool { (shim_read_id(4, 0) >> 24 & 0xf == 0) == isV2 }

  /// The distributor, once, by the boot CPU: on; all lines disabled, neither pending nor active. Priority and
  /// target are set when the owner's zone is started, `quietLines`.
  @_optimize(size)
  static func initialise(lineCount: UInt32) {
    let gicd = gicd
    shim_store32(gicd, 0)
    GICv3.waitForWrites(gicd)
    for word in 1..<UInt64(lineCount + 31) / 32 { LineRegisters.reset(gicd, word, group: group) }
    GICv3.waitForWrites(gicd)
    // GICv3: ARE (bit 4) and Group 1, bit 1: EnableGrp1 with one security state, EnableGrp1A as
    // non-secure software sees two.
    shim_store32(gicd, isV2 ? 1 : 0x12)
    GICv3.waitForWrites(gicd)
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
    // TC: SGIs and the other common registers trap. TALL0: so do Group 0's where they are firmware's, which a zone's
    // access would end in. En stays 0: no list registers.
    shim_write_ICH_HCR_EL2(GICv3.hasGroup0 ? 1 << 10 : 3 << 10)
    shim_isb()
    guard let rd = findRedistributor(plan.cpu(index).hardwareID, plan), GICv3.wakeRedistributor(rd)
    else { return false }
    if unsafe block.pointee.zone == shared.pointee.translationOwner,
      unsafe !ownMessages(rd, block.pointee.vcpu, shared)
    {
      return false
    }
    unsafe block.pointee.redistributor = rd
    unsafe shared.pointee.redistributors[index] = rd
    unsafe shared.pointee.redistributorImplementer = shim_load32(rd + 4)
    return true
  }

  /// LPIs of a CPU whose zone owns the ITS; false when they cannot be turned on.
  @inline(never) @_optimize(size)
  private static func ownMessages(
    _ rd: UInt64, _ vcpu: UInt64, _ shared: UnsafeMutablePointer<SharedBlock>
  ) -> Bool {
    let memory = unsafe shared.pointee.translation.memory
    guard GICv3.enableMessages(rd, memory, vcpu: vcpu) else { return false }
    unsafe shared.pointee.translation.join(vcpu, redistributor: rd)
    return true
  }

  /// Private interrupts of the calling CPU as after reset, but that a GICv2's wake-up is enabled; CPU interface
  /// off. `enterZone` opens the interface again for the zone.
  @inline(never) @_optimize(size)
  static func resetPrivate() {
    let lines = privateLines
    // Off first: what becomes pending stays so, and an end of interrupt is not split.
    if isV2 { GICv2.close(gicc) }
    LineRegisters.reset(lines, 0, group: group)
    for word in 0..<UInt64(8) { shim_store32(lines + LineRegisters.priority + word * 4, 0) }
    shim_store32(lines + 0xc04, 0)
    if isV2 { GICv2.resetInterface(gicd, gicc) } else { GICv3.resetInterface() }
  }

  /// The calling CPU's interface open for priorities below `mask`.
  @inline(never) @_optimize(size)
  static func open(mask: UInt64 = 0xff) {
    if isV2 {
      GICv2.open(gicc, mask: UInt32(mask))
    } else {
      // With two security states (GICD_CTLR.DS, bit 6, clear) lines have priorities from 0x80 on; the mask is shifted
      // like them only with SCR_EL3.FIQ set (IHI 0069, 4.8.1), and then is wider than it was meant.
      shim_write_ICC_PMR_EL1(mask | UInt64(~shim_load32(gicd) & 1 << 6) << 1)
      shim_write_ICC_IGRPEN1_EL1(1)
    }
  }

  /// Enables one of the calling CPU's private interrupts.
  static func enablePrivate(_ line: UInt64) {
    shim_store32(privateLines + LineRegisters.enable, 1 << UInt32(line))
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

  /// The calling CPU can be woken by `wakeSGI` and by nothing else. It stays pending until `clearWake` or
  /// `resetPrivate`; PSTATE.I is masked in the kernel.
  @inline(never) @_optimize(size)
  static func listenForWake() {
    resetPrivate()
    // Only the highest priority: a line the zone left pending shall not keep the CPU awake.
    open(mask: 0x10)
    enablePrivate(wakeSGI)
    shim_isb()
  }

  /// Forgets the wake-up, whoever sent it.
  static func clearWake() {
    if isV2 {
      shim_store8(gicd + GICv2.pendingSenders + wakeSGI, 0xff)
    } else {
      shim_store32(privateLines + LineRegisters.clearPending, 1 << UInt32(wakeSGI))
    }
    shim_dsb_sy()
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

  /// The lines of a zone disabled, idle, of priority 0xa0, and to its first CPU.
  @inline(never) @_optimize(size)
  static func quietLines(ofZone zone: Int) {
    let shared = unsafe sharedBlock()
    let boot = unsafe Int(kernelBlock().pointee.zones[zone].cpus[0])
    let gicd = gicd
    for word in 1..<UInt64(32) {
      let lines = unsafe kernelBlock().pointee.zones[zone].lines[Int(word)]
      if lines == 0 { continue }
      LineRegisters.quiet(gicd, word, lines)
      var rest = lines
      while rest != 0 {
        let line = word * 32 + UInt64(rest.trailingZeroBitCount)
        rest &= rest - 1
        shim_store8(gicd + LineRegisters.priority + line, 0xa0)
        if isV2 {
          shim_store8(gicd + GICv2.targets + line, unsafe shared.pointee.interfaces[boot])
        } else {
          shim_store64(gicd + 0x6000 + line * 8, unsafe shared.pointee.affinities[boot])
        }
      }
    }
    GICv3.waitForWrites(gicd)
    // By its own CPU, when it starts: nobody else shall wait for its lock.
    if unsafe zone == shared.pointee.translationOwner, unsafe currentCPU().pointee.zone == zone {
      unsafe shared.pointee.translation.reset()
    }
    unsafe shared.pointee.zones[zone].distributor.control.store(0, ordering: .relaxed)
    unsafe shared.pointee.zones[zone].distributorV2.control.store(0, ordering: .relaxed)
  }
}
#endif
