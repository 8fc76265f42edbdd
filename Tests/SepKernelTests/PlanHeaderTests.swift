import PlanTestSupport
import SepKernel
import Testing

/// What the check does before it can trust any field, and what comes of the context.
@Suite struct PlanHeaderTests {
  private func verdict(_ bytes: UnsafeRawBufferPointer, _ context: PlanContext) -> PlanError? {
    do throws(PlanError) {
      _ = try PlanCheck.check(bytes, context: context)
      return nil
    } catch {
      return error
    }
  }

  /// Exactly as many bytes as there are: a read beyond them is seen by the address sanitizer.
  @Test func truncatedAtEveryWord() {
    let builder = PlanBuilder.small()
    builder.seal()
    for length in stride(from: 0, to: builder.byteCount, by: 8) {
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 8)
      defer { copy.deallocate() }
      copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: builder.region[..<length]))
      #expect(verdict(UnsafeRawBufferPointer(copy), builder.context) == PlanError(.truncated))
    }
  }

  @Test func noBytes() {
    let context = PlanBuilder.small().context
    #expect(
      verdict(UnsafeRawBufferPointer(start: nil, count: 0), context) == PlanError(.truncated))
  }

  @Test func bytesAfterThePlanAreIgnored() {
    let builder = PlanBuilder.small()
    builder.seal()
    let longer = UnsafeRawBufferPointer(
      start: builder.region.baseAddress, count: MemoryLayout<Plan>.size)
    #expect(verdict(longer, builder.context) == nil)
  }

  @Test func misaligned() {
    let builder = PlanBuilder.small()
    builder.seal()
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: builder.byteCount + 8, alignment: 8)
    defer { copy.deallocate() }
    for shift in 1..<8 {
      let place = UnsafeMutableRawBufferPointer(rebasing: copy[shift..<builder.byteCount + shift])
      place.copyMemory(from: builder.region)
      #expect(verdict(UnsafeRawBufferPointer(place), builder.context) == PlanError(.misaligned))
    }
  }

  @Test func everyBitOfTheChecksumCounts() {
    let builder = PlanBuilder.small()
    builder.seal()
    for bit in 0..<64 {
      builder.plan.pointee.header.checksum ^= 1 << UInt64(bit)
      #expect(builder.currentVerdict() == PlanError(.checksum))
      builder.plan.pointee.header.checksum ^= 1 << UInt64(bit)
    }
    #expect(builder.currentVerdict() == nil)
  }

  @Test func checksumOfTheLibraryIsThatOfTheTests() {
    let builder = PlanBuilder.small()
    builder.seal()
    let sum = builder.region.withMemoryRebound(to: UInt8.self) { PlanChecksum.of($0.span.bytes) }
    #expect(sum == builder.plan.pointee.header.checksum)
  }

  /// Each interrupt controller belongs to one architecture.
  @Test(
    arguments: PlanInterruptControllerKind.allCases,
    [PlanArchitecture.aarch64, .riscv64, .x86_64, .loongarch64])
  func controllersOfOtherArchitectures(
    _ kind: PlanInterruptControllerKind, _ architecture: PlanArchitecture
  ) {
    let builder = PlanBuilder.small(kind)
    builder.plan.pointee.header.architecture = architecture.rawValue
    builder.context.architecture = architecture
    let isRight =
      kind == .gicV2 || kind == .gicV3 ? architecture == .aarch64 : architecture == .riscv64
    #expect(builder.verdict() == (isRight ? nil : PlanError(.controllerKind)))
  }

  @Test func hostAddressBits() {
    let builder = PlanBuilder.small()
    builder.context.hostAddressBits = 32
    #expect(builder.verdict() == nil)
    builder.context.hostAddressBits = 31
    #expect(builder.verdict() == PlanError(.ramAddress, item: 1))
    builder.context.hostAddressBits = 64
    builder.plan.pointee.board.ram[1].base = 1 << 48
    #expect(builder.verdict() == PlanError(.ramAddress, item: 1))
  }

  @Test func planIsAfterTheImageUnlessSaidOtherwise() {
    let image = PlanRegion(base: 0x4000_0000, size: 0x1001)
    #expect(PlanContext(architecture: .aarch64, image: image).planBase == 0x4000_2000)
    #expect(PlanContext(architecture: .aarch64, image: image, planBase: 8).planBase == 8)
    let wrapping = PlanRegion(base: .max, size: .max)
    #expect(PlanContext(architecture: .aarch64, image: wrapping).planBase % 4096 == 0)
  }
}
