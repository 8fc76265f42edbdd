import Testing

/// The kernel as it was built: what only the linked image shows.
@Suite struct KernelImageTests {
  private let image: KernelImage

  init() throws { image = try KernelImage() }

  @Test func codeAndDataFitInto64KiB() throws {
    let sections = try image.sections()
    let code = try #require(sections[".text"])
    let data = (sections[".data"] ?? 0) + (sections[".dynamic"] ?? 0)
    #expect(code + data <= 64 << 10)
  }

  /// The same with constants, as `size` counts.
  @Test func everythingInTheFileFitsInto64KiB() throws {
    let total = try image.segments().reduce(0) { $0 + $1.fileSize }
    #expect(total <= 64 << 10)
  }

  @Test func reservedMemoryFitsInto1MiB() throws {
    let start = try image.address(of: "__image_start")
    let end = try image.address(of: "__image_end")
    #expect(end - start <= 1 << 20)
    #expect(end % 4096 == 0)
    // Nothing is loaded behind what is reserved.
    for segment in try image.segments() { #expect(segment.address + segment.memorySize <= end) }
  }

  @Test func nothingIsWritableAndExecutable() throws {
    let segments = try image.segments()
    #expect(segments.count == 3)
    for segment in segments { #expect(!(segment.flags.isSuperset(of: ["W", "E"]))) }
    #expect(segments.filter { $0.flags.contains("E") }.count == 1)
    #expect(segments.filter { $0.flags.contains("W") }.count == 1)
  }

  /// Permissions are by page, so no page may hold parts of two segments.
  @Test func segmentsShareNoPage() throws {
    let segments = try image.segments().sorted { $0.address < $1.address }
    for (lower, upper) in zip(segments, segments.dropFirst()) {
      #expect((lower.address + lower.memorySize + 4095) / 4096 <= upper.address / 4096)
    }
  }

  @Test func nothingIsUndefined() throws {
    let undefined = try image.symbols().filter { "Uvw".contains($0.kind) }.map(\.name)
    #expect(undefined.isEmpty, "\(undefined)")
  }

  /// The Swift runtime's allocator, and C's.
  @Test func thereIsNoAllocator() throws {
    let forbidden = [
      "swift_alloc", "swift_slowAlloc", "swift_dealloc", "swift_slowDealloc", "swift_retain",
      "swift_release", "swift_init", "malloc", "calloc", "realloc", "free", "posix_memalign",
      "aligned_alloc",
    ]
    let found = try image.symbols().map(\.name).filter { name in
      forbidden.contains { name == $0 || $0.hasPrefix("swift_") && name.hasPrefix($0) }
    }
    #expect(found.isEmpty, "\(found)")
  }

  /// A global that is initialised when it is first used hides a lock and a branch in each access.
  /// Swift's mangling of its parts: WZ the initialiser, Wz the guard, vau the accessor.
  @Test func globalsAreNotLazy() throws {
    let found = try image.symbols().map(\.name).filter { name in
      name.contains("swift_once")
        || (name.hasPrefix("$s") || name.hasPrefix("$e"))
          && ["WZ", "Wz", "vau"].contains { name.hasSuffix($0) }
    }
    #expect(found.isEmpty, "\(found)")
  }

  /// All mutable state is in the blocks the linker script reserves; there are no mutable globals.
  @Test func thereAreNoMutableGlobals() throws {
    let found = try image.symbols().filter {
      "bBdD".contains($0.kind) && !$0.name.hasPrefix("__") && !$0.name.hasPrefix(".")
        && $0.name != "_DYNAMIC"
    }.map(\.name)
    #expect(found.isEmpty, "\(found)")
  }

  /// The entry code applies relative relocations and knows no others.
  @Test func allRelocationsAreRelative() throws {
    let others = try image.output(of: "llvm-readelf", ["-rW"]).filter {
      $0.contains("R_AARCH64_") && !$0.contains("R_AARCH64_RELATIVE")
    }
    #expect(others.isEmpty, "\(others)")
  }

  /// The zone's floating-point and SIMD registers are never saved, because the kernel never uses them.
  @Test func noFloatingPointRegisterIsUsed() throws {
    let register = try Regex(
      "\\b([qvdshb]([0-9]|[12][0-9]|3[01])(\\.[0-9]*[bhsd])?|z[0-9]+|p[0-9]+)\\b")
    let instructions = try image.instructions()
    #expect(instructions.count > 1000)
    let found = instructions.filter { instruction in
      // Not the names of symbols and comments.
      let operands = instruction.operands.prefix { $0 != "<" && $0 != "/" }
      return operands.contains(register)
    }
    #expect(found.isEmpty, "\(found.prefix(5))")
  }
}
