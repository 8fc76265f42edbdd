#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the shared block is reserved by the linker script and described before any CPU
// uses it; tables and registers are the kernel's own mapping.

/// `Machine` on RISC-V hardware: an empty struct; what it needs it finds through the shared block.
struct RISCV64Machine: Machine {
  typealias Console = EmulatedNS16550

  @inline(__always)
  func counter() -> UInt64 { shim_read_time() }
  func recordTime() -> UInt64 { unsafe currentCPU().pointee.recordTime }

  @inline(__always)
  func pause() { shim_pause() }

  @inline(__always)
  private var shared: UnsafeMutablePointer<SharedBlock> { unsafe sharedBlock() }

  func canTransmit() -> Bool { unsafe shared.pointee.uart.canTransmit }
  func transmit(_ byte: UInt8) { unsafe shared.pointee.uart.transmit(byte) }
  func receive() -> UInt8? { unsafe shared.pointee.uart.receive() }
  func setTransmitInterrupt(_ enabled: Bool) {
    unsafe shared.pointee.uart.setTransmitInterrupt(enabled)
  }

  func raise(line: UInt32) {
    let block = unsafe currentCPU()
    if unsafe block.pointee.hasInterruptFile {
      APLIC(bus: HardwareBus(), base: unsafe block.pointee.controller).raise(line: line)
      return
    }
    guard let zone = owner(of: line) else { return }
    let bit = unsafe shared.pointee.zones[zone].plic.virtualBit(line)
    unsafe shared.pointee.zones[zone].plic.pending.bitwiseOr(
      bit, ordering: .sequentiallyConsistent)
    let kernel = unsafe kernelBlock()
    for vcpu in 0..<Int(unsafe kernel.pointee.zones[zone].cpuCount)
    where unsafe shared.pointee.zones[zone].plic.ready(vcpu) != 0 {
      let cpu = Int(unsafe kernel.pointee.zones[zone].cpus[vcpu])
      let isOwn = unsafe cpu == block.pointee.index
      if isOwn { unsafe passOnExternal(block) } else { wake(cpu: cpu) }
    }
  }

  func lower(line: UInt32) {
    let block = unsafe currentCPU()
    if unsafe block.pointee.hasInterruptFile {
      APLIC(bus: HardwareBus(), base: unsafe block.pointee.controller).lower(line: line)
      return
    }
    guard let zone = owner(of: line) else { return }
    let bit = unsafe shared.pointee.zones[zone].plic.virtualBit(line)
    unsafe shared.pointee.zones[zone].plic.pending.bitwiseAnd(
      ~bit, ordering: .sequentiallyConsistent)
    if unsafe zone == block.pointee.zone { unsafe passOnExternal(block) }
  }

  private func owner(of line: UInt32) -> Int? {
    let plan = unsafe shared.pointee.plan
    guard line < UInt32(plan.lineCount) else { return nil }
    let owner = Int(plan.line(Int(line)).owner)
    return owner < plan.zoneCount ? owner : nil
  }

  func noteStimulus(zone: Int) {
    guard let records = recordRegion() else { return }
    unsafe StimulusRing.note(records.stimulus(zone: zone), tick: recordTime())
  }

  func powerOn(cpu: Int) -> StaticString? {
    let address = unsafe UInt64(UInt(bitPattern: cpuBlock(cpu)))
    let status = shim_sbi(
      SBIExtension.hartState, 0, unsafe shared.pointee.hartIDs[cpu],
      shim_kernel_secondary_start(), address, 0)
    return switch status {
    case SBIStatus.success: nil
    case SBIStatus.invalidParameter: "no such CPU"
    default: "SBI hart_start refused"
    }
  }

  /// Only the first page of a root is in use: guest addresses are below 2^39.
  func revokeMemory(ofZone zone: Int) {
    clearTable(unsafe shared.pointee.zones[zone].root)
    shim_fence()
  }

  /// Each CPU of the zone forgets what it knew of the tables when it enters (`enterZone`).
  func restoreMemory(ofZone zone: Int) {
    let root = unsafe shared.pointee.zones[zone].root
    let master = unsafe shared.pointee.zones[zone].master
    for offset in stride(from: UInt64(0), to: 4096, by: 8) {
      shim_store64(root + offset, shim_load64(master + offset))
    }
    shim_fence()
  }

  /// Nothing to do: memory is coherent for every master of these machines, whatever a zone's tables say.
  func cleanMemory(ofZone zone: Int) {}

  func copy(_ payload: PlanPayload, to host: UInt64) {
    _ = CopyWindow.apply(
      .fill(from: payload.source, fileSize: payload.fileSize), to: host, payload.memorySize)
  }

  func noteStart(zone: Int) { recordRegion()?.noteStart(zone: zone) }

  /// An interrupt of the kernel: a zone cannot mask those. The firmware delivers it.
  func wake(cpu: Int) {
    shim_fence()
    _ = shim_sbi(SBIExtension.ipi, 0, 1, unsafe shared.pointee.hartIDs[cpu], 0, 0)
  }

  func quietLines(ofZone zone: Int) {
    let block = unsafe currentCPU()
    let controller = unsafe block.pointee.controller
    let kernel = unsafe kernelBlock()
    let isAIA = unsafe block.pointee.hasInterruptFile
    if !isAIA {
      let plic = PLIC(bus: HardwareBus(), base: controller)
      let lineCount = UInt32(unsafe shared.pointee.plan.interruptController.parameter) + 1
      for vcpu in 0..<Int(unsafe kernel.pointee.zones[zone].cpuCount) {
        unsafe plic.reset(
          context: shared.pointee.zones[zone].plic.contexts[vcpu], lineCount: lineCount,
          owner: kernel.pointee.zones[zone])
      }
      unsafe shared.pointee.zones[zone].plic.reset()
    }
    unsafe shared.pointee.zones[zone].aplic.control.store(0, ordering: .relaxed)
    for word in 0..<32 {
      var bits = unsafe kernel.pointee.zones[zone].lines[word]
      while bits != 0 {
        let line = UInt32(word * 32 + bits.trailingZeroBitCount)
        bits &= bits - 1
        if isAIA {
          unsafe APLIC(bus: HardwareBus(), base: controller).reset(
            line: line, zone: shared.pointee.zones[zone].aplic)
        } else if unsafe line >> 5 != shared.pointee.zones[zone].plic.virtualWord {
          PLIC(bus: HardwareBus(), base: controller).reset(line: line)
        }
      }
    }
  }
}
#endif
