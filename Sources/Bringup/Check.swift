/// What the bring-up image looks at, in the order in which it does: each relies only on those before it.
public enum CheckKind: UInt8, Sendable {
  case exceptionLevel
  case counterFrequency
  case plan
  case firmware
  case stage2Granules
  case stage2AddressWidth
  case vmidBits
  case pmu
  case cache
  case ram
  case uart
  case interruptController
  case lineCount
  case securityState
  case stuckLines
  case uartReceive
  case cpuStart
  case counterMonotonic
  case wfiWake
  case delivery
  case baseline
  case stolenTime

  /// Kinds there are.
  static let count = 22

  /// As the report names it, without number.
  public var name: StaticString {
    switch self {
    case .exceptionLevel: "exception-level"
    case .counterFrequency: "counter-frequency"
    case .plan: "plan"
    case .firmware: "firmware"
    case .stage2Granules: "stage2-granules"
    case .stage2AddressWidth: "stage2-address-width"
    case .vmidBits: "vmid-bits"
    case .pmu: "pmu"
    case .cache: "cache"
    case .ram: "ram"
    case .uart: "uart"
    case .interruptController: "interrupt-controller"
    case .lineCount: "line-count"
    case .securityState: "security-state"
    case .stuckLines: "stuck-lines"
    case .uartReceive: "uart-receive"
    case .cpuStart: "cpu-start"
    case .counterMonotonic: "counter-monotonic"
    case .wfiWake: "wfi-wake"
    case .delivery: "delivery"
    case .baseline: "baseline"
    case .stolenTime: "stolen-time"
    }
  }

  /// What there is one of for each.
  public enum Multiplicity: Sendable {
    case once
    /// Numbered from 0.
    case cpu
    /// Numbered from 1.
    case cacheLevel
  }

  /// How often the check is made.
  public var multiplicity: Multiplicity {
    switch self {
    case .cpuStart, .delivery, .baseline, .stolenTime: .cpu
    case .cache: .cacheLevel
    case .exceptionLevel, .counterFrequency, .plan, .firmware, .stage2Granules,
      .stage2AddressWidth, .vmidBits, .pmu, .ram, .uart, .interruptController, .lineCount,
      .securityState, .stuckLines, .uartReceive, .counterMonotonic, .wfiWake:
      .once
    }
  }

  /// Whether it needs interrupts, or the registers they come by.
  var needsController: Bool {
    switch self {
    case .lineCount, .securityState, .stuckLines, .wfiWake, .delivery, .baseline: true
    case .exceptionLevel, .counterFrequency, .plan, .firmware, .stage2Granules,
      .stage2AddressWidth, .vmidBits, .pmu, .cache, .ram, .uart, .interruptController,
      .uartReceive, .cpuStart, .counterMonotonic, .stolenTime:
      false
    }
  }

  /// Whether it waits by the counter.
  var needsCounter: Bool {
    switch self {
    case .cpuStart, .counterMonotonic, .wfiWake, .delivery, .baseline, .stolenTime: true
    case .exceptionLevel, .counterFrequency, .plan, .firmware, .stage2Granules,
      .stage2AddressWidth, .vmidBits, .pmu, .cache, .ram, .uart, .interruptController, .lineCount,
      .securityState, .stuckLines, .uartReceive:
      false
    }
  }

  /// Milliseconds after which the watchdog ends it, many times what it takes on a busy emulator. A function of its own in
  /// the image, where tests put a shorter one.
  public var patience: UInt64 {
    @inline(never)
    get { milliseconds }
  }

  private var milliseconds: UInt64 {
    switch self {
    case .cpuStart, .ram: 6000
    case .counterMonotonic: 60_000
    case .wfiWake, .delivery, .baseline, .stolenTime: 20_000
    case .exceptionLevel, .counterFrequency, .plan, .firmware, .stage2Granules,
      .stage2AddressWidth, .vmidBits, .pmu, .cache, .uart, .interruptController, .lineCount,
      .securityState, .stuckLines, .uartReceive:
      2000
    }
  }

  /// False for what can be looked at when the Plan was refused.
  public var needsPlan: Bool {
    switch self {
    case .exceptionLevel, .plan, .firmware, .stage2Granules, .vmidBits, .pmu, .cache: false
    case .counterFrequency, .stage2AddressWidth, .ram, .uart, .interruptController, .lineCount,
      .securityState, .stuckLines, .uartReceive, .cpuStart, .counterMonotonic, .wfiWake,
      .delivery, .baseline, .stolenTime:
      true
    }
  }
}

/// One check: a kind, and of what.
public struct Check: Equatable, Sendable {
  public var kind: CheckKind
  /// Number of the CPU or of the cache level; 0 where there is one.
  public var index: Int

  public init(_ kind: CheckKind, _ index: Int = 0) {
    self.kind = kind
    self.index = index
  }
}

/// The checks of one machine.
public struct CheckList: Sendable {
  /// CPUs of the Plan; 0: it was refused.
  public var cpuCount: Int
  /// Levels of cache the boot CPU has.
  public var cacheLevels: Int

  public init(cpuCount: Int, cacheLevels: Int) {
    self.cpuCount = cpuCount
    self.cacheLevels = cacheLevels
  }

  private func count(of kind: CheckKind) -> Int {
    switch kind.multiplicity {
    case .once: 1
    case .cpu: cpuCount
    case .cacheLevel: cacheLevels
    }
  }

  /// All of them.
  public var count: Int {
    var sum = 0
    for raw in 0..<CheckKind.count {
      if let kind = CheckKind(rawValue: UInt8(raw)) { sum += count(of: kind) }
    }
    return sum
  }

  /// Check `number`, nil from `count` on.
  public subscript(number: Int) -> Check? {
    var rest = number
    for raw in 0..<CheckKind.count {
      guard let kind = CheckKind(rawValue: UInt8(raw)) else { return nil }
      let count = count(of: kind)
      if rest < count {
        return Check(kind, kind.multiplicity == .cacheLevel ? rest + 1 : rest)
      }
      rest -= count
    }
    return nil
  }
}
