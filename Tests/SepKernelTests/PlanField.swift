/// The field of the small Plan that a byte belongs to, and whether another value of it can be another
/// valid Plan.
struct PlanField {
  let name: String
  /// Why a change may be admitted; nil: never.
  let freedom: String?
  var isFree: Bool { freedom != nil }

  static func at(_ offset: Int) -> PlanField {
    switch offset {
    case 0..<64: header[offset]
    case 64..<1544: board[offset - 64]
    case 1544..<2568: cpu((offset - 1544) / 16, (offset - 1544) % 16)
    case 2568..<4616: line((offset - 2568) / 2)
    default: zone[(offset - 4616) % 2664]
    }
  }

  private static func cpu(_ index: Int, _ byte: Int) -> PlanField {
    switch byte {
    case 0..<8 where index < 4:
      PlanField(name: "cpu \(index) hardwareID", freedom: "names another CPU that exists or not")
    case 8 where index < 4:
      PlanField(name: "cpu \(index) owner", freedom: nil)
    default: PlanField(name: "cpu \(index)", freedom: nil)
    }
  }

  private static func line(_ index: Int) -> PlanField {
    switch index {
    case 33: PlanField(name: "line 33", freedom: "the UART's line need not have an owner")
    case 32..<288: PlanField(name: "line \(index)", freedom: "another owner, or a doorbell")
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
    (4, "zoneCount", nil), (4, "cpuCount", nil), (4, "lineCount", "the board may have more lines"),
    (8, "checksum", nil), (16, "imageHash", "provenance only"), (8, "reserved", nil),
  ])

  private static let smaller = "a smaller or larger region still holds what must be inside"

  private static let board = spread([
    (32, "board.name", "any printable name"), (4, "ramCount", nil), (4, "deviceCount", nil),
    (32, "ram in use", smaller), (224, "ram not in use", nil),
    (32, "devices in use", smaller), (992, "devices not in use", nil),
    (4, "controller kind", nil), (4, "controller reserved", nil),
    (48, "controller regions", "the board's hardware is elsewhere, of another size or has no ITS"),
    (16, "controller unused region", nil), (4, "uart kind", nil),
    (4, "uart line", "another line of the board"),
    (16, "uart region", "the board's hardware is elsewhere, or of another size"),
    (16, "kernel", smaller), (16, "tables", smaller), (16, "records", smaller),
    (8, "counterFrequency", "checked against the hardware"),
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
