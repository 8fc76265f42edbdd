extension PlanView {
  /// Whether some device of the board, the kernel's or one that may be given away, is at the
  /// host-physical `address`.
  public func isDeviceAddress(_ address: UInt64) -> Bool {
    for index in 0..<deviceCount where device(index).holds(address) { return true }
    if uart.region.holds(address) { return true }
    let controller = interruptController
    for index in 0..<4 where controller.regions[index].holds(address) { return true }
    return false
  }
}

extension PlanRegion {
  fileprivate func holds(_ address: UInt64) -> Bool { address >= base && address - base < size }
}
