#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the frame and the block belong to the calling CPU; see Entry.swift.

// Accesses of a zone to addresses that are not mapped for it: its emulated devices, absent devices,
// everything else.

/// Guest-physical address of a stage-2 fault: HPFAR_EL2.FIPA, and the page offset of FAR_EL2.
@inline(__always)
func faultAddress() -> UInt64 {
  (shim_read_HPFAR_EL2() & 0xff_ffff_fff0) << 8 | shim_read_FAR_EL2() & 0xfff
}

/// Full path.
func dataAbort(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason {
  let address = faultAddress()
  // &-: an address below a window wraps to more than its size.
  let distributor = unsafe address &- block.pointee.distributorGuest
  if distributor < 0x1_0000, syndrome.isDecoded, syndrome.faultKind == Syndrome.translationFault {
    unsafe accessDistributor(frame, syndrome, distributor, block)
    return .interruptController
  }
  return unsafe otherAbort(frame, syndrome, address, block)
}

/// One decoded access to the distributor.
@inline(__always)
func accessDistributor(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome, _ offset: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) {
  let zone = unsafe block.pointee.zone
  let kernel = unsafe block.pointee.kernel
  let hardware = unsafe block.pointee.zoneHardware
  let bus = Distributor(bus: HardwareBus(), base: unsafe block.pointee.shared.pointee.gicd)
  if syndrome.isWrite {
    unsafe bus.write(
      offset, transferValue(frame, syndrome), sizeLog2: syndrome.accessSize,
      owner: kernel.pointee.zones[zone], zone: hardware.pointee.distributor,
      lock: kernel.pointee.controllerLock)
  } else {
    let value = unsafe bus.read(
      offset, sizeLog2: syndrome.accessSize, owner: kernel.pointee.zones[zone],
      zone: hardware.pointee.distributor)
    unsafe setTransfer(frame, syndrome, value)
  }
  skip(syndrome)
}

@_optimize(size)
@inline(never)
private func otherAbort(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome, _ address: UInt64,
  _ block: UnsafeMutablePointer<CPUBlock>
) -> ExitReason {
  if unsafe isRevoked(block) { unsafe leave(.revoked, block) }
  if syndrome.faultKind != Syndrome.translationFault {
    // Only a translation fault makes HPFAR_EL2 valid (DDI 0487, D23.2.55).
    unsafe failZone(.foreignAddress, syndrome, block, address: shim_read_FAR_EL2())
  }
  let zone = unsafe block.pointee.zone
  let shared = unsafe block.pointee.shared
  let console = unsafe address &- shared.pointee.zones[zone].consoleGuest
  let interface = unsafe address &- shared.pointee.zones[zone].interfaceGuest
  let distributor = unsafe address &- shared.pointee.zones[zone].distributorGuest
  let distributorSize = unsafe shared.pointee.zones[zone].distributorSize
  let isWrite = syndrome.isWrite
  var reason = ExitReason.absentDevice
  var value: UInt64 = 0
  let isDevice: Bool
  let consoleSize = unsafe shared.pointee.zones[zone].consoleSize
  let interfaceSize = unsafe shared.pointee.zones[zone].interfaceSize
  if console < consoleSize {
    reason = .console
    isDevice = true
  } else if distributor < distributorSize {
    reason = .interruptController
    isDevice = true
  } else if interface < interfaceSize {
    reason = InterruptController.isV2 ? .controllerRegister : .redistributor
    isDevice = true
  } else if unsafe ownsTranslation(zone, shared),
    unsafe address &- shared.pointee.translation.base < PlanLimits.gicITS
  {
    reason = .controllerRegister
    isDevice = true
  } else {
    isDevice = false
    guard unsafe shared.pointee.zones[zone].absentReadsZero, isBoardDevice(address) else {
      unsafe failZone(.foreignAddress, syndrome, block, address: address)
    }
  }
  if syndrome.isCacheMaintenance {
    skip(syndrome)
    return reason
  }
  guard syndrome.isDecoded else {
    guard isDevice, unsafe !isAArch32(block) else {
      unsafe failZone(
        isDevice ? .unsupportedAccess : .foreignAddress, syndrome, block, address: address)
    }
    // Pairs, exclusives, writeback: the device does not answer those.
    injectExternalAbort()
    return reason
  }
  let written = isWrite ? unsafe transferValue(frame, syndrome) : nil
  if reason == .console {
    value = UInt64(
      unsafe block.pointee.kernel.pointee.accessConsole(
        zone: zone, offset: UInt32(truncatingIfNeeded: console) & ~3,
        write: written.map { UInt32(truncatingIfNeeded: $0) }, machine: AArch64Machine()))
  } else if reason != .absentDevice, InterruptController.isV2 {
    value = unsafe accessGICv2(
      syndrome, distributor: reason == .interruptController ? distributor : nil,
      interface: interface, write: written, block)
  } else if reason == .controllerRegister {
    value = unsafe shared.pointee.translation.access(
      0, address &- shared.pointee.translation.base, sizeLog2: syndrome.accessSize, write: written)
  } else if reason == .redistributor {
    value = Redistributor.read(
      interface & 0xffff, sizeLog2: syndrome.accessSize,
      vcpu: interface / Redistributor.stride,
      count: interfaceSize / Redistributor.stride,
      implementer: unsafe shared.pointee.redistributorImplementer)
    if unsafe ownsTranslation(zone, shared) {
      value |= unsafe shared.pointee.translation.access(
        interface / Redistributor.stride + 1, interface & 0x1_ffff, sizeLog2: syndrome.accessSize,
        write: written)
    }
  }
  if !isWrite { unsafe setTransfer(frame, syndrome, value) }
  skip(syndrome)
  return reason
}

/// Whether the ITS is the zone's.
@inline(__always)
private func ownsTranslation(_ zone: Int, _ shared: UnsafeMutablePointer<SharedBlock>) -> Bool {
  unsafe zone == shared.pointee.translationOwner
}

/// Whether some device window of the board, the zone's or not, is at `address`.
private func isBoardDevice(_ address: UInt64) -> Bool {
  unsafe currentCPU().pointee.shared.pointee.plan.isDeviceAddress(address)
}

/// The value a store transfers.
@inline(__always)
private func transferValue(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome
) -> UInt64 {
  let bits = UInt64(8) << UInt64(syndrome.accessSize)
  let value = unsafe frame[register: syndrome.register]
  return bits == 64 ? value : value & ((1 << bits) - 1)
}

/// Gives a load its value.
@inline(__always)
private func setTransfer(
  _ frame: UnsafeMutablePointer<TrapFrame>, _ syndrome: Syndrome, _ value: UInt64
) {
  unsafe frame[register: syndrome.register] = syndrome.loaded(value)
}
#endif
