/// Readable name of a CPU model register, as its number where nothing more is known of it.
func cpuModelName(architecture: UInt32, model: UInt64) -> String {
  modelRegisters[architecture]?(model) ?? hexadecimal(model)
}

/// What reads the register that a record has, by the record's architecture (ELF `e_machine`).
private let modelRegisters: [UInt32: @Sendable (UInt64) -> String] = [183: mainID]

/// MIDR_EL1 (Arm ARM DDI 0487, D19.2): implementer in bits 31-24, variant 23-20, part number
/// 15-4, revision 3-0. Part numbers are from the "MIDR_EL1" page of each core's Technical Reference
/// Manual.
private func mainID(_ model: UInt64) -> String {
  let part = model >> 4 & 0xfff
  let release = "r\(model >> 20 & 0xf)p\(model & 0xf)"
  guard model >> 24 & 0xff == 0x41, let name = armParts[part] else {
    return "MIDR \(hexadecimal(model))"
  }
  return "Arm \(name) \(release)"
}

private let armParts: [UInt64: String] = [
  0xd03: "Cortex-A53", 0xd04: "Cortex-A35", 0xd05: "Cortex-A55", 0xd07: "Cortex-A57",
  0xd08: "Cortex-A72", 0xd09: "Cortex-A73", 0xd0a: "Cortex-A75", 0xd0b: "Cortex-A76",
  0xd0c: "Neoverse-N1", 0xd40: "Neoverse-V1", 0xd41: "Cortex-A78", 0xd46: "Cortex-A510",
  0xd49: "Neoverse-N2",
]
