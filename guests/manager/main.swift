#if hasFeature(Embedded)
internal import GuestSupport

/// Entry: the first argument is the script, the others are its operands (guests/README.md).
@c(guest_main)
public func guestMain(script: UInt64, first: UInt64, second: UInt64, third: UInt64) {
  Console.write("manager: start")
  Console.field("zone", signed: Kernel.call(.zoneSelf).code)
  Console.endLine()
  Interrupts.start()
  Interrupts.startCPU(0)
  Terminal.start()
  Interrupts.enable()

  let command = Command(script: script & 0xff, first, second)
  if let command {
    Manager.run(command, settle: third)
    Console.line("manager: DONE")
    if script & 1 << 32 != 0 { Firmware.systemOff() }
  }
  while true {
    let line = Terminal.readLine()
    if let command = Command(line: line) {
      Manager.run(command, settle: third)
    } else if line.count > 0 {
      Console.line("manager: ERROR unknown command; try help")
    }
  }
}
#else
print("manager is a bare-metal guest. Build it with guests/build.")
#endif
