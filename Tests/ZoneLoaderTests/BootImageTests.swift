import Boards
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct BootImageTests {
  @Test func layout() throws {
    let work = try PlannerTests.demoWorkspace()
    // A kernel whose zeroed data is not in the file.
    let kernelPath = try work.write(linuxImage(size: 10_000, imageSize: 0x9010), to: "kernel.bin")
    let info = try KernelImageInfo(path: kernelPath)
    #expect(info.byteCount == 0x9010)
    #expect(info.hash == Array(SHA256.digest(of: try work.read("kernel.bin")).prefix(16)))
    let system = try Planner.plan(
      try work.system(PlannerTests.demo), kernelImage: info, deviceTree: .blob(boardTree()))
    try system.writeBootImage(kernel: kernelPath, to: "\(work.path)/boot.img")
    let image = try work.read("boot.img")

    // Kernel, unchanged but for image_size and the early console.
    let kernelBytes = try work.read("kernel.bin")
    #expect(Array(image[..<16]) == Array(kernelBytes[..<16]))
    #expect(Array(image[24..<32]) == Array(kernelBytes[24..<32]))
    #expect(LittleEndian.read(image, at: 32, as: UInt64.self) == 0x0900_0000)
    #expect(Array(image[40..<10_000]) == Array(kernelBytes[40...]))
    #expect(LittleEndian.read(image, at: 16, as: UInt64.self) == system.kernelRegion.size)
    #expect(image[10_000..<0xa000].allSatisfy { $0 == 0 })
    // Plan at the next 4 KiB granule after __image_end.
    #expect(Array(image[0xa000..<(0xa000 + system.planBytes.count)]) == system.planBytes)
    // Payloads where the Plan says they are; the file ends with the last.
    let base = system.kernelRegion.base
    let sources = try system.withPlan { plan in
      (0..<plan.zoneCount).flatMap { zone in
        (0..<plan.zone(zone).payloadCount).map { plan.zone(zone).payload($0) }
      }
    }
    #expect(sources.count == 4)
    let linux = try work.read("Image")
    let first = Int(sources[0].source - base)
    #expect(Array(image[first..<(first + linux.count)]) == linux)
    #expect(sources.allSatisfy { $0.source % 4096 == 0 })
    #expect(sources.map { Int($0.source - base) + Int($0.fileSize) }.max() == image.count)
    #expect(UInt64(image.count) <= system.tables.base - base)
    #expect(system.tables.end == system.kernelRegion.end)
  }

  @Test func anotherKernelIsRefused() throws {
    let work = try PlannerTests.demoWorkspace()
    let system = try work.plan(PlannerTests.demo)
    let other = try work.write(linuxImage(), to: "other.bin")
    #expect(throws: PlanningError.self) {
      try system.writeBootImage(kernel: other, to: "\(work.path)/boot.img")
    }
    #expect(throws: (any Error).self) { _ = try work.read("boot.img") }
  }

  @Test func badKernels() throws {
    let work = try Workspace()
    for bytes in [
      [], [UInt8](repeating: 0, count: 100), linuxImage(imageSize: 100),
      linuxImage(imageSize: 1 << 30), Array(linuxImage()[..<60]),
    ] {
      let path = try work.write(bytes, to: "kernel.bin")
      #expect(throws: PlanningError.self) { _ = try KernelImageInfo(path: path) }
    }
    #expect(throws: PlanningError.self) { _ = try KernelImageInfo(path: "\(work.path)/none") }
  }

  @Test func unwritablePath() throws {
    let work = try PlannerTests.demoWorkspace()
    let path = try work.write(linuxImage(), to: "kernel.bin")
    let system = try Planner.plan(
      try work.system(PlannerTests.demo), kernelImage: KernelImageInfo(path: path),
      deviceTree: .blob(boardTree()))
    let error = try #require(throws: PlanningError.self) {
      try system.writeBootImage(kernel: path, to: "\(work.path)/no/such/folder")
    }
    #expect(error.description.contains("cannot be written"))
  }
}
