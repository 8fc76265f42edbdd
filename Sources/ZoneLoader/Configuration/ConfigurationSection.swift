/// The mappings of a `system.yaml`, and from `boardFile` on of a board file, and the keys each may have. A key that is not listed here is an
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
  case boardFile
  case boardRange
  case boardCPU
  case boardController
  case boardUART
  case boardDevice
  case boardEmulator
  case boardFirmware

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
    case .interrupts:
      return ["distributor", "redistributors", "interface", "its", "plic", "aplic", "imsic"]
    case .stamps: return ["guest", "size"]
    case .boardFile:
      return [
        "name", "summary", "sources", "architecture", "ram", "ramConfigurable", "reserved",
        "kernelBase", "cpus", "cpuChoices", "interruptController", "uart", "counterFrequency",
        "cycleFrequency", "lineCount", "doorbells", "devices", "emulator",
      ]
    case .boardRange: return ["base", "size"]
    case .boardCPU: return ["id", "index", "release"]
    case .boardController:
      return [
        "kind", "distributor", "interface", "redistributors", "its", "registers", "sources",
        "aplic", "imsic", "guestIndexBits",
      ]
    case .boardUART: return ["kind", "base", "size", "line", "registerShift", "registerWidth"]
    case .boardDevice: return ["name", "summary", "windows", "lines", "dma", "iommu"]
    case .boardEmulator:
      return [
        "program", "minimumVersion", "machine", "cpu", "icountShift", "icountTimer", "sound",
        "firmware",
        "tree", "serialPort",
      ]
    case .boardFirmware: return ["clint", "aplic", "imsic", "identities", "isa"]
    }
  }
}
