import Testing

/// The kernel as it was built: what only the linked image shows.
@Suite struct KernelImageTests {
  @Test(arguments: KernelImage.architectures) func codeAndDataFitInto64KiB(_ architecture: String)
    throws
  {
    let image = try KernelImage(architecture: architecture)
    let sections = try image.sections()
    let code = try #require(sections[".text"])
    #expect(code + (sections[".data"] ?? 0) <= 64 << 10)
  }

  /// The same with constants, as `size` counts.
  @Test(arguments: KernelImage.architectures) func everythingInTheFileFitsInto64KiB(
    _ architecture: String
  ) throws {
    let image = try KernelImage(architecture: architecture)
    let total = try image.segments().reduce(0) { $0 + $1.fileSize }
    #expect(total <= 64 << 10)
  }

  @Test(arguments: KernelImage.architectures) func reservedMemoryFitsInto1MiB(
    _ architecture: String
  ) throws {
    let image = try KernelImage(architecture: architecture)
    let start = try image.address(of: "__image_start")
    let end = try image.address(of: "__image_end")
    #expect(end - start <= 1 << 20)
    #expect(end % 4096 == 0)
    // Nothing is loaded behind what is reserved.
    for segment in try image.segments() { #expect(segment.address + segment.memorySize <= end) }
  }

  @Test(arguments: KernelImage.architectures) func nothingIsWritableAndExecutable(
    _ architecture: String
  ) throws {
    let image = try KernelImage(architecture: architecture)
    let segments = try image.segments()
    #expect(segments.count == 3)
    for segment in segments { #expect(!(segment.flags.isSuperset(of: ["W", "E"]))) }
    #expect(segments.filter { $0.flags.contains("E") }.count == 1)
    #expect(segments.filter { $0.flags.contains("W") }.count == 1)
  }

  /// Permissions are by page, so no page may hold parts of two segments.
  @Test(arguments: KernelImage.architectures) func segmentsShareNoPage(_ architecture: String)
    throws
  {
    let image = try KernelImage(architecture: architecture)
    let segments = try image.segments().sorted { $0.address < $1.address }
    for (lower, upper) in zip(segments, segments.dropFirst()) {
      #expect((lower.address + lower.memorySize + 4095) / 4096 <= upper.address / 4096)
    }
  }

  @Test(arguments: KernelImage.architectures) func nothingIsUndefined(_ architecture: String) throws
  {
    let image = try KernelImage(architecture: architecture)
    let undefined = try image.symbols().filter { "Uvw".contains($0.kind) }.map(\.name)
    #expect(undefined.isEmpty, "\(undefined)")
  }

  /// The Swift runtime's allocator, and C's.
  @Test(arguments: KernelImage.architectures) func thereIsNoAllocator(_ architecture: String) throws
  {
    let image = try KernelImage(architecture: architecture)
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
  @Test(arguments: KernelImage.architectures) func globalsAreNotLazy(_ architecture: String) throws
  {
    let image = try KernelImage(architecture: architecture)
    let found = try image.symbols().map(\.name).filter { name in
      name.contains("swift_once")
        || (name.hasPrefix("$s") || name.hasPrefix("$e"))
          && ["WZ", "Wz", "vau"].contains { name.hasSuffix($0) }
    }
    #expect(found.isEmpty, "\(found)")
  }

  /// All mutable state is in the blocks the linker script reserves; there are no mutable globals.
  @Test(arguments: KernelImage.architectures) func thereAreNoMutableGlobals(_ architecture: String)
    throws
  {
    let image = try KernelImage(architecture: architecture)
    let found = try image.symbols().filter {
      "bBdD".contains($0.kind) && !$0.name.hasPrefix("__") && !$0.name.hasPrefix(".")
    }.map(\.name)
    #expect(found.isEmpty, "\(found)")
  }

  /// The entry code applies relative relocations and knows no others.
  @Test(arguments: KernelImage.architectures) func allRelocationsAreRelative(_ architecture: String)
    throws
  {
    let image = try KernelImage(architecture: architecture)
    let others = try image.output(of: "llvm-readelf", ["-rW"]).filter {
      ($0.contains("R_AARCH64_") || $0.contains("R_RISCV_")) && !$0.contains("_RELATIVE")
    }
    #expect(others.isEmpty, "\(others)")
  }

  /// The zone's floating-point and SIMD registers are never saved, because the kernel never uses them.
  @Test(arguments: KernelImage.architectures) func noFloatingPointRegisterIsUsed(
    _ architecture: String
  ) throws {
    let image = try KernelImage(architecture: architecture)
    let register =
      architecture == "aarch64"
      ? try Regex("\\b([qvdshb]([0-9]|[12][0-9]|3[01])(\\.[0-9]*[bhsd])?|z[0-9]+|p[0-9]+)\\b")
      : try Regex(
        "\\b(f[tsa]([0-9]|1[01])|v([0-9]|[12][0-9]|3[01])|fcsr|frm|fflags|v(l|type|start))\\b")
    let instructions = try image.instructions()
    #expect(instructions.count > 1000)
    let found = instructions.filter { instruction in
      // The header of a Linux image is data.
      if instruction.address < 64 { return false }
      // Not the names of symbols and comments.
      let operands = instruction.operands.prefix { $0 != "<" && $0 != "/" }
      return operands.contains(register)
    }
    #expect(found.isEmpty, "\(found.prefix(5))")
  }

  /// gp and tp of a zone stay where they are while its traps are served: only the vectors' full path stores
  /// them, and only the way into a zone clears them.
  @Test func theKernelUsesNeitherGPNorTP() throws {
    let image = try KernelImage(architecture: "riscv64")
    let register = try Regex("\\b(gp|tp)\\b")
    let vectors = try image.address(of: "full_trap")..<image.address(of: "kernel_baseline_vector")
    let enter = try image.address(of: "kernel_enter_guest")
    var places: [UInt64: Int] = [:]
    for instruction in try image.instructions()
    where instruction.operands.prefix(while: { $0 != "<" && $0 != "#" }).contains(register) {
      let address = instruction.address
      let place =
        vectors.contains(address) ? 0 : (enter..<enter + 0x100).contains(address) ? enter : address
      places[place, default: 0] += 1
    }
    // Saved by both paths of the vectors, restored by one.
    #expect(places == [0: 6, enter: 2])
  }
}
