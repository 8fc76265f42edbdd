public import Boards
import SepKernel

/// A board as its device tree describes it, and what the tree does not say (`hv dts import`).
public struct BoardImport: Sendable {
  /// Something a person has to look up, or should compare.
  public struct Question: Equatable, Sendable {
    /// Key of the board file that it is about.
    public var key: String
    /// What to do; one line.
    public var text: String
  }

  /// An IOMMU, and the nodes whose accesses go through it.
  public struct Translation: Equatable, Sendable {
    /// Path of its node.
    public var node: String
    /// First word of `compatible`.
    public var compatible: String
    /// Paths of nodes.
    public var masters: [String]
  }

  /// What is known. Parts named in `missing` hold nothing.
  public internal(set) var board: Board
  /// Keys of the board file that the tree says nothing of: the board file is refused until they are
  /// there.
  public internal(set) var missing: Set<String> = []
  /// What to ask, by key in the order it came up.
  public internal(set) var questions: [Question] = []
  /// What was left out, and why.
  public internal(set) var notes: [String] = []
  /// All IOMMUs; the kernel drives none.
  public internal(set) var translations: [Translation] = []
  /// How CPUs are started: `psci smc`, `spin-table`, ...
  public internal(set) var cpuStart = ""

  /// Reads a flattened tree.
  public init(flattened blob: [UInt8]) throws(DeviceTreeError) {
    guard blob.count <= Self.blobLimit else {
      throw .unexpected("has \(blob.count) bytes, more than the limit of \(Self.blobLimit)")
    }
    let root = try DeviceTreeNode(flattened: blob)
    let reservations = try DeviceTreeNode.reservations(of: blob).compactMap { entry in
      let range = AddressRange(base: entry.base, size: entry.size)
      return range.size > 0 && range.end != nil ? range : nil
    }
    self = try BoardImporter(TreeIndex(root), reservations).run()
  }

  /// A board without facts.
  init(architecture: PlanArchitecture) {
    let nothing = AddressRange(base: 0, size: 0)
    board = Board(
      name: "imported", summary: "", architecture: architecture, ram: [], ramIsConfigurable: false,
      kernelBase: 0, cpus: [],
      interruptController: .gicV3(
        distributor: nothing, redistributors: nothing, interruptTranslation: nil),
      uart: BoardUART(kind: .none, region: nothing, line: 0), counterFrequency: 0, lineCount: 0,
      doorbells: 0..<0, devices: [])
  }

  /// Largest tree that is read, in bytes: three times what the largest board of Linux has.
  public static let blobLimit = 1 << 20

  /// As a board file; `source` says where the tree is from.
  public func boardFile(source: String) -> String {
    var file = BoardFileWriter(board(from: source))
    file.header = [
      "Imported from a device tree. ASK: what it does not say and somebody has to find out.",
      "CHECK: what was assumed. Devices run with the clocks, resets, pins and power that the boot",
      "loader left them; dma: true where no way to memory could be excluded.",
    ]
    file.header += report.map { "- \($0)" }
    file.missing = missing
    file.questions = Dictionary(grouping: questions, by: \.key).mapValues { $0.map(\.text) }
    return file.text
  }

  private func board(from source: String) -> Board {
    var board = board
    board.sources = [source]
    return board
  }

  /// As a Swift literal; `source` says where the tree is from.
  public func literal(source: String) -> String {
    var file = BoardLiteralWriter(board(from: source))
    file.comments = ["", "Add to each fact where it is from."] + report
    file.missing = missing
    file.questions = Dictionary(grouping: questions, by: \.key).mapValues { $0.map(\.text) }
    return file.text
  }

  /// What is no question: CPUs' start, IOMMUs, what was left out.
  public var report: [String] {
    var lines = cpuStart.isEmpty ? [] : ["CPUs are started by \(cpuStart)."]
    for translation in translations {
      let masters =
        translation.masters.isEmpty ? "nothing" : translation.masters.joined(separator: ", ")
      lines.append("IOMMU \(translation.node) (\(translation.compatible)) in front of \(masters).")
    }
    return lines + notes
  }
}
