import ArgumentParser

/// `hv run`: the system in QEMU.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Start a system in QEMU, show its consoles, end with a reason.",
    discussion: """
      Every line is printed behind its zone's name. Each zone's exact output is kept in \
      LOGDIR/ZONE.log, the kernel's in kernel.log, the stream as it came in raw.log.

      On a terminal the keyboard goes to one zone: Ctrl-A x ends the run, Ctrl-A h helps, Ctrl-] \
      and a hexadecimal digit selects another zone.

      PATTERNS are regular expressions on lines without terminal escapes. 'rt:DONE' looks in zone \
      rt, 'kernel:...' in the kernel's lines, '*:DONE' or just 'DONE' everywhere; a word before \
      the first colon is a source. A line counts when it ends, and while it is unfinished, as a \
      prompt is, after 50 ms of silence.

      EXAMPLES
        hv run systems/demo.yaml
        hv run systems/demo.yaml --console rt-control --timeout 60
        hv run demo.yaml --until 'rt-control:DONE' --icount --record demo.hvlat
        hv run demo.yaml --send 'linux:/# $:uname -m' --until 'linux:^aarch64$'

      QEMU 10 or later is found in PATH, or named by HV_QEMU. Exit codes: hv --help.
      """)

  @OptionGroup var options: SystemOptions

  @Flag(
    help: ArgumentHelp(
      "One tick of the records' clock is one instruction: path lengths, not time.",
      discussion:
        "QEMU's -icount shift=N,sleep=off, N by board. With more than two busy CPUs QEMU starves some."
    ))
  var icount = false

  @Option(help: ArgumentHelp("End after this wall time, with exit code 5.", valueName: "seconds"))
  var timeout: Double?

  @Option(
    help: ArgumentHelp(
      "End well when a line matches; with several, when all have matched.",
      valueName: "[zone:]regex"))
  var until: [String] = []

  @Option(
    help: ArgumentHelp(
      "When a line of the zone matches, type the text and Enter.",
      discussion: """
        Pairs of one zone are taken in order. A colon in REGEX is written \\:. TEXT may have \\r \
        \\n \\t \\e \\xHH, and \\c at its end for no Enter.
        """, valueName: "zone:regex:text"))
  var send: [String] = []

  @Option(
    help: ArgumentHelp(
      "Type the text and Enter as soon as the console's zone has printed something.",
      valueName: "text"))
  var input: [String] = []

  @Option(
    help: ArgumentHelp(
      "Zone that gets the keyboard and --input; zone0 or the first with a console otherwise.",
      valueName: "zone"))
  var console: String?

  @Option(
    help: ArgumentHelp(
      "Read the latency records out of the machine at the end and write them here.",
      valueName: "file"))
  var record: String?

  @Option(
    help: ArgumentHelp("What the zones were doing, for the record's provenance.", valueName: "text")
  )
  var load: String?

  @Option(
    help: ArgumentHelp(
      "A zone that may fail or be refused without ending the run.", valueName: "zone"))
  var allowFailed: [String] = []

  @Option(
    help: ArgumentHelp("Folder for logs and the boot image.", valueName: "folder"),
    completion: .directory)
  var logDir: String?

  @Flag(help: "Wait for a debugger on localhost:1234 before the first instruction.")
  var gdb = false

  @Option(help: ArgumentHelp("Number of CPUs QEMU gets, whatever the plan says.", valueName: "n"))
  var smp: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("One more argument for QEMU, repeatable.", valueName: "argument"))
  var qemuArg: [String] = []

  @Flag(name: .shortAndLong, help: "Do not print the consoles; the logs have them.")
  var quiet = false

  @Flag(help: "Print the result as JSON on standard output, the consoles on standard error.")
  var json = false

  func validate() throws {
    try SystemOptions.requireFile("--record", record)
    if let timeout, !(timeout > 0 && timeout < 1e9) {
      throw ValidationError("--timeout needs a number of seconds above 0")
    }
    if let smp, !(1...512).contains(smp) {
      throw ValidationError("--smp needs a number from 1 to 512")
    }
  }

  func run() throws {
    try SystemRun(arguments: self).run()
  }
}
