import ArgumentParser

/// The workbench: from a `system.yaml` to a running machine.
struct HV: ParsableCommand {
  /// Version of the tool, in `--version` and in the provenance of records.
  static let toolVersion = "0.1"

  static let configuration = CommandConfiguration(
    commandName: "hv",
    abstract: "Plan, build and run systems of zones that share nothing.",
    discussion: """
      A system is described in a YAML file: the board and its zones, each with CPUs, memory, an \
      image and devices of its own (docs/configuration.md).

      EXAMPLES
        hv boards                              what there is to run on
        hv plan systems/demo.yaml              who owns what, as a table to sign
        hv image systems/demo.yaml -o boot.img one file that a boot loader starts
        hv run systems/demo.yaml               start it in QEMU; Ctrl-A x ends it
        hv checklist imx8mp-evk --log boot.log what is known of a board, as a list to sign
        hv dts import board.dtb -o board.yaml  a board file out of a device tree

      EXIT CODES
        0 good                      5 timeout, or it ended before --until matched
        1 a system or file that     6 QEMU could not start or died, or no records
          cannot be used            64 wrong usage
        2 checklist: an item fails; 128+n ended by signal n
          dts import: something is
          missing in the tree
        3 kernel panic or
          plan refused
        4 a zone failed or was refused
      """,
    version: toolVersion,
    subcommands: [
      BoardsCommand.self, PlanCommand.self, ImageCommand.self, RunCommand.self,
      DTSCommand.self,
      ChecklistCommand.self,
    ])
}
