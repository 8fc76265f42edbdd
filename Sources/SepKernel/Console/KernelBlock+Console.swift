import Synchronization

// Who sends a zone's output: the zone's own exits, except for a zoneR, whose exits only fill its
// ring and ask the console server (zone0, normally) to send it. A zoneR sends a few bytes itself
// only while no other zone runs that could, or when its ring is full, because a zone0 that hangs
// shall not silence it. To a zoneR the transmitter never looks full: what neither the ring nor the
// UART takes at once is dropped and counted, so that a guest that polls is never held up.

extension KernelBlock {
  /// Bytes one exit sends at most.
  public static var drainBudget: Int { 256 }
  /// Bytes that are sent when a zone has stopped, of which nobody else may come to send the last.
  public static var finalDrainBudget: Int { 4096 }
  /// Bytes a zoneR sends at most in one exit.
  static var realTimeDrainBudget: Int { 16 }

  /// One access of zone `zone` to its UART. Takes the zone's own console lock; tries the UART's
  /// lock, never waits for it.
  public mutating func accessConsole<M: Machine>(
    zone: Int, offset: UInt32, write value: UInt32?, machine: M
  ) -> UInt32 {
    let serves = servesConsole(zone)
    if serves {
      pollInput(machine)
    } else if consoles.ports[zone].output.isFull {
      drainConsoles(Self.realTimeDrainBudget, machine)
    }
    consoles.ports[zone].lock.lock()
    let wasEmpty = consoles.ports[zone].output.isEmpty
    var uart = M.Console(consoles.ports[zone].uart)
    let result = consoles.ports[zone].access(
      &uart, offset, value, mayWait: zones[zone].kind != PlanZoneKind.zoneR.rawValue)
    consoles.ports[zone].uart = uart.state
    consoles.ports[zone].updateLine(uart, machine)
    consoles.ports[zone].lock.unlock()
    share(zone, serves: serves, wasEmpty: wasEmpty, machine)
    return result
  }

  /// A byte of zone `zone` for its console, sent by a call instead of its UART's registers: as a write
  /// of the transmitter's register, but that the UART's interrupts do not notice.
  public mutating func sendToConsole<M: Machine>(_ byte: UInt8, zone: Int, machine: M) {
    let serves = servesConsole(zone)
    if !serves, consoles.ports[zone].output.isFull {
      drainConsoles(Self.realTimeDrainBudget, machine)
    }
    consoles.ports[zone].lock.lock()
    let wasEmpty = consoles.ports[zone].output.isEmpty
    consoles.ports[zone].output.append(byte)
    consoles.ports[zone].lock.unlock()
    share(zone, serves: serves, wasEmpty: wasEmpty, machine)
  }

  /// A byte typed for zone `zone`, if there is one.
  public mutating func receiveFromConsole<M: Machine>(zone: Int, machine: M) -> UInt8? {
    if servesConsole(zone) { pollInput(machine) }
    consoles.ports[zone].lock.lock()
    let byte = consoles.ports[zone].input.takeFirst()
    consoles.ports[zone].lock.unlock()
    return byte
  }

  /// After an access: the zone sends what waits, or asks the server to.
  private mutating func share<M: Machine>(
    _ zone: Int, serves: Bool, wasEmpty: Bool, _ machine: M
  ) {
    if serves {
      drainConsoles(
        zones[zone].kind == PlanZoneKind.zoneR.rawValue
          ? Self.realTimeDrainBudget : Self.drainBudget, machine)
    } else if wasEmpty, !consoles.ports[zone].output.isEmpty {
      kickConsoleServer(machine)
    }
  }

  private func servesConsole(_ zone: Int) -> Bool {
    if zones[zone].kind != PlanZoneKind.zoneR.rawValue { return true }
    let server = Int(consoleServer)
    return server >= Int(zoneCount) || server == zone || !isAlive(server)
  }

