import Synchronization

@testable import ArchAArch64
@testable import ArchCommon
@testable import SepKernel

/// A zone with some lines and vCPUs of a GICv2, and the distributor behind it.
final class DistributorV2Fixture {
  let bus: RecordingBus
  let zone: DistributorV2<RecordingBus>.Zone
  var owner = ZoneBlock()
  let lock = SpinLock()

  /// `interfaces`: the physical CPU interface of each vCPU, as one bit.
  init(lines owned: [UInt32], interfaces: [UInt8] = [0x20, 0x04], fill: UInt8 = 0) {
    bus = RecordingBus(fill: fill, size: 0x1000)
    zone = DistributorV2<RecordingBus>.Zone(cpuCount: UInt32(interfaces.count))
    for (vcpu, interface) in interfaces.enumerated() {
      zone.interfaces.bitwiseOr(UInt64(interface) << UInt64(8 * vcpu), ordering: .relaxed)
    }
    for line in owned { owner.lines[Int(line / 32)] |= 1 << (line % 32) }
  }

  var distributor: DistributorV2<RecordingBus> {
    DistributorV2(bus: bus, base: RecordingBus.base)
  }

  func read(_ offset: UInt64, _ sizeLog2: UInt32 = 2, vcpu: UInt64 = 0) -> UInt64 {
    distributor.read(offset, sizeLog2: sizeLog2, owner: owner, zone: zone, vcpu: vcpu)
  }

  func write(_ offset: UInt64, _ value: UInt64, _ sizeLog2: UInt32 = 2, vcpu: UInt64 = 0) {
    distributor.write(
      offset, value, sizeLog2: sizeLog2, owner: owner, zone: zone, vcpu: vcpu, lock: lock)
  }
}
