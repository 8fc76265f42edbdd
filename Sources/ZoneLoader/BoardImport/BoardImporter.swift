import Boards
import SepKernel

/// Finds the facts of a board in its device tree. Each step is in a file of its own.
struct BoardImporter {
  let tree: TreeIndex
  /// Of the blob, outside the tree.
  let reservations: [AddressRange]
  var result: BoardImport
  /// The controller whose lines are given out, as far as the tree has one.
  var controller: (node: Int, words: ImportTables.Controller)?
  /// The node of the UART.
  var uart: Int?
  /// Pages of what is nobody's: the controller and its parts, the UART, the words by which CPUs are
  /// let go.
  var kernelPages: [AddressRange] = []
  /// The highest line that any node names, enabled or not.
  var highestLine = 0

  init(_ tree: TreeIndex, _ reservations: [AddressRange]) throws(DeviceTreeError) {
    self.tree = tree
    self.reservations = reservations
    guard let architecture = Self.architecture(tree) else {
      throw .unexpected("has no CPU of an architecture known here (arm,armv8 and others; riscv)")
    }
    result = BoardImport(architecture: architecture)
  }

  consuming func run() throws(DeviceTreeError) -> BoardImport {
    identity()
    importCPUs()
    importMemory()
    importController()
    importUART()
    importTimer()
    importLines()
    findContradictions()
    importTranslations()
    importDevices()
    return result
  }

  /// Nodes of CPUs, in use or not.
  static func cpuNodes(_ tree: TreeIndex) -> [Int] {
    guard let cpus = tree.index(named: "/cpus") else { return [] }
    return tree.entries[cpus].children.filter {
      tree[$0].strings("device_type").first == "cpu" || tree[$0].name.hasPrefix("cpu@")
    }
  }

  private static func architecture(_ tree: TreeIndex) -> PlanArchitecture? {
    for cpu in cpuNodes(tree) {
      if isHart(tree, cpu) { return .riscv64 }
      let words = tree[cpu].strings("compatible")
      // 32-bit CPUs have names like arm,cortex-a7, too; a GICv3 or PSCI does not tell. These do.
      if words.contains(where: { isArm64($0) }) { return .aarch64 }
    }
    return nil
  }

  /// Linux, Documentation/devicetree/bindings/arm/cpus.yaml: those of Armv8 and later.
  private static func isArm64(_ word: String) -> Bool {
    let parts = word.split(separator: ",", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return false }
    if ["arm,cortex-a5", "arm,cortex-a7", "arm,cortex-a8", "arm,cortex-a9"].contains(word) {
      return false
    }
    if parts[0] == "arm" {
      let is32 = ["arm1", "arm7", "arm9", "cortex-a1", "cortex-m", "cortex-r"].contains {
        parts[1].hasPrefix($0)
      }
      return !is32 || ["cortex-r82"].contains(parts[1])
    }
    return [
      "apm", "apple", "ampere", "brcm", "cavium", "hisilicon", "nvidia", "phytium", "qcom",
      "samsung", "fujitsu", "marvell",
    ].contains(parts[0])
  }

  private mutating func identity() {
    let root = tree[0]
    let compatible = root.strings("compatible").first ?? ""
    let word = compatible.split(separator: ",", maxSplits: 1).last.map(String.init) ?? ""
    let name = Self.name(word)
    result.board.name = name.isEmpty ? "imported" : name
    let model = Self.clean(root.strings("model").first ?? compatible)
    result.board.summary = model.isEmpty ? "a board without a name in its tree" : model
  }

  /// `text` as a name: `a-z`, `0-9`, `-`, at most 31.
  static func name(_ text: String) -> String {
    let bytes = text.lowercased().utf8.prefix(31).map { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        ? byte : UInt8(ascii: "-")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `text` for a comment or a summary: printable ASCII, at most 100.
  static func clean(_ text: String) -> String {
    String(
      decoding: text.utf8.prefix(100).map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") },
      as: UTF8.self)
  }

  func path(_ node: Int) -> String { Self.clean(tree.entries[node].path) }

  func compatible(_ node: Int) -> String {
    Self.clean(tree[node].strings("compatible").first ?? "no compatible")
  }

  /// The board file will be refused until somebody says `key`.
  mutating func ask(_ key: String, _ text: String) {
    result.missing.insert(key)
    result.questions.append(BoardImport.Question(key: key, text: "\(key): \(text)"))
  }

  /// `key` has a value that nobody vouches for.
  mutating func check(_ key: String, _ text: String) {
    result.questions.append(BoardImport.Question(key: key, text: "\(key): \(text)"))
  }

  mutating func note(_ text: String) { result.notes.append(text) }

  /// Whole pages around `range`; nil beyond the addresses a Plan can name.
  static func pages(_ range: AddressRange) -> AddressRange? {
    let granule = PlanLimits.granule
    guard let end = range.end, end <= 1 << UInt64(PlanLimits.hostAddressBits) else { return nil }
    let base = range.base / granule * granule
    return AddressRange(base: base, size: (end + granule - 1) / granule * granule - base)
  }

  /// Ascending, disjoint, with touching ones joined.
  static func joined(_ ranges: [AddressRange]) -> [AddressRange] {
    var result: [AddressRange] = []
    for range in ranges.sorted(by: { $0.base < $1.base }) {
      guard let last = result.last, let lastEnd = last.end, let end = range.end,
        range.base <= lastEnd
      else {
        result.append(range)
        continue
      }
      result[result.count - 1].size = max(lastEnd, end) - last.base
    }
    return result
  }
}
