import Foundation

/// QEMU's OpenSBI, told which hart it shall boot with; by itself it takes hart 0.
enum BootHart {
  /// Firmware for the beginning of RAM of `virt`, that starts with `hart`.
  static func firmware(_ hart: UInt64) async throws -> Data {
    let folder = try ScratchFolder()
    let help = try await Command.run(
      "/usr/bin/env", ["qemu-system-riscv64", "-L", "help"], seconds: 10, folder: folder.path)
    let files = help.output.split(separator: "\n").map {
      "\($0)/opensbi-riscv64-generic-fw_dynamic.bin"
    }
    guard let file = files.first(where: { FileManager.default.isReadableFile(atPath: $0) }) else {
      throw SystemRun.NoResult(text: "QEMU has no OpenSBI: \(files)")
    }
    var image = Data()
    let instructions: [UInt32] = [
      0x0000_0297,  // auipc t0, 0
      0x0302_8613,  // addi  a2, t0, 48
      0x0282_b303,  // ld    t1, 40(t0)
      0x0003_0067,  // jr    t1
    ]
    for word in instructions {
      withUnsafeBytes(of: word.littleEndian) { image.append(contentsOf: $0) }
    }
    image.append(Data(count: 40 - image.count))
    // OpenSBI, then `struct fw_dynamic_info` (include/sbi/fw_dynamic.h): magic, version, next_addr,
    // next_mode S, options, boot_hart.
    for word: UInt64 in [0x8008_0000, 0x4942_534f, 2, 0x8020_0000, 1, 0, hart] {
      withUnsafeBytes(of: word.littleEndian) { image.append(contentsOf: $0) }
    }
    image.append(Data(count: 0x8_0000 - image.count))
    return image + (try Data(contentsOf: URL(fileURLWithPath: file)))
  }
}
