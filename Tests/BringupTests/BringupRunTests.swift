import Testing

@testable import Bringup

/// The report, whatever the checks do.
@Suite struct BringupRunTests {
  @Test func everyCheckHasTwoLinesAndTheCountsAreRight() {
    let machine = FakeMachine()
    machine.outcomes["pmu"] = .returned(.skip)
    machine.outcomes["stolen-time.1"] = .returned(.warn)
    machine.outcomes["vmid-bits"] = .returned(.fail)
    let lines = machine.report()
    let count = CheckList(cpuCount: 2, cacheLevels: 1).count
    #expect(lines.first == "bringup: begin board=board checks=\(count)\r\n")
    #expect(lines.count == 2 * count + 2)
    #expect(lines.last == "bringup: end ok=\(count - 3) warn=1 fail=1 skip=1\r\n")
    #expect(machine.performed.count == count)
    for number in 0..<count {
      let name = FakeMachine.name(machine.performed[number])
      #expect(lines[1 + 2 * number] == "bringup: \(name) start\r\n")
      #expect(lines[2 + 2 * number].hasPrefix("bringup: \(name) "))
      #expect(!lines[2 + 2 * number].hasSuffix("start\r\n"))
    }
    #expect(lines.contains("bringup: vmid-bits FAIL seen=1\r\n"))
  }

  @Test func idsAreTheOnesReadersKnow() {
    let machine = FakeMachine()
    _ = machine.report()
    #expect(
      machine.performed.map(FakeMachine.name) == [
        "exception-level", "counter-frequency", "plan", "firmware", "stage2-granules",
        "stage2-address-width", "vmid-bits", "pmu", "cache.1", "ram", "uart",
        "interrupt-controller", "line-count", "security-state", "stuck-lines", "uart-receive",
        "cpu-start.0", "cpu-start.1", "counter-monotonic", "wfi-wake", "delivery.0", "delivery.1",
        "baseline.0", "baseline.1", "stolen-time.0", "stolen-time.1",
      ])
  }

  @Test func aFaultIsThatChecksFailureAndTheNextOneIsMade() {
    let machine = FakeMachine()
    machine.outcomes["ram"] = .ended(
      CheckFault(kind: .exception, syndrome: 0x9600_0010, address: 0x4000_0000, offset: 0x1234))
    machine.outcomes["pmu"] = .ended(CheckFault(kind: .timeout, offset: 0x10))
    machine.outcomes["uart"] = .ended(CheckFault(kind: .asynchronous, syndrome: 1))
    let lines = machine.report()
    #expect(
      lines.contains {
        $0.hasPrefix(
          "bringup: ram FAIL reason=exception syndrome=0x96000010 address=0x40000000 "
            + "pc-offset=0x1234 #")
      })
    #expect(lines.contains { $0.hasPrefix("bringup: pmu FAIL reason=timeout pc-offset=0x10 #") })
    #expect(lines.contains { $0.hasPrefix("bringup: uart FAIL reason=asynchronous-abort ") })
    #expect(lines.contains { $0.hasPrefix("bringup: cache.1 ok") })
    #expect(lines.last?.contains("fail=3") == true)
  }

  @Test func whatOneFaultTakesWithItIsSkippedAndNotMade() {
    let machine = FakeMachine()
    machine.outcomes["interrupt-controller"] = .returned(.fail)
    machine.hasController = false
    machine.outcomes["cpu-start.1"] = .returned(.fail)
    machine.outcomes["uart"] = .returned(.fail)
    let lines = machine.report()
    let skipped = lines.filter { $0.contains(" skip ") && !$0.contains(" end ") }
      .map { $0.split(separator: " ")[1] }
    #expect(
      skipped == [
        "line-count", "security-state", "stuck-lines", "uart-receive", "wfi-wake", "delivery.0",
        "delivery.1", "baseline.0", "baseline.1", "stolen-time.1",
      ])
    #expect(!machine.performed.contains(Check(.lineCount)))
    #expect(!machine.performed.contains(Check(.stolenTime, 1)))
    #expect(lines.last?.contains("fail=3 skip=10") == true)
  }

  @Test func aCPUWithoutItsPartOfTheControllerIsLeftOut() {
    let machine = FakeMachine()
    machine.outcomes["interrupt-controller"] = .returned(.fail)
    machine.withoutInterface = [1]
    let lines = machine.report()
    #expect(lines.last?.contains("fail=1 skip=2") == true)
    #expect(machine.performed.contains(Check(.delivery, 0)))
    #expect(!machine.performed.contains(Check(.delivery, 1)))
    #expect(
      lines.contains(
        "bringup: baseline.1 skip # this CPU has no part of the interrupt controller\r\n"))
  }

  @Test func whatWaitsIsNotMadeWithACounterThatStands() {
    let machine = FakeMachine()
    machine.outcomes["counter-frequency"] = .returned(.fail)
    machine.hasCounter = false
    let lines = machine.report()
    #expect(machine.performed.allSatisfy { !$0.kind.needsCounter })
    #expect(lines.last?.contains("fail=1 skip=10") == true)
  }

  /// The report comes to its end, whichever check another CPU goes on from.
  @Test func anotherCPUGoesOnWithWhatWasKept() throws {
    let count = CheckList(cpuCount: 2, cacheLevels: 1).count
    for number in 0..<count {
      let machine = FakeMachine()
      var stopped: BringupProgress?
      machine.whenKept = { if $0.number == number { stopped = $0 } }
      _ = machine.report()
      let next = FakeMachine()
      var run = BringupRun(next, try #require(stopped))
      run.goOn(after: CheckFault(kind: .timeout))
      #expect(next.lines.count == 2 * (count - number))
      #expect(next.lines.first?.contains(" FAIL reason=timeout # ") == true)
      #expect(next.lines.last?.contains("fail=1") == true)
    }
  }

  @Test func withoutAPlanOnlyWhatNeedsNoneIsMade() {
    let machine = FakeMachine()
    machine.hasPlan = false
    machine.outcomes["plan"] = .returned(.fail)
    let lines = machine.report(cpus: 0)
    #expect(machine.performed.allSatisfy { !$0.kind.needsPlan })
    #expect(machine.performed.contains(Check(.plan)))
    #expect(lines.last?.hasPrefix("bringup: end ok=6 warn=0 fail=1 skip=") == true)
  }

  @Test func aDamagedNameDoesNotDamageTheReport() {
    let machine = FakeMachine()
    var run = BringupRun(machine, BringupProgress(CheckList(cpuCount: 1, cacheLevels: 0)))
    run.run { $0 == 0 ? 0x61 : 0x0a }
    #expect(machine.lines.first?.hasPrefix("bringup: begin board=a checks=") == true)
  }

  @Test func listsAreCountedAsTheyAreRead() {
    for (cpus, caches) in [(0, 0), (1, 7), (16, 2), (64, 0)] {
      let list = CheckList(cpuCount: cpus, cacheLevels: caches)
      var number = 0
      while list[number] != nil { number += 1 }
      #expect(number == list.count)
      #expect(list[list.count + 5] == nil)
    }
  }
}
