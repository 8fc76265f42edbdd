#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import SepKernel

/// The kernel's own address space: physical addresses are virtual addresses, each part of the image
/// has the permissions it needs, stacks have guard pages, guest memory is not there.
struct KernelMap {
  /// The tables, in the pages that the linker script reserves for them.
  var tables: TranslationTables<Descriptor, TablePool>

  /// Where payloads are copied through, 2 MiB for each CPU; above every physical address.
  static let windows: UInt64 = 0x7f80_0000_0000

  /// Maps the image and what lies behind it up to `end`, read only: the Plan, before it is checked.
  @_optimize(size)
  init?(readOnlyEnd end: UInt64) {
    var pool = TablePool(next: shim___tables_start(), end: shim___tables_end())
    guard let root = pool.allocate() else { return nil }
    tables = TranslationTables(
      store: pool, root: root, startLevel: KernelTranslation.startLevel)
    let start = shim___image_start()
    guard add(start, shim___text_end() - start, KernelTranslation.code),
      add(
        shim___text_end(), shim___rodata_end() - shim___text_end(), KernelTranslation.constants),
      add(
        shim___rodata_end(), shim___kernel_block_end() - shim___rodata_end(),
        KernelTranslation.data),
      add(
        shim___boot_stack(), shim___cpus_start() - shim___boot_stack(), KernelTranslation.data),
      add(
        shim___tables_start(), shim___image_end() - shim___tables_start(), KernelTranslation.data),
      add(shim___image_end(), end - shim___image_end(), KernelTranslation.constants)
    else { return nil }
    // Each CPU slot without its first page, which catches a stack that is too deep.
    var slot = shim___cpus_start()
    while slot < shim___cpus_end() {
      guard add(slot + 0x1000, cpuStride - 0x1000, KernelTranslation.data) else { return nil }
      slot += cpuStride
    }
  }

  /// Maps `size` bytes at `base` to themselves.
  @_optimize(size)
  mutating func add(_ base: UInt64, _ size: UInt64, _ attributes: UInt64) -> Bool {
    tables.map(input: base, output: base, size: size, attributes: attributes)
  }

  /// Maps the frames of the interrupt controller that the kernel uses, and the words at which CPUs wait without PSCI:
  /// as a device, because those CPUs read past the caches.
  @inline(never) @_optimize(size)
  mutating func addHardware(_ plan: PlanView) -> Bool {
    if !plan.startsByFirmware {
      var mapped: UInt64?
      for cpu in 0..<plan.cpuCount {
        let page = UInt64(plan.cpu(cpu).releaseAddress) & ~0xfff
        if page == mapped { continue }
        guard add(page, 0x1000, KernelTranslation.device) else { return false }
        mapped = page
      }
    }
    let controller = plan.interruptController
    let (first, second) = (controller.regions[0], controller.regions[1])
    // The Plan was checked: each is at least as large. Redistributors are mapped all: those of the Plan's CPUs may be anywhere.
    let isV2 = controller.knownKind == .gicV2
    // The ITS, if somebody owns it, without the frame that devices write to.
    if let its = controller.ownedTranslation,
      !add(its.base, PlanLimits.gicFrame, KernelTranslation.device)
    {
      return false
    }
    return add(
      first.base, isV2 ? PlanLimits.granule : PlanLimits.gicFrame, KernelTranslation.device)
      && add(second.base, isV2 ? PlanLimits.gicInterface : second.size, KernelTranslation.device)
  }

  /// The level 3 table of a CPU's copy window, left empty.
  mutating func windowEntry(_ cpu: Int) -> UInt64? {
    tables.entry(for: Self.windows + UInt64(cpu) << 21, level: 3)
  }
}
#endif
