import Boards
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct LinuxImageTests {
  private func request(
    load: UInt64? = nil, format: ImageFormat? = nil,
    memory: [AddressRange] = [AddressRange(base: 0x4000_0000, size: 64 << 20)]
  ) -> ImageRequest {
    ImageRequest(
      file: "Image", format: format, load: load, architecture: .aarch64, memory: memory)
  }

  private func reason(_ bytes: [UInt8], _ request: ImageRequest) throws -> ImageError.Reason {
    try #require(throws: ImageError.self) { _ = try ZoneImage.read(bytes, request) }.reason
  }

  @Test func plain() throws {
    let image = try ZoneImage.read(linuxImage(size: 5000, imageSize: 9000), request())
    #expect(image.format == .linux)
    #expect(image.entry == 0x4000_0000)
    #expect(image.segments.map { $0.range } == [AddressRange(base: 0x4000_0000, size: 9000)])
    #expect(image.segments[0].bytes.count == 5000)
  }

  @Test func textOffsetAndUnalignedMemory() throws {
    let memory = [AddressRange(base: 0x4010_0000, size: 64 << 20)]
    let image = try ZoneImage.read(linuxImage(textOffset: 0x8_0000), request(memory: memory))
    #expect(image.entry == 0x4028_0000)
  }

  @Test func loadAddress() throws {
    #expect(try ZoneImage.read(linuxImage(), request(load: 0x4020_0000)).entry == 0x4020_0000)
    guard case .badLinuxHeader = try reason(linuxImage(), request(load: 0x4020_1000)) else {
      Issue.record("accepted a misaligned load address")
      return
    }
  }

  @Test func compressed() throws {
    let plain = linuxImage(size: 3 << 20)
    let packed = try run(["gzip", "-c"], input: plain)
    let image = try ZoneImage.read(packed, request())
    #expect(image.segments[0].bytes == plain)
    for length in [2, 3, 9, 10, 18, 40, packed.count / 2, packed.count - 9, packed.count - 1] {
      guard case .notCompressed = try reason(Array(packed[..<length]), request()) else {
        Issue.record("accepted \(length) bytes")
        return
      }
    }
    var damaged = packed
    damaged[packed.count / 2] ^= 0x55
    #expect(throws: ImageError.self) { _ = try ZoneImage.read(damaged, request()) }
  }

  @Test func expansionIsBounded() throws {
    let packed = try run(["gzip", "-c"], input: [UInt8](repeating: 0, count: 8 << 20))
    #expect(throws: ImageError(file: "x", reason: .tooLarge(limit: 1 << 20))) {
      _ = try Gunzip.expand(packed, limit: 1 << 20, file: "x")
    }
  }

  @Test func compressedSomethingElse() throws {
    let packed = try run(["gzip", "-c"], input: [UInt8](repeating: 0, count: 100))
    guard case .badLinuxHeader = try reason(packed, request()) else {
      Issue.record("accepted")
      return
    }
  }

  @Test func headerRefusals() throws {
    var bytes = linuxImage()
    bytes[24] |= 1
    #expect(try reason(bytes, request()) == .badLinuxHeader("the kernel is big endian"))
    for bytes in [
      linuxImage(imageSize: 0), linuxImage(imageSize: 4095), linuxImage(imageSize: .max),
      linuxImage(textOffset: 2 << 20), linuxImage(textOffset: .max),
    ] {
      guard case .badLinuxHeader = try reason(bytes, request()) else {
        Issue.record("accepted a bad header")
        return
      }
    }
    #expect(
      try reason(linuxImage(imageSize: 65 << 20), request())
        == .outsideMemory(base: 0x4000_0000, size: 65 << 20))
    let top = [AddressRange(base: 0xffff_ffff_fff0_0000, size: 0x1000)]
    #expect(
      try reason(linuxImage(), request(memory: top)) == .outsideMemory(base: 0, size: 0))
    for length in 1..<64 {
      #expect(throws: ImageError.self) {
        _ = try ZoneImage.read(Array(linuxImage()[..<length]), request(format: .linux))
      }
    }
  }

  @Test func rawImages() throws {
    let bytes = [UInt8](repeating: 7, count: 100)
    #expect(try reason(bytes, request()) == .unknownFormat)
    #expect(try reason(bytes, request(format: .raw)) == .loadAddressMissing)
    #expect(try reason([], request()) == .empty)
    var raw = request(load: 0x4000_0100)
    #expect(try ZoneImage.read(bytes, raw).entry == 0x4000_0100)
    raw.entry = 0x4000_0110
    #expect(try ZoneImage.read(bytes, raw).entry == 0x4000_0110)
    raw.entry = 0x4000_0164
    #expect(try reason(bytes, raw) == .entryNotExecutable(0x4000_0164))
    raw = request(load: .max - 10)
    #expect(try reason(bytes, raw) == .segmentWraps)
    #expect(
      try reason(Array("\u{7f}ELF".utf8), request(load: 0x4000_0000))
        == .truncated("ELF identification"))
  }

  @Test func files() throws {
    let work = try Workspace()
    for path in ["\(work.path)/missing", work.path, "/dev/zero"] {
      let error = try #require(throws: ImageError.self) {
        _ = try ZoneImage.load(
          ImageRequest(file: path, architecture: .aarch64, memory: []))
      }
      #expect(error.description.hasPrefix(path))
    }
  }
}
