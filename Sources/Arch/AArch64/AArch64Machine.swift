#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the shared block is reserved by the linker script and described before any CPU
// uses it; tables and registers are the kernel's own mapping.

/// `Machine` on AArch64 hardware: an empty struct; what it needs it finds through the shared block.
struct AArch64Machine: Machine {
  typealias Console = EmulatedPL011

  @inline(__always)
  func counter() -> UInt64 { shim_read_CNTPCT_EL0() }

  @inline(__always)
  func recordTime() -> UInt64 { shim_read_CNTPCT_EL0() }

  @inline(__always)
  func pause() { shim_yield() }

  @inline(__always)
  private var shared: UnsafeMutablePointer<SharedBlock> { unsafe sharedBlock() }

  func canTransmit() -> Bool { unsafe shared.pointee.uart.canTransmit }
  func transmit(_ byte: UInt8) { unsafe shared.pointee.uart.transmit(byte) }
  func receive() -> UInt8? { unsafe shared.pointee.uart.receive() }
  func setTransmitInterrupt(_ enabled: Bool) {
    unsafe shared.pointee.uart.setTransmitInterrupt(enabled)
  }

  func raise(line: UInt32) {
    let gicd = unsafe shared.pointee.gicd
    shim_store32(gicd + 0x200 + UInt64(line >> 5) * 4, 1 << (line & 31))
  }

  func lower(line: UInt32) {
    let gicd = unsafe shared.pointee.gicd
    shim_store32(gicd + 0x280 + UInt64(line >> 5) * 4, 1 << (line & 31))
  }

  func noteStimulus(zone: Int) {
    guard let records = recordRegion() else { return }
    unsafe StimulusRing.note(records.stimulus(zone: zone), tick: shim_read_CNTPCT_EL0())
  }

  func revokeMemory(ofZone zone: Int) {
    let root = unsafe shared.pointee.zones[zone].root
    clearTable(root)
    shim_dsb_ishst()
    invalidateZone(zone)
  }

  func wake(cpu: Int) {
    InterruptController.wake(cpu)
  }

  func quietLines(ofZone zone: Int) {
    InterruptController.quietLines(ofZone: zone)
  }

  func powerOn(cpu: Int) -> StaticString? {
    let status = startCPU(cpu)
    return status == 0 ? nil : status == -2 ? "no such CPU" : "PSCI CPU_ON refused"
  }

  func copy(_ payload: PlanPayload, to host: UInt64) {
    _ = CopyWindow.apply(
      .fill(from: payload.source, fileSize: payload.fileSize), to: host, payload.memorySize)
  }

  func cleanMemory(ofZone zone: Int) { CopyWindow.cleanInvalidateZone(whileRunning: false) }

  func noteStart(zone: Int) { recordRegion()?.noteStart(zone: zone) }

  func restoreMemory(ofZone zone: Int) {
    let root = unsafe shared.pointee.zones[zone].root
    let master = unsafe shared.pointee.zones[zone].master
    for offset in stride(from: UInt64(0), to: 4096, by: 8) {
      shim_store64(root + offset, shim_load64(master + offset))
    }
    shim_dsb_ishst()
    invalidateZone(zone)
  }

  /// Drops every translation of a zone's VMID on every CPU.
  private func invalidateZone(_ zone: Int) {
    let own = shim_read_VTTBR_EL2()
    shim_write_VTTBR_EL2(unsafe shared.pointee.zones[zone].vttbr)
    shim_isb()
    shim_tlbi_vmalls12e1is()
    shim_dsb_ish()
    shim_write_VTTBR_EL2(own)
    shim_isb()
  }
}
#endif
