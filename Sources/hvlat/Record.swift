import ArgumentParser
import Foundation
import LatencyProbe
import LatencyReport

/// `hvlat record`: the record of a machine that runs, or of a dump of its memory.
struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy the latency record out of a running machine or a memory dump, and seal it.",
    discussion: """
      From a dump of physical memory, the record is found by its header: no address is needed. From \
      QEMU, the machine is stopped while its memory is copied, and runs on; --at is the address of \
      board.records, which `hv plan` prints. What the clock of the machine was has to be said: \
      nothing in the memory tells. `hv run --record` does all of this for machines that hv runs.

        hvlat record --dump memory.bin --timebase hardware -o run.hvlat
        hvlat record --qmp q.sock --at 0x48000000 --timebase hardware -o run.hvlat
      """)

  /// What the machine's counter counts.
  enum Clock: String, CaseIterable, ExpressibleByArgument {
    case hardware, icount, emulated
  }

  @Option(help: "A file with the machine's physical memory, or a part of it.")
  var dump: String?

  @Option(help: "The socket of QEMU's machine protocol (-qmp unix:PATH,server,nowait).")
  var qmp: String?

  @Option(help: "Where the record begins: a physical address with --qmp, an offset with --dump.")
  var at: String?

  @Option(help: "What the machine's counter counts: hardware, icount or emulated.")
  var timebase: Clock

  @Option(help: "N of QEMU's -icount shift=N.")
  var icountShift: UInt32?

  @Option(help: "What the zones were doing, in your words.")
  var load: String?

  @OptionGroup
  var output: RecordOutput

  func validate() throws {
    guard (dump == nil) != (qmp == nil) else {
      throw ValidationError("give one of --dump and --qmp")
    }
    guard (timebase == .icount) == (icountShift != nil) else {
      throw ValidationError("--icount-shift goes with --timebase icount, and only with it")
    }
    if qmp != nil, at == nil { throw ValidationError("--qmp needs --at") }
    if let at, Self.number(at) == nil {
      throw ValidationError("--at: '\(at)' is no number such as 0x48000000")
    }
  }

  func run() throws(ExitCode) {
    try Output.refuse(["-o": output.output], over: dump.map { [$0] } ?? [])
    let start = at.flatMap(Self.number)
    let region: [UInt8]
    do {
      if let dump {
        region = try RecordSource.dump(dump, at: start)
      } else {
        region = try RecordSource.machine(qmp ?? "", at: start ?? 0)
      }
    } catch {
      Input.complain(error.description)
      throw ExitCode(1)
    }
    let sealed: [UInt8]
    do {
      sealed = try RecordSealer.seal(
        region,
        run: .init(timebase: clock, icountShift: icountShift, provenance: provenance))
    } catch {
      Input.complain("\(dump ?? qmp ?? ""): the machine holds no record: \(error)")
      throw ExitCode(1)
    }
    try output.write(sealed)
  }

  private var clock: Timebase {
    switch timebase {
    case .hardware: .hardware
    case .icount: .icount
    case .emulated: .emulated
    }
  }

  private var provenance: [ProvenanceItem] {
    var items = [
      ProvenanceItem("tool", "hvlat record"),
      ProvenanceItem("date", Date().formatted(.iso8601)),
    ]
    if let load { items.append(ProvenanceItem("load", load)) }
    return items
  }

  /// Decimal, or hexadecimal after `0x`.
  private static func number(_ text: String) -> UInt64? {
    text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }
}
