import Foundation
import Testing
import ToolTestSupport

@testable import Workbench

@Suite struct CheckoutTests {
  /// A folder that looks like a checkout: scripts, one guest's sources, a tool.
  private func inCheckout<Value>(_ body: (HVFolder, Checkout) throws -> Value) throws -> Value {
    try HVFolder.with { folder in
      for script in ["scripts/build-kernel", "guests/build", "guests/linux/build"] {
        try folder.writeScript("true", to: script)
      }
      try folder.write("", to: "guests/rt-control/main.swift")
      let checkout = try #require(Checkout(executable: "\(folder.path)/build/bin/hv"))
      return try body(folder, checkout)
    }
  }

  @Test func knowsWhatItMakes() throws {
    try inCheckout { folder, checkout in
      #expect(checkout.folder == folder.path)
      for (file, command) in [
        ("build/images/kernel-aarch64.bin", "scripts/build-kernel aarch64"),
        ("build/guests/rt-control.elf", "guests/build rt-control"),
        ("systems/../build/guests/rt-control.elf", "guests/build rt-control"),
        ("build/guests/linux/initramfs.cpio.gz", "guests/linux/build"),
        ("build/images/kernel-riscv64.bin", "scripts/build-kernel riscv64"),
        ("build/guests/riscv64/rt-control.elf", "guests/build riscv64 rt-control"),
        ("build/guests/riscv64/linux/initramfs.cpio.gz", "guests/linux/build riscv64"),
        ("build/guests/riscv64/x/rt-control.elf", nil), ("build/guests/riscv64/zephyr.elf", nil),
        ("build/guests/linux/linux/linux/initramfs.cpio.gz", nil),
        ("build/guests/zephyr.elf", nil), ("build/cache/linux-arm64/Image", nil),
        ("rt-control.elf", nil), ("build/guests/rt-control.bin", nil),
      ] as [(String, String?)] {
        #expect(checkout.command(for: "\(folder.path)/\(file)")?.name == command, "\(file)")
      }
      #expect(checkout.command(for: "/build/guests/rt-control.elf") == nil)
    }
  }

  @Test func othersAreNone() throws {
    try HVFolder.with { folder in
      #expect(Checkout(executable: "\(folder.path)/build/bin/hv") == nil)
      try folder.writeScript("true", to: "scripts/build-kernel")
      #expect(Checkout(executable: "\(folder.path)/build/bin/hv") != nil)
      #expect(Checkout(executable: "\(folder.path)/bin/hv") == nil)
      #expect(Checkout(executable: "\(folder.path)/x/build/bin/hv") == nil)
    }
  }

  @Test func failuresAreTyped() throws {
    try HVFolder.with { folder in
      try folder.writeScript("exit 3", to: "three")
      try folder.writeScript("kill -9 $$", to: "nine")
      func failure(_ name: String) -> BuildCommand.Failure? {
        #expect(throws: BuildCommand.Failure.self) {
          try BuildCommand(name: name, "\(folder.path)/\(name)", []).run(output: 2)
        }
      }
      #expect(failure("three") == .ended(.exited(3)))
      #expect(failure("nine") == .ended(.signalled(9)))
      guard case .start = failure("none") else {
        Issue.record("a script that does not exist was started")
        return
      }
    }
  }
}

/// `hv run` in a checkout that was not built: it builds what it needs, once, and says so.
@Suite struct BuildIfNeededTests {
  private func inCheckout(_ body: (_ folder: HVFolder, _ tool: String) throws -> Void) throws {
    try HVFolder.with { folder in
      let tool = "\(folder.path)/build/bin/hv"
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/build/bin", withIntermediateDirectories: true)
      do {
        try FileManager.default.linkItem(atPath: HVFolder.tool, toPath: tool)
      } catch {
        try FileManager.default.copyItem(atPath: HVFolder.tool, toPath: tool)
      }
      // The fake scripts note their calls, and make what the real ones make.
      try folder.write(HVFolder.kernel, to: "kernel")
      try folder.remove("build/images")
      try folder.writeScript(
        """
        cd "$(dirname "$0")/.."; echo "kernel $*" >>calls; echo 'compiling the kernel'
        mkdir -p build/images; cp kernel build/images/kernel-$1.bin
        """, to: "scripts/build-kernel")
      try folder.writeScript(
        """
        cd "$(dirname "$0")/.."; echo "guest $*" >>calls; echo 'compiling a guest' >&2
        mkdir -p build/guests; cp rt.bin build/guests/$1.elf
        """, to: "guests/build")
      try folder.write("", to: "guests/rt-control/main.swift")
      try folder.write(
        folder.system.replacing("image: rt.bin", with: "image: build/guests/rt-control.elf"),
        to: "system.yaml")
      try folder.write("rt| DONE\r\n", to: "stream")
      try body(folder, tool)
    }
  }

  private func run(_ folder: HVFolder, _ tool: String) throws -> ToolResult {
    try folder.hv(
      ["run", "system.yaml", "--until", "DONE", "--timeout", "10"], tool: tool,
      environment: ["FAKE_QEMU_STREAM": "\(folder.path)/stream"])
  }

  @Test func kernelAndGuest() throws {
    try inCheckout { folder, tool in
      let first = try run(folder, tool)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.errors.contains("rt-control.elf is missing; running guests/build rt-control\n"))
      #expect(first.errors.contains("is missing; running scripts/build-kernel aarch64\n"))
      #expect(first.errors.contains("compiling a guest\n"))
      #expect(first.errors.contains("compiling the kernel\n"))
      #expect(first.output == "rt| DONE\n")
      #expect(try folder.bytes("calls") == Array("guest rt-control\nkernel aarch64\n".utf8))
      let second = try run(folder, tool)
      #expect(second.status == 0 && !second.errors.contains("is missing"), "\(second.errors)")
      #expect(try folder.bytes("calls").count == 32)
    }
  }

  @Test func planBuildsNothing() throws {
    try inCheckout { folder, tool in
      try folder.write(folder.system, to: "system.yaml")
      let page = try folder.hv(["plan", "system.yaml"], tool: tool)
      #expect(page.status == 0 && page.errors.contains("provisional"), "\(page.errors)")
      #expect(!folder.exists("calls"))
    }
  }

  /// The script, and the exit code and a part of the reason that follow.
  @Test(
    arguments: [
      ("echo 'no compiler'; exit 7", 1, "guests/build rt-control failed (exit code 7)"),
      ("true", 1, "guests/build rt-control ended well but did not make"),
      ("kill -TERM $PPID; sleep 30", 143, "interrupted by SIGTERM"),
    ] as [(String, Int32, String)])
  func failures(row: (script: String, code: Int32, reason: String)) throws {
    try inCheckout { folder, tool in
      try folder.writeScript(row.script, to: "guests/build")
      let result = try run(folder, tool)
      #expect(result.status == row.code, "\(result.errors)")
      #expect(result.errors.contains(row.reason), "\(result.errors)")
      #expect(result.output.isEmpty && !folder.exists("calls"))
    }
  }

  @Test func outsideACheckoutItIsAnError() throws {
    try HVFolder.with { folder in
      try folder.remove("build/images")
      let result = try folder.hv(["image", "system.yaml", "-o", "x"])
      #expect(result.status == 1 && result.errors.contains("make build"), "\(result.errors)")
    }
  }
}
