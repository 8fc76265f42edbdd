import Testing

@testable import ZoneLoader

@Suite struct QuantityTests {
  @Test(
    arguments: [
      ("0", 0), ("4096", 4096), ("0x4000_0000", 0x4000_0000), ("0XfF", 255), ("1KiB", 1024),
      ("128MiB", 128 << 20), ("2 GiB", 2 << 30), ("1TiB", 1 << 40), ("12B", 12), ("1_000", 1000),
      ("18446744073709551615", UInt64.max),
    ] as [(String, UInt64)])
  func parses(_ text: String, _ value: UInt64) {
    #expect(Quantity.parse(text) == value)
  }

  @Test(arguments: [
    "", "x", "-1", "+1", "0x", "_1", "1_", "1MB", "1mib", "18446744073709551616", "16777216TiB",
    "0x1MiB", "1.5GiB", " 1", "MiB", "1e3",
  ])
  func refuses(_ text: String) {
    #expect(Quantity.parse(text) == nil)
  }

  @Test func formats() {
    #expect(Quantity.format(size: 2 << 30) == "2 GiB")
    #expect(Quantity.format(size: 3 << 20) == "3 MiB")
    #expect(Quantity.format(size: 4096) == "4 KiB")
    #expect(Quantity.format(size: 5) == "5 bytes")
    #expect(Quantity.hex(255) == "0xff")
  }
}
