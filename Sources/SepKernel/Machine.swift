/// What the kernel's logic needs of the machine, and nothing more.
///
/// On hardware it is an empty struct and specialises away. In tests it is a recording machine. No
/// requirement may wait for another CPU or zone.
public protocol Machine {
  /// The kind of UART that zones see.
  associatedtype Console: EmulatedUART

  /// The system counter, in ticks. Called everywhere; monotonic, the same on every CPU.
  func counter() -> UInt64

  /// The clock of the latency records, in their unit. Never compared with `counter`.
  func recordTime() -> UInt64

  /// A moment in a bounded wait for another CPU; a hint to the hardware, and to an emulator that runs
  /// its CPUs in turns. Called between reads of the counter.
  func pause()

  /// Whether the UART takes a byte now. Called with the UART's lock.
  func canTransmit() -> Bool
  /// Gives the UART a byte; called after `canTransmit` said yes.
  func transmit(_ byte: UInt8)
  /// A byte the UART received, or nil. Called with the UART's lock.
  func receive() -> UInt8?
  /// Whether the UART's line shall be raised as soon as it takes bytes again.
  func setTransmitInterrupt(_ enabled: Bool)

  /// Makes a line pending, as if its device had raised it. The line's owner takes it directly.
  func raise(line: UInt32)
  /// Withdraws what `raise` did, if nobody took the line yet.
  func lower(line: UInt32)

  /// Writes the time into the stimulus ring of a zone; its line is raised right after.
  func noteStimulus(zone: Int)

  /// Starts a CPU that is off, in the kernel: nil when that is under way, or why it does not start.
  /// Called at boot by the boot CPU.
  func powerOn(cpu: Int) -> StaticString?

  /// Takes a zone's memory away. From when `wake` was called after it, none of its CPUs executes more
  /// than a few instructions of the zone before it is in the kernel, whatever the zone does: its next
  /// fetch faults, or an interrupt it cannot mask takes it there.
  func revokeMemory(ofZone zone: Int)
  /// Gives a zone its memory back. Called by the zone's boot CPU.
  func restoreMemory(ofZone zone: Int)
  /// Writes back and forgets what caches hold of the RAM of the calling CPU's zone.
  func cleanMemory(ofZone zone: Int)
  /// Copies a payload of the calling CPU's zone to its place in host memory and zeroes its rest.
  func copy(_ payload: PlanPayload, to host: UInt64)
  /// Counts a start of a zone in the records.
  func noteStart(zone: Int)

  /// Sends a CPU what ends its WFI. Called after `revokeMemory`, or for a CPU that waits in the kernel
  /// for a command.
  func wake(cpu: Int)
  /// Disables a zone's lines and forgets what is pending or active. The zone does not run.
  func quietLines(ofZone zone: Int)
}
