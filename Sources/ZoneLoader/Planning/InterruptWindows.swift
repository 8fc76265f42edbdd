import SepKernel

extension PlanInterruptControllerKind {
  /// The windows of a zone's view that have a size: their keys in `system.yaml`, and their names in
  /// messages. In the order of `PlanZone.interruptControllerGuest`.
  var windows: [(key: String, name: String)] {
    switch self {
    case .gicV2:
      [("distributor", "the interrupt distributor"), ("interface", "the CPU interface")]
    case .gicV3:
      [("distributor", "the interrupt distributor"), ("redistributors", "the redistributors")]
    case .plic: [("plic", "the PLIC")]
    case .aia: [("aplic", "the APLIC"), ("imsic", "the IMSIC files")]
    }
  }

  /// What lines are called in a device tree, for messages.
  var lineAdvice: String {
    switch self {
    case .gicV2, .gicV3: "lines are INTIDs: SPI n of a device tree is n + 32"
    case .plic, .aia: "lines are the numbers of sources in the device tree"
    }
  }
}
