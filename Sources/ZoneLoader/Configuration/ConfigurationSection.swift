/// The mappings of a `system.yaml` and the keys each may have. A key that is not listed here is an
/// error; every key listed here is described in docs/configuration.md (a test compares the two).
enum ConfigurationSection: String, CaseIterable {
  case system
  case board
  case zone
  case memory
  case dtb
  case device
  case console
  case interrupts
  case stamps

  var keys: [String] {
    switch self {
    case .system: return ["board", "zones"]
    case .board: return ["name", "ram", "cpus", "dtb", "baseline"]
    case .zone:
      return [
        "name", "kind", "cpus", "memory", "image", "format", "load", "entry", "cmdline", "initrd",
        "arguments", "dtb", "devices", "lines", "console", "interrupts", "absent", "stamps",
        "stimulusLine", "start", "execution",
      ]
    case .memory: return ["guest", "size", "host", "permissions"]
    case .dtb: return ["address"]
    case .device: return ["guest", "host", "size"]
    case .console: return ["base", "line"]
    case .interrupts: return ["distributor", "redistributors", "interface", "plic", "aplic", "imsic"]
    case .stamps: return ["guest", "size"]
    }
  }
}
