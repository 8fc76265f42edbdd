#if hasFeature(Embedded) && arch(riscv64)
import ArchCommon
internal import ArchShims
import SepKernel

/// The kernel's own address space: physical addresses are virtual addresses, each part of the image
/// has the permissions it needs, stacks have guard pages, guest memory is not there.
struct KernelMap {
  /// The tables, in the pages that the linker script reserves for them.
  var tables: TranslationTables<SvDescriptor, TablePool>
  /// Sv48 where the hart has it, else Sv39.
  let mode: TranslationMode

  /// Where payloads are copied through, 2 MiB for each CPU; above every physical address.
  var windows: UInt64 { 1 << UInt64(Self.addressBits(mode)) }

  /// Physical addresses lie below two to this power: half of what a mode translates to itself.
  static func addressBits(_ mode: TranslationMode) -> UInt32 { mode == .sv39 ? 37 : 46 }

  /// satp.
  var satp: UInt64 { mode.supervisor(root: tables.root) }

  /// Maps the image and what lies behind it up to `end`, read only: the Plan, before it is checked.
  @_optimize(size)
  init?(mode: TranslationMode, readOnlyEnd end: UInt64) {
    var pool = TablePool(next: shim___tables_start(), end: shim___tables_end())
    guard let root = pool.allocate() else { return nil }
    self.mode = mode
    tables = TranslationTables(store: pool, root: root, startLevel: mode.startLevel)
    let start = shim___image_start()
    guard add(start, shim___text_end() - start, PageAttributes.code),
      add(shim___text_end(), shim___rodata_end() - shim___text_end(), PageAttributes.constants),
      add(
        shim___rodata_end(), shim___kernel_block_end() - shim___rodata_end(), PageAttributes.data),
      add(shim___boot_stack(), shim___cpus_start() - shim___boot_stack(), PageAttributes.data),
      add(shim___tables_start(), shim___image_end() - shim___tables_start(), PageAttributes.data),
      add(shim___image_end(), end - shim___image_end(), PageAttributes.constants)
    else { return nil }
    // Each CPU slot without its first page, which catches a stack that is too deep.
    var slot = shim___cpus_start()
    while slot < shim___cpus_end() {
      guard add(slot + 0x1000, cpuStride - 0x1000, PageAttributes.data) else { return nil }
      slot += cpuStride
    }
  }

  /// The map in the widest mode that the hart has, enabled: satp keeps its value when a mode is not there (12.1.11), and
  /// this code goes on untranslated. `console`: the page of the early console, 0 for none.
  @_optimize(size)
  static func enabled(readOnlyEnd end: UInt64, console: UInt64) -> KernelMap? {
    for step in 0..<2 {
      guard var map = KernelMap(mode: step == 0 ? .sv48 : .sv39, readOnlyEnd: end),
        console == 0 || map.add(console & ~0xfff, 0x1000, PageAttributes.data)
      else { return nil }
      kernel_enable_mmu(map.satp)
      if shim_read_satp() == map.satp { return map }
    }
    return nil
  }

  /// Maps `size` bytes at `base` to themselves.
  @_optimize(size)
  mutating func add(_ base: UInt64, _ size: UInt64, _ attributes: UInt64) -> Bool {
    tables.map(input: base, output: base, size: size, attributes: attributes)
  }

  /// The last level table of a CPU's copy window, left empty.
  mutating func windowEntry(_ cpu: Int) -> UInt64? {
    tables.entry(for: windows + UInt64(cpu) << 21, level: 3)
  }
}
#endif