  /// Whether the zone runs and has a CPU that does: it may have turned them all off.
  @_optimize(size)
  private func isAlive(_ zone: Int) -> Bool {
    guard zones[zone].isRunning else { return false }
    for vcpu in 0..<Int(zones[zone].cpuCount)
    where cpus[Int(zones[zone].cpus[vcpu])].state.load(ordering: .relaxed)
      == CPUState.running.rawValue
    {
      return true
    }
    return false
  }

  /// Raises the server's console line once, so that its next exit sends what waits.
  private func kickConsoleServer<M: Machine>(_ machine: M) {
    let server = Int(consoleServer)
    guard server < Int(zoneCount), consoles.ports[server].line != 0 else { return }
    consoles.ports[server].isKicked.store(true, ordering: .releasing)
    machine.raise(line: consoles.ports[server].line)
  }

  /// Distributes what the UART received. Called from exits of zones that serve the console.
  public mutating func pollInput<M: Machine>(_ machine: M) {
    guard uartLock.tryLock() else { return }
    var budget = 64
    while budget > 0, let byte = machine.receive() {
      budget -= 1
      guard let routed = router.route(byte, zoneCount: Int(zoneCount)) else { continue }
      let target = Int(router.selected)
      guard target < Int(zoneCount), consoles.ports[target].line != 0 else { continue }
      consoles.ports[target].input.append(routed)
      if consoles.ports[target].wantsInput.load(ordering: .acquiring) {
        machine.raise(line: consoles.ports[target].line)
      }
    }
    uartLock.unlock()
  }

  /// Sends up to `budget` waiting bytes. Whoever finds the lock taken leaves its bytes to the holder.
  @_optimize(size)
  public mutating func drainConsoles<M: Machine>(_ budget: Int, _ machine: M) {
    reportDrops()
    var budget = budget
    var isUARTFull = false
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    repeat {
      guard uartLock.tryLock() else { return }
      while budget > 0 {
        guard machine.canTransmit() else {
          isUARTFull = true
          break
        }
        guard let byte = multiplexer.next(consoles) else { break }
        machine.transmit(byte)
        budget -= 1
      }
      machine.setTransmitInterrupt(hasOutput)
      uartLock.unlock()
      // Either we see the byte of somebody who found the lock taken, or he sees it free.
      atomicMemoryFence(ordering: .sequentiallyConsistent)
      // A byte that came while we held the lock was left to us.
    } while budget > 0 && hasOutput && !isUARTFull
  }

  private var hasOutput: Bool {
    @_optimize(size) get {
      for source in 0..<ConsoleMultiplexer.sourceCount where consoles.waiting(source) > 0 {
        return true
      }
      return false
    }
  }
}

extension ConsolePort {
  /// One register access. Under `lock`.
  fileprivate mutating func access<UART: EmulatedUART>(
    _ uart: inout UART, _ offset: UInt32, _ value: UInt32?, mayWait: Bool
  ) -> UInt32 {
    if isKicked.exchange(false, ordering: .acquiring) { showsKick = true }
    uart.noteInput(!input.isEmpty)
    var result: UInt32 = 0
    if let value {
      switch uart.write(offset, value) {
      case .send(let byte):
        output.append(byte)
        uart.noteSent()
      case .receive, .none:
        break
      }
    } else {
      if showsKick, UART.asksForCause(offset) {
        uart.showKick()
        showsKick = false
      }
      let (read, effect) = uart.read(
        offset, hasInput: !input.isEmpty, isFull: mayWait && output.room < UART.burst)
      result = read
      if effect == .receive { result = UInt32(input.takeFirst() ?? 0) }
    }
    uart.noteInput(!input.isEmpty)
    return result
  }

  /// Makes the physical line agree with the UART's output. Under `lock`.
  fileprivate mutating func updateLine<M: Machine>(_ uart: M.Console, _ machine: M) {
    wantsInput.store(uart.wantsInput, ordering: .releasing)
    if uart.isAsserted {
      machine.raise(line: line)
      isRaised = true
    } else if isRaised {
      machine.lower(line: line)
      isRaised = false
    }
  }
}
