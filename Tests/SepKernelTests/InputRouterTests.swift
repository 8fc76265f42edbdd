import SepKernel
import Testing

/// Input and escape sequences; docs/interfaces.md, "Console stream".
@Suite struct InputRouterTests {
  private func type(_ bytes: [UInt8], _ router: inout InputRouter, zones: Int = 16) -> [UInt8] {
    bytes.compactMap { router.route($0, zoneCount: zones) }
  }

  @Test func passesEverythingButTheEscape() {
    var router = InputRouter()
    let plain = (0...255).map { UInt8($0) }.filter { $0 != InputRouter.escape }
    #expect(type(plain, &router) == plain)
    #expect(router.selected == 0)
  }

  @Test(arguments: [
    ("0", 0), ("1", 1), ("9", 9), ("a", 10), ("f", 15), ("A", 10), ("F", 15),
  ])
  func selects(_ digit: String, _ zone: UInt8) {
    var router = InputRouter(selected: 3)
    #expect(type([0x1d] + Array(digit.utf8) + [0x78], &router) == [0x78])
    #expect(router.selected == zone)
  }

  @Test func sendsItselfWhenDoubled() {
    var router = InputRouter(selected: 2)
    #expect(type([0x1d, 0x1d, 0x31], &router) == [0x1d, 0x31])
    #expect(router.selected == 2)
  }

  /// A digit without a zone, or no digit at all: consumed, and nothing else happens.
  @Test(arguments: [0x32, 0x66, 0x67, 0x47, 0x2f, 0x3a, 0x40, 0x60, 0x00, 0xff] as [UInt8])
  func ignoresOthers(_ byte: UInt8) {
    var router = InputRouter(selected: 1)
    #expect(type([0x1d, byte, 0x79], &router, zones: 2) == [0x79])
    #expect(router.selected == 1)
  }
}
