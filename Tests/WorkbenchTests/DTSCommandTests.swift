import Foundation
import Testing
import ToolTestSupport

@testable import Workbench

/// `hv dts import` as a user runs it, from a tree to a board that a system names.
@Suite struct DTSCommandTests {
  private func withTree(
    _ name: String = "qemu-virt-aarch64", _ body: (HVFolder) throws -> Void
  ) throws {
    let source = Fixture.repository.appendingPathComponent(
      "Tests/ZoneLoaderTests/Fixtures/\(name).dts"
    ).path
    try HVFolder.with { folder in
      let tree = try ToolOutput(
        "/usr/bin/dtc", ["-q", "-I", "dts", "-O", "dtb", source], patience: .seconds(20))
      try #require(tree.status == 0)
      try folder.write(tree.bytes, to: "board.dtb")
      try folder.write(String(contentsOfFile: source, encoding: .utf8), to: "board.dts")
      try body(folder)
    }
  }

  /// What is missing is asked for, the file is refused until it is there, and then it is a board.
  @Test func fromATreeToASystem() throws {
    try withTree { folder in
      let result = try folder.hv(["dts", "import", "board.dtb", "-o", "mine.yaml"])
      #expect(result.status == 2 && result.output.isEmpty, "\(result.errors)")
      #expect(result.errors.contains("hv: missing: counterFrequency: not in the tree"))
      #expect(result.errors.contains("hv: check: kernelBase: "))
      let refused = try folder.hv(["checklist", "mine.yaml"])
      #expect(refused.status == 1 && refused.errors.contains("counterFrequency"), "\(refused)")
      let path = "\(folder.path)/mine.yaml"
      var text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains("\n# ASK counterFrequency: "))
      text = text.replacing("\n# counterFrequency:\n", with: "\ncounterFrequency: 62500000\n")
      try folder.write(text, to: "mine.yaml")
      let list = try folder.hv(["checklist", "mine.yaml"])
      #expect(list.status == 0 && list.output.contains("board: dummy-virt"), "\(list)")
      try folder.write(
        HVFolder.oneZone.replacing(
          "{ name: qemu-virt-aarch64, ram: 1GiB, cpus: 2 }", with: "mine.yaml"), to: "system.yaml")
      let plan = try folder.hv(["plan", "system.yaml"])
      #expect(plan.status == 0 && plan.output.contains("\nboard   dummy-virt\n"), "\(plan)")
      let image = try folder.hv([
        "image", "mine.yaml", "--bringup", "-o", "b.img", "--kernel",
        "build/images/kernel-aarch64.bin",
      ])
      #expect(image.status == 0, "\(image.errors)")
      let table = try folder.hv(["boards", "mine.yaml", "--yaml"])
      #expect(table.status == 0 && table.output.contains("name: dummy-virt\n"), "\(table)")
    }
  }

  @Test func otherForms() throws {
    try withTree("qemu-virt-riscv64") { folder in
      let yaml = try folder.hv(["dts", "import", "board.dts"])
      #expect(yaml.status == 0 && yaml.output.contains("\nname: riscv-virtio\n"), "\(yaml.errors)")
      #expect(try folder.hv(["dts", "import", "board.dtb"]).output.count == yaml.output.count)
      let swift = try folder.hv(["dts", "import", "board.dtb", "--swift"])
      #expect(swift.status == 0 && swift.output.hasPrefix("import SepKernel\n"))
      let text = try folder.hv(["dts", "import", "board.dtb", "--json"]).output
      let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      #expect(json?["architecture"] as? String == "riscv64" && json?["counterFrequency"] != nil)
      #expect((json?["interruptController"] as? [String: Any])?["kind"] as? String == "plic")
      #expect((json?["missing"] as? [String])?.isEmpty == true)
    }
    #expect(
      try HVFolder.with { try $0.hv(["dts", "import", "--help"]).output.contains("--swift") })
  }

  /// Included files, by cpp and by dtc.
  @Test func sourceWithIncludes() throws {
    try withTree("qemu-virt-riscv64") { folder in
      try folder.write("#define MODEL \"a board of mine\"\n", to: "headers/model.h")
      try folder.write("/ { model = MODEL; };\n", to: "model.dtsi")
      let source = try String(contentsOfFile: "\(folder.path)/board.dts", encoding: .utf8)
      try folder.write(
        "#include <model.h>\n\(source)\n#include \"model.dtsi\"\n", to: "board.dts")
      let without = try folder.hv(["dts", "import", "board.dts"])
      #expect(without.status == 1 && without.errors.contains("model.h"), "\(without.errors)")
      for included in ["headers/model.h", "model.dtsi", "board.dts"] {
        let replaced = try folder.hv([
          "dts", "import", "board.dts", "--include", "headers", "-o", included,
        ])
        #expect(replaced.status == 1 && replaced.errors.contains("would replace"), "\(replaced)")
      }
      let named = try folder.hv(["dts", "import", "board.dts", "--include", "headers", "-o", "-"])
      #expect(named.status == 0 && named.output.contains("\nname: ") && !folder.exists("-"))
      let with = try folder.hv(["dts", "import", "board.dts", "--include", "headers"])
      #expect(with.status == 0 && with.output.contains("summary: \"a board of mine\""), "\(with)")
    }
  }

  @Test func refusals() throws {
    try withTree { folder in
      try folder.write("/dts-v1/;\n/ { x = <; };\n", to: "bad.dts")
      try folder.write("no tree", to: "text.dtb")
      try folder.write([UInt8](repeating: 0, count: 2 << 20), to: "long.dtb")
      // Nobody writes there: to open it would be to wait for ever.
      #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/link.dts", withDestinationPath: "pipe")
      try folder.write("/dts-v1/;\n/ { };\n", to: "empty.dts")
      for (arguments, code, says) in [
        (["none.dtb"], 1, "none.dtb: does not exist"), (["none.dts"], 1, "none.dts: does not"),
        (["bad.dts"], 1, "dtc"), (["text.dtb"], 1, "text.dtb: "),
        (["empty.dts"], 1, "no CPU of an architecture"), (["long.dtb"], 1, "more than the limit"),
        (["/dev/zero"], 1, "hv: /dev/zero: is not a regular file"),
        (["."], 1, "hv: .: is not a regular file"), (["pipe"], 1, "pipe: is not a regular file"),
        (["link.dts"], 1, "link.dts: is not a regular file"),
        (["board.dtb", "-o", "/nonexistent/x"], 1, "/nonexistent/x: "),
        (["board.dtb", "--json", "--swift"], 64, "not both"),
        (["board.dtb", "--include", "x"], 64, "source"), ([], 64, "Missing"),
      ] as [([String], Int32, String)] {
        let result = try folder.hv(["dts", "import"] + arguments)
        #expect(result.status == code && result.output.isEmpty, "\(arguments) \(result)")
        #expect(result.errors.contains(says), "\(arguments): \(result.errors)")
      }
    }
  }
}
