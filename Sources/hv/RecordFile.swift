import Foundation
import LatencyProbe
import LatencyReport
import Workbench
import ZoneLoader

/// Why a record file was not written.
struct RecordFileError: Error, CustomStringConvertible {
  var description: String
}

/// Makes a record file of what came out of the machine: adds where it came from, seals and writes
/// it.
struct RecordFile {
  let system: PlannedSystem
  let command: QEMUCommand
  /// QEMU's version.
  let version: String
  /// What the zones were doing, in the user's words.
  let load: String?

  /// Seals `region` and writes it to the file `path`.
  func write(_ region: [UInt8], to path: String) throws(RecordFileError) {
    let sealed: [UInt8]
    do {
      sealed = try RecordSealer.seal(
        region,
        run: RecordSealer.Run(
          timebase: command.icount ? .icount : .emulated,
          icountShift: command.icount ? command.icountShift : nil, provenance: provenance))
    } catch {
      throw RecordFileError(description: "the machine holds no record: \(error)")
    }
    do {
      try OutputFile.write(sealed, to: path)
    } catch {
      throw RecordFileError(description: error.description)
    }
  }

  /// Keys of docs/record-format.md, and the system's path.
  private var provenance: [ProvenanceItem] {
    // The socket is a detail of this run.
    var command = command
    command.qmpSocket = nil
    let items: [(String, String?)] = [
      ("tool", "hv \(HV.toolVersion), QEMU \(version)"),
      ("date", Date().formatted(.iso8601)), ("system", system.description.path), ("load", load),
      ("command", String(command.shellLine.prefix(2000))),
    ]
    return items.compactMap { key, value in value.map { ProvenanceItem(key, $0) } }
  }
}
