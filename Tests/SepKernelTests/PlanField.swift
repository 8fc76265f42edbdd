import SepKernel

/// The field of the small Plan that a byte belongs to, and whether another value of it can be another
/// valid Plan.
struct PlanField {
  let name: String
  /// Why a change may be admitted; nil: never.
  let freedom: String?
  var isFree: Bool { freedom != nil }

  static func at(_ offset: Int, _ kind: PlanInterruptControllerKind) -> PlanField {
    switch offset {
    case 0..<64: header[offset]
    case 64..<1560: board[offset - 64]
    case 1560..<2584: cpu((offset - 1560) / 16, (offset - 1560) % 16, kind)
    case 2584..<4632: line((offset - 2584) / 2, kind)
    default: zone[(offset - 4632) % 2664]
    }
  }

  private static func cpu(
    _ index: Int, _ byte: Int, _ kind: PlanInterruptControllerKind
  ) -> PlanField {
    switch byte {
    case 0..<8 where index < 4:
      PlanField(name: "cpu \(index) hardwareID", freedom: "names another CPU that exists or not")
    case 8 where index < 4:
      PlanField(name: "cpu \(index) owner", freedom: nil)
    case 10..<12 where index < 4 && kind.architecture == .riscv64:
      PlanField(name: "cpu \(index) controllerIndex", freedom: "another place that exists or not")
    default: PlanField(name: "cpu \(index)", freedom: nil)
    }
  }

  private static func line(_ index: Int, _ kind: PlanInterruptControllerKind) -> PlanField {
    switch index {
    case 33: PlanField(name: "line 33", freedom: "the UART's line need not have an owner")
    case kind.firstSharedLine..<288:
      PlanField(name: "line \(index)", freedom: "another owner, or a doorbell")
    default: PlanField(name: "line \(index)", freedom: nil)
    }
  }

  /// Consecutive fields: bytes, name, freedom.
  private typealias Row = (Int, String, String?)

  private static func spread(_ rows: [Row]) -> [PlanField] {
    rows.flatMap { Array(repeating: PlanField(name: $0.1, freedom: $0.2), count: $0.0) }
  }

  private static let header = spread([
    (8, "magic", nil), (4, "version", nil), (4, "architecture", nil), (4, "byteCount", nil),
    (4, "zoneCount", nil), (4, "cpuCount", nil),
    (4, "lineCount", "the board may have more lines, or fewer"),
    (8, "checksum", nil), (16, "imageHash", "provenance only"), (8, "reserved", nil),
  ])

  private static let smaller = "a smaller or larger region still holds what must be inside"

  private static let board = spread([
    (32, "board.name", "any printable name"), (4, "ramCount", nil), (4, "deviceCount", nil),
    (32, "ram in use", smaller), (224, "ram not in use", nil),
    (32, "devices in use", smaller), (992, "devices not in use", nil),
    (4, "controller kind", nil),
    (4, "controller parameter", "RISC-V: another number of sources, or of guest files"),
    (48, "controller regions", "the board's hardware is elsewhere, of another size or has no ITS"),
    (16, "controller unused region", nil), (4, "uart kind", nil),
    (4, "uart line", "another line of the board"),
    (16, "uart region", "the board's hardware is elsewhere, or of another size"),
    (1, "uart registerShift", "ns16550: 0 to 2"), (1, "uart registerWidth", nil),
    (6, "uart reserved", nil),
    (16, "kernel", smaller), (16, "tables", smaller), (16, "records", smaller),
    (8, "counterFrequency", "checked against the hardware, if that tells"),
    (8, "cycleFrequency", "the board's constant, or none"),
    (4, "baselineSamples", "up to 100,000 are possible"), (4, "board reserved", nil),
  ])

  private static let elsewhere = "elsewhere in free memory, or of another size"

  private static let zone = spread([
    (16, "zone name", "another unique name"), (1, "kind", "zone0 and zoneR can be a zoneU"),
    (1, "zone reserved", nil), (2, "flags", "AArch32, absent devices, manual start"),
    (4, "zone cpuCount", nil), (8, "entry", "another instruction of the zone"),
    (32, "arguments", "for the guest only"), (8, "consoleGuest", "elsewhere in the zone"),
    (4, "consoleLine", "another doorbell"), (4, "stimulusLine", "none, or another doorbell"),
    (16, "interruptControllerGuest", "elsewhere in the zone"), (4, "rangeCount", nil),
    (4, "payloadCount", nil),
    (96, "ranges in use", elsewhere), (1952, "ranges not in use", nil),
    (64, "payloads in use", elsewhere), (448, "payloads not in use", nil),
  ])
}
