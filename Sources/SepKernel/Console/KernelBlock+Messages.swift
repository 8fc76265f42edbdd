// The kernel's own lines on the console. Never used between a zoneR's interrupt and its handler:
// only at boot and when a zone changes its state.

extension KernelBlock {
  /// Takes the message lock; `endMessage` gives it back.
  public mutating func beginMessage() { messageLock.lock() }

  /// Adds a literal to the message. Between `beginMessage` and `endMessage`, as all `put`.
  @inline(never)
  public mutating func put(_ text: StaticString) {
    text.withUTF8Buffer { bytes in
      for index in 0..<bytes.count {
        // SAFETY: the buffer of a literal, read inside its scope and its bounds.
        putByte(unsafe bytes[index])
      }
    }
  }

  /// Adds the zone's name.
  @_optimize(size)
  public mutating func put(name zone: Int) {
    for index in 0..<16 {
      let byte = consoles.ports[zone].name[index]
      if byte == 0 { break }
      putByte(byte)
    }
  }

  /// Adds `value` as `0x` and as many hexadecimal digits as it needs.
  @_optimize(size)
  public mutating func put(hexadecimal value: UInt64) {
    put("0x")
    var shift: UInt64 = 60
    while shift > 0, value >> shift == 0 { shift -= 4 }
    while true {
      let digit = UInt8(truncatingIfNeeded: (value >> shift) & 0xf)
      putByte(digit < 10 ? 0x30 + digit : 0x57 + digit)
      if shift == 0 { break }
      shift -= 4
    }
  }

  /// Adds `value` in decimal digits.
  @_optimize(size)
  public mutating func put(decimal value: UInt64) {
    var divisor: UInt64 = 1
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      putByte(0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }

  /// Ends the line and sends what the UART takes, at most `budget` bytes.
  public mutating func endMessage<M: Machine>(budget: Int = drainBudget, _ machine: M) {
    putByte(0x0d)
    putByte(0x0a)
    messageLock.unlock()
    drainConsoles(budget, machine)
  }

  /// A line that is one literal.
  public mutating func say<M: Machine>(_ text: StaticString, _ machine: M) {
    beginMessage()
    put(text)
    endMessage(machine)
  }

  private mutating func putByte(_ byte: UInt8) {
    consoles.ports[ConsoleMultiplexer.kernelSource].output.append(byte)
  }

  /// Reports, and forgets, what consoles and the kernel's own port lost.
  @_optimize(size)
  mutating func reportDrops() {
    for source in 0..<ConsoleMultiplexer.sourceCount where consoles.ports[source].output.hasNews {
      reportDrops(of: source)
    }
  }

  /// The same for one source, without sending it. Leaves it for later when somebody else is writing a
  /// message: this is called on exits, which wait for nobody.
  @_optimize(size)
  mutating func reportDrops(of source: Int) {
    guard consoles.ports[source].output.dropCount > 0, messageLock.tryLock() else { return }
    let drops = consoles.ports[source].output.takeDrops()
    if source != ConsoleMultiplexer.kernelSource {
      put("zone ")
      put(name: source)
      put(" ")
    }
    put("dropped ")
    put(decimal: UInt64(drops))
    put(" bytes of console output\r\n")
    messageLock.unlock()
  }
}

extension KernelBlock {
  /// The first line of every boot: which Plan this is, as `hv plan` names it.
  @_optimize(size)
  public mutating func sayPlan<M: Machine>(_ plan: PlanView, _ machine: M) {
    beginMessage()
    put("plan ")
    put(hexadecimal: plan.header.checksum)
    put(": ")
    put(decimal: UInt64(plan.zoneCount))
    put(" zones, ")
    put(decimal: UInt64(plan.cpuCount))
    put(" cpus")
    endMessage(machine)
  }

  /// Why a Plan is not one.
  @_optimize(size)
  public mutating func sayRefused<M: Machine>(_ error: PlanError, _ machine: M) {
    beginMessage()
    put("plan refused: ")
    error.reason.forEachNameByte { putByte($0) }
    put(" code=")
    put(decimal: UInt64(error.code))
    if let zone = error.zone {
      put(" zone=")
      put(decimal: UInt64(zone))
    }
    if let item = error.item {
      put(" item=")
      put(decimal: UInt64(item))
    }
    endMessage(machine)
  }

  /// Why the machine cannot be used as the Plan says.
  @_optimize(size)
  public mutating func sayRefused<M: Machine>(_ reason: StaticString, _ machine: M) {
    beginMessage()
    put("plan refused: ")
    put(reason)
    endMessage(machine)
  }

  /// `zone NAME started`, with the restart count from the second start on.
  @inline(never) @_optimize(size)
  public mutating func sayStarted<M: Machine>(_ zone: Int, starts: UInt32, _ machine: M) {
    beginMessage()
    put("zone ")
    put(name: zone)
    put(" started")
    if starts > 1 {
      put(" (restart ")
      put(decimal: UInt64(starts) - 1)
      put(")")
    }
    endMessage(machine)
  }

  /// Why a zone failed, and where. `syndrome` is what the architecture says of the trap.
  @_optimize(size)
  public mutating func sayFailed<M: Machine>(
    _ zone: Int, cpu: Int, _ failure: ZoneFailure, pc: UInt64, address: UInt64, syndrome: UInt64,
    _ machine: M
  ) {
    beginMessage()
    put("zone ")
    put(name: zone)
    put(" failed: cpu=")
    put(decimal: UInt64(cpu))
    put(" reason=")
    put(failure.name)
    put(" pc=")
    put(hexadecimal: pc)
    put(" address=")
    put(hexadecimal: address)
    put(" syndrome=")
    put(hexadecimal: syndrome)
    endMessage(budget: Self.finalDrainBudget, machine)
  }

  /// Sends everything that waits without taking a lock; the kernel has crashed.
  public mutating func flushForCrash<M: Machine>(_ machine: M) {
    var tries = 1_000_000
    while tries > 0 {
      tries -= 1
      guard machine.canTransmit() else { continue }
      guard let byte = multiplexer.next(consoles) else { return }
      machine.transmit(byte)
    }
  }
}
