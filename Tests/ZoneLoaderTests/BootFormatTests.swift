import Boards
import Foundation
import SepKernel
import Testing

@testable import ZoneLoader

/// The containers of a boot image, read back by other code than what wrote them.
@Suite struct BootFormatTests {
  private static let content = BootFormat.Content(
    bytes: (0..<5001).map { UInt8(truncatingIfNeeded: $0 &* 7) }, base: 0x4020_0000,
    architecture: .aarch64, name: "kernel, plan 0123456789abcdef")

  @Test func elf() throws {
    for (architecture, machine) in [
      (PlanArchitecture.aarch64, ElfMachine.aarch64), (.riscv64, .riscv),
    ] {
      var content = Self.content
      content.architecture = architecture
      let file = try BootFormat.elf.header(for: content) + content.bytes
      let request = ImageRequest(
        file: "boot.elf", format: .elf, architecture: architecture,
        memory: [AddressRange(base: 0x4000_0000, size: 16 << 20)])
      let image = try ZoneImage.read(file, request)
      #expect(ElfMachine(rawValue: LittleEndian.read(file, at: 18) ?? 0) == machine)
      #expect(image.entry == content.base)
      #expect(image.segments.map(\.address) == [content.base])
      #expect(image.segments.map(\.bytes) == [content.bytes])
    }
  }

  @Test func uimage() throws {
    let header = try BootFormat.uimage.header(for: Self.content)
    #expect(header.count == 64)
    func word(_ offset: Int) -> UInt32 {
      header[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
    #expect(word(0) == 0x2705_1956)
    #expect(word(8) == 0 && word(12) == 5001 && word(16) == 0x4020_0000 && word(20) == 0x4020_0000)
    #expect(word(24) == Self.crc32(Self.content.bytes))
    #expect(Array(header[28..<32]) == [5, 22, 2, 0])
    #expect(String(decoding: header[32..<61], as: UTF8.self) == Self.content.name)
    #expect(Array(header[61...]) == [0, 0, 0])
    var cleared = header
    cleared.replaceSubrange(4..<8, with: [0, 0, 0, 0])
    #expect(word(4) == Self.crc32(cleared))
  }

  /// A long name is cut, and its end stays a zero.
  @Test func uimageName() throws {
    var content = Self.content
    content.name = String(repeating: "n", count: 100)
    let header = try BootFormat.uimage.header(for: content)
    #expect(header.count == 64 && header[62] == UInt8(ascii: "n") && header[63] == 0)
  }

  @Test func fit() throws {
    let header = try BootFormat.fit.header(for: Self.content)
    #expect(header.count % 4 == 0)
    let root = try DeviceTreeNode(flattened: header)
    let kernel = try #require(root.child(named: "images")?.child(named: "kernel-1"))
    #expect(kernel.strings("arch") == ["arm64"] && kernel.strings("os") == ["linux"])
    #expect(kernel.cells("load") == [0, 0x4020_0000] && kernel.cells("entry") == [0, 0x4020_0000])
    #expect(kernel.cells("data-offset") == [0] && kernel.cells("data-size") == [5001])
    #expect(kernel.child(named: "hash-1")?["value"] == SHA256.digest(of: Self.content.bytes))
    let configurations = try #require(root.child(named: "configurations"))
    let name = try #require(configurations.strings("default").first)
    #expect(configurations.child(named: name)?.strings("kernel") == ["kernel-1"])
  }

  /// A FIT says addresses above 4 GiB, a legacy image cannot.
  @Test func highAddress() throws {
    var content = Self.content
    content.base = 0x12_3456_7000
    let tree = try DeviceTreeNode(flattened: BootFormat.fit.header(for: content))
    let kernel = try #require(tree.child(named: "images")?.child(named: "kernel-1"))
    #expect(kernel.cells("load") == [0x12, 0x3456_7000])
    let error = #expect(throws: BootFormat.Failure.tooHigh(0x12_3456_7000)) {
      try BootFormat.uimage.header(for: content)
    }
    #expect(error?.description.contains("use --format image, elf or fit") == true)
  }

  @Test func lengthIsLimited() throws {
    #expect(try BootFormat.length(0xffff_ffff) == 0xffff_ffff)
    #expect(throws: BootFormat.Failure.tooLong(1 << 32)) { try BootFormat.length(1 << 32) }
  }

  /// The file that is written is the header and the bytes of the `Image`.
  @Test(arguments: BootFormat.allCases) func file(_ format: BootFormat) throws {
    let work = try PlannerTests.demoWorkspace()
    let kernel = try work.write(linuxImage(), to: "kernel.bin")
    let system = try Planner.plan(
      try work.system(PlannerTests.demo), kernelImage: KernelImageInfo(path: kernel),
      deviceTree: .blob(boardTree()))
    try system.writeBootImage(kernel: kernel, to: "\(work.path)/image")
    try system.writeBootImage(kernel: kernel, to: "\(work.path)/boot", format: format)
    let (image, boot) = (try work.read("image"), try work.read("boot"))
    #expect(Array(boot.suffix(image.count)) == image)
    #expect((boot.count == image.count) == (format == .image))
    #expect(system.checksumText.count == 16)
  }

  private static let tools = ["/usr/bin/mkimage", "/usr/bin/dumpimage"]

  /// U-Boot's own tools accept them, and find the damage when a byte is changed.
  @Test(
    .enabled(
      if: tools.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) },
      "mkimage is not installed: `scripts/setup --develop`"),
    arguments: [PlanArchitecture.aarch64, .riscv64])
  func mkimage(_ architecture: PlanArchitecture) throws {
    let work = try Workspace()
    var content = Self.content
    content.architecture = architecture
    for format in [BootFormat.uimage, .fit] {
      let bytes = try format.header(for: content) + content.bytes
      let path = try work.write(bytes, to: "boot")
      let list = String(decoding: try run([Self.tools[0], "-l", path]), as: UTF8.self)
      #expect(list.contains(architecture == .aarch64 ? "AArch64" : "RISC-V"), "\(list)")
      #expect(list.contains("Kernel Image") && list.contains(content.name), "\(list)")
      #expect(list.contains(#/Load Address: +(0x)?40200000/#), "\(list)")
      let type = format == .uimage ? "kernel" : "flat_dt"
      _ = try run([Self.tools[1], "-T", type, "-p", "0", "-o", "\(work.path)/out", path])
      #expect(try work.read("out") == content.bytes)
      var damaged = bytes
      damaged[format == .uimage ? 20 : 8] ^= 0xff
      let other = try work.write(damaged, to: "damaged")
      let answer = String(
        decoding: try run(["sh", "-c", "mkimage -l \(other) || true"]), as: UTF8.self)
      #expect(!answer.contains(content.name), "\(answer)")
    }
  }

  /// CRC-32 bit by bit.
  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
    }
  }
}
