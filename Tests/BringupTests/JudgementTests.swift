import Testing

@testable import Bringup

/// What values mean on any architecture.
@Suite struct JudgementTests {
  @Test(arguments: [
    (UInt64(62_500_000), UInt64(62_500_000), CheckStatus.ok), (62_500_000, 1, .fail),
    (0, 62_500_000, .fail), (0, 0, .fail), (62_500_000, 0, .warn),
  ])
  func frequency(register: UInt64, plan: UInt64, expected: CheckStatus) {
    #expect(said { judgeFrequency(register: register, plan: plan, &$0) }.status == expected)
  }

  @Test func frequencyThatNoRegisterTellsIsSkipped() {
    let result = said { judgeFrequency(register: nil, plan: 10, &$0) }
    #expect(result.status == .skip && result.text.contains("plan=10"))
  }

  @Test func aCounterThatStandsFails() {
    let result = said { judgeStandingCounter(&$0) }
    #expect(result.status == .fail && result.text.hasPrefix(" counts=0 # "))
  }

  @Test func countersThatDifferFail() {
    var exchange = CounterExchange()
    exchange.take(before: 10, after: 20)
    exchange.take(before: 20, after: 20)
    #expect(said { judge(exchange, cpus: 2, &$0) }.status == .ok)
    exchange.take(before: 20, after: 13)
    let result = said { judge(exchange, cpus: 2, &$0) }
    #expect(result.status == .fail)
    #expect(result.text.contains("reads=3 backward=1 worst-ticks=7 longest-ticks=10"))
  }

  @Test func aCPUThatGotLostOrNoReadAtAllFails() {
    var exchange = CounterExchange()
    #expect(said { judge(exchange, cpus: 1, &$0) }.status == .fail)
    exchange.take(before: 1, after: 2)
    exchange.lost = 1
    #expect(said { judge(exchange, cpus: 1, &$0) }.status == .fail)
  }

  @Test func cpuStart() {
    let came = said {
      judgeStart(hardwareID: 0x101, error: nil, ticks: 625, frequency: 62_500_000, &$0)
    }
    #expect(came.status == .ok && came.text == " id=0x101 us=10")
    let refused = said {
      judgeStart(hardwareID: 1, error: -2, ticks: nil, frequency: 1, &$0)
    }
    #expect(refused.status == .fail && refused.text.contains("firmware=-2"))
    let silent = said { judgeStart(hardwareID: 1, error: nil, ticks: nil, frequency: 1, &$0) }
    #expect(silent.status == .fail && silent.text.contains("never came"))
  }

  @Test func microsecondsNeverTrap() {
    #expect(microseconds(62_500_000, 62_500_000) == 1_000_000)
    #expect(microseconds(5, 0) == 0)
    #expect(microseconds(.max, 1) > 0)
    #expect(microseconds(.max, .max) > 0)
  }

  @Test func lines() {
    #expect(said { judgeLineCount(hardware: 288, plan: 288, &$0) }.status == .ok)
    #expect(said { judgeLineCount(hardware: 288, plan: 97, &$0) }.status == .ok)
    #expect(said { judgeLineCount(hardware: 288, plan: 289, &$0) }.status == .fail)
    #expect(said { judgeStuckLines(count: 0, looked: 256, &$0) }.status == .ok)
    #expect(said { judgeStuckLines(count: 1, looked: 256, &$0) }.status == .fail)
  }

  @Test func ram() {
    func ram(_ wrong: UInt64?, aliased: Bool = false) -> (status: CheckStatus, text: String) {
      said {
        judgeRAM(regions: 1, bytes: 2 << 30, pages: 9, wrong: wrong, aliased: aliased, &$0)
      }
    }
    #expect(ram(nil).status == .ok && ram(nil).text == " regions=1 mib=2048 pages=9")
    #expect(ram(0x8000_0000).status == .fail)
    #expect(ram(0x8000_0000).text.contains("address=0x80000000"))
    #expect(ram(1, aliased: true).text.contains("the same memory"))
  }

  @Test func wake() {
    func wake(_ woke: Bool, _ early: UInt64) -> CheckStatus {
      said { judgeWake(woke: woke, early: early, late: 5, frequency: 1_000_000, &$0) }.status
    }
    #expect(wake(true, 0) == .ok)
    #expect(wake(true, 1) == .warn)
    #expect(wake(false, 0) == .fail)
  }

  @Test func deliveryIsProvenOnlyWithoutExits() {
    var result = DeliveryResult()
    result.interrupts = 1000
    result.longest = 9
    #expect(said { judge(result, wanted: 1000, &$0) }.status == .ok)
    #expect(said { judge(result, wanted: 1001, &$0) }.status == .fail)
    result.exits = 1
    result.syndrome = 0x86
    let left = said { judge(result, wanted: 1000, &$0) }
    #expect(left.status == .fail && left.text.contains("exits=1 syndrome=0x86"))
  }

  @Test func baselineNeedsAllItsSamples() {
    func baseline(_ samples: UInt64) -> CheckStatus {
      said {
        judgeBaseline(samples: samples, wanted: 10, minimum: 1, maximum: 3, mean: 2, &$0)
      }.status
    }
    #expect(baseline(10) == .ok)
    #expect(baseline(9) == .fail && baseline(0) == .fail)
  }

  @Test func gaps() {
    var scan = GapScan(bound: 10)
    var last: UInt64 = 100
    for gap: UInt64 in [1, 10, 11, 500, 3] {
      scan.take(last, last + gap)
      last += gap
    }
    #expect(scan.longest == 500 && scan.above == 2 && scan.stolen == 511 && scan.total == 525)
    let result = said { judge(scan, frequency: 1_000_000, &$0) }
    #expect(result.status == .warn)
    #expect(result.text.contains("max-us=500 above=2 bound-us=10 lost-us=511"))
    #expect(said { judge(GapScan(bound: 10), frequency: 1, &$0) }.status == .ok)
  }

  @Test func receive() {
    func receive(_ offered: Bool, _ got: UInt8?) -> CheckStatus {
      said { judgeReceive(offered: offered, got: got, sent: 0x0a, &$0) }.status
    }
    #expect(receive(true, 0x0a) == .ok)
    #expect(receive(true, nil) == .fail && receive(true, 0x55) == .fail)
    #expect(receive(false, nil) == .skip)
  }
}
