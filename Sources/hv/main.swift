import ArgumentParser
import Foundation
import Workbench

DescriptorIO.occupyStandardDescriptors()
DescriptorIO.ignoreBrokenPipes()

/// Says why on standard error and ends with `code`.
func fail(_ message: String, code: Int32) -> Never {
  Output.error(message)
  exit(code)
}

/// The same for what a command could not do.
func fail(_ failure: ToolFailure) -> Never {
  if failure.message.isEmpty { exit(failure.exitCode) }
  fail("hv: \(failure.message)", code: failure.exitCode)
}

do {
  var command = try HV.parseAsRoot()
  try command.run()
} catch let failure as ToolFailure {
  fail(failure)
} catch let code as ExitCode {
  exit(code.rawValue)
} catch {
  let message = HV.fullMessage(for: error)
  if HV.exitCode(for: error).isSuccess {
    do { try Output.text(message + "\n") } catch { fail(error) }
  } else {
    fail(message, code: HV.exitCode(for: error).rawValue)
  }
}
