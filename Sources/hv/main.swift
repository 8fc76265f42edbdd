import ArgumentParser
import Foundation
import Workbench

DescriptorIO.ignoreBrokenPipes()

/// Says why on standard error and ends with `code`.
func fail(_ message: String, code: Int32) -> Never {
  Output.error(message)
  exit(code)
}

do {
  var command = try HV.parseAsRoot()
  try command.run()
} catch let failure as ToolFailure {
  fail("hv: \(failure.message)", code: failure.exitCode)
} catch let code as ExitCode {
  exit(code.rawValue)
} catch {
  let message = HV.fullMessage(for: error)
  if HV.exitCode(for: error).isSuccess {
    Output.text(message + "\n")
  } else {
    fail(message, code: HV.exitCode(for: error).rawValue)
  }
}
