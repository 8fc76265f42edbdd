extension Board {
  /// Every board, in the order of `hv boards`. A port adds one file and one line here.
  public static let all: [Board] = [
    .qemuVirtAArch64, .qemuVirtAArch64GICv2, .qemuVirtRISCV64, .qemuVirtRISCV64AIA, .milkVMegrez,
    .hiFivePremierP550, .xiangShanKunMingHu, .imx8mpEVK, .xilinxZCU102, .raspberryPi4B, .rk3588,
    .rk3568, .ok6254C, .phytiumPi,
  ]

  /// The board of that name, or nil.
  public static func named(_ name: String) -> Board? {
    all.first { $0.name == name }
  }
}
