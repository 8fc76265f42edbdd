import Boards
import SepKernel

/// How a board file says that QEMU can be the board. The file may come from anybody, and these words
/// become a command: they choose among QEMU's machines, and can name no program, file or option else.
extension BoardFile {
  static func readEmulator(_ reader: FieldReader) throws(ConfigurationError) -> BoardEmulator {
    let program = try reader.required(
      "program", try reader.choice("program", programs.map { ($0, $0) }), example: programs[0])
    let machine = try word("machine", reader, example: "virt,virtualization=on")
    let properties = machine.split(separator: ",").dropFirst()
    guard properties.allSatisfy({ machineProperties.contains(String($0.prefix { $0 != "=" })) })
    else {
      throw reader.error(
        "machine", "`\(machine)` has a property that is not allowed here",
        "use: \(machineProperties.joined(separator: ", ")); anything else goes with "
          + "`hv run --qemu-arg`")
    }
    return BoardEmulator(
      program: program,
      minimumVersion: Int(try reader.bounded("minimumVersion", 1...1000) ?? 10),
      machine: machine, cpu: try word("cpu", reader, example: "cortex-a53"),
      machineArguments: try reader.flag("sound") == false ? BoardEmulator.silent : [],
      icountShift: UInt32(
        try reader.required(
          "icountShift", try reader.bounded("icountShift", 0...10), example: "4")),
      icountArguments: try reader.flag("icountTimer") == true ? BoardEmulator.ticking : [],
      firmware: try readFirmware(reader),
      hasTree: try reader.flag("tree") ?? true,
      serialPort: Int(try reader.bounded("serialPort", 0...7) ?? 0))
  }

  private static let programs = ["qemu-system-aarch64", "qemu-system-riscv64"]

  /// Those that make a machine what it is; others write files (`dumpdtb`) or read some.
  private static let machineProperties = [
    "virtualization", "gic-version", "aia", "aia-guests", "secure", "its", "iommu", "aclint",
  ]

  private static func word(
    _ key: String, _ reader: FieldReader, example: String
  ) throws(ConfigurationError) -> String {
    let word = try reader.required(key, try reader.text(key), example: example)
    let others = Set("-.,=_+".utf8)
    let allowed = word.utf8.allSatisfy { byte in
      others.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    guard allowed, word.utf8.count <= 200, word.utf8.first != UInt8(ascii: "-") else {
      throw reader.error(key, "`\(word)` cannot be one", "write it like `\(example)`")
    }
    return word
  }

  private static func readFirmware(
    _ reader: FieldReader
  ) throws(ConfigurationError) -> BoardFirmware? {
    guard let node = reader.node("firmware") else { return nil }
    let firmware = try reader.nested("firmware", node, section: .boardFirmware)
    func region(_ key: String) throws(ConfigurationError) -> AddressRange {
      try firmware.required(
        key, try firmware.range(key), example: "{ base: 0x3800_0000, size: 64KiB }")
    }
    let isa = try word("isa", firmware, example: "rv64imafdch_sstc")
    let identities = try firmware.required(
      "identities", try firmware.bounded("identities", 63...2047), example: "255")
    return BoardFirmware(
      clint: try region("clint"), machineAPLIC: try region("aplic"),
      machineIMSIC: try region("imsic"), identities: UInt32(identities), isa: isa)
  }
}
