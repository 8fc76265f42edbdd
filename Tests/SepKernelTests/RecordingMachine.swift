import SepKernel

/// A machine that does nothing but write down what the kernel asked of it.
///
/// The state is in a class, because the kernel copies its `Machine` freely. The counter advances by
/// `step` with each read, so every bounded wait ends; `onCounter` is where a test lets "other CPUs"
/// move on while the kernel waits for them.
///
/// Its zones see a UART of the kind `Console`.
struct RecordingMachineWith<Console: EmulatedUART>: Machine {
  /// A call the kernel made, in order. Bytes for the UART are in `Log.sent`.
  enum Call: Equatable {
    case stimulus(Int)
    case raise(UInt32)
    case lower(UInt32)
    case powerOn(Int)
    case revoke(Int)
    case restore(Int)
    case clean(Int)
    case copy(from: UInt64, to: UInt64)
    case start(Int)
    case wake(Int)
    case quiet(Int)
  }

  final class Log {
    var calls: [Call] = []
    var sent: [UInt8] = []
    /// Bytes the UART received, oldest first.
    var received: [UInt8] = []
    /// Bytes the UART still takes.
    var room = Int.max
    var transmitInterrupt = false
    var tick: UInt64 = 1000
    var step: UInt64 = 1
    var counterReads = 0
    /// Called with the number of reads so far, before each counter read.
    var onCounter: (Int) -> Void = { _ in }
    var onWake: (Int) -> Void = { _ in }
    /// What `powerOn` answers; where a test lets the CPU come up.
    var onPowerOn: (Int) -> StaticString? = { _ in nil }

    /// Everything sent, as text.
    var text: String { String(decoding: sent, as: UTF8.self) }
  }

  let log = Log()

  func counter() -> UInt64 {
    log.counterReads += 1
    log.onCounter(log.counterReads)
    log.tick &+= log.step
    return log.tick
  }

  func recordTime() -> UInt64 { log.tick }
  func pause() {}

  func canTransmit() -> Bool { log.room > 0 }
  func transmit(_ byte: UInt8) {
    log.room -= 1
    log.sent.append(byte)
  }
  func receive() -> UInt8? { log.received.isEmpty ? nil : log.received.removeFirst() }
  func setTransmitInterrupt(_ enabled: Bool) { log.transmitInterrupt = enabled }
  func raise(line: UInt32) { log.calls.append(.raise(line)) }
  func lower(line: UInt32) { log.calls.append(.lower(line)) }
  func noteStimulus(zone: Int) { log.calls.append(.stimulus(zone)) }
  func powerOn(cpu: Int) -> StaticString? {
    log.calls.append(.powerOn(cpu))
    return log.onPowerOn(cpu)
  }
  func revokeMemory(ofZone zone: Int) { log.calls.append(.revoke(zone)) }
  func restoreMemory(ofZone zone: Int) { log.calls.append(.restore(zone)) }
  func cleanMemory(ofZone zone: Int) { log.calls.append(.clean(zone)) }
  func copy(_ payload: PlanPayload, to host: UInt64) {
    log.calls.append(.copy(from: payload.source, to: host))
  }
  func noteStart(zone: Int) { log.calls.append(.start(zone)) }
  func wake(cpu: Int) {
    log.calls.append(.wake(cpu))
    log.onWake(cpu)
  }
  func quietLines(ofZone zone: Int) { log.calls.append(.quiet(zone)) }
}

typealias RecordingMachine = RecordingMachineWith<EmulatedPL011>
