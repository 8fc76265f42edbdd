#ifndef ARCH_SHIMS_COMMON_H
#define ARCH_SHIMS_COMMON_H

// What every architecture has: registers in memory, and the symbols of the linker script.

#include <stdint.h>

/// Joins Swift's `@_noLocks` check, and is inlined even into callers built with other features.
#define SHIM \
  static inline __attribute__((always_inline, swift_attr("@_noLocks"), swift_attr("@safe")))

// Memory-mapped registers.
SHIM uint8_t shim_load8(uint64_t a) { return *(const volatile uint8_t *)a; }
SHIM uint32_t shim_load32(uint64_t a) { return *(const volatile uint32_t *)a; }
SHIM uint64_t shim_load64(uint64_t a) { return *(const volatile uint64_t *)a; }
SHIM void shim_store8(uint64_t a, uint8_t v) { *(volatile uint8_t *)a = v; }
SHIM void shim_store32(uint64_t a, uint32_t v) { *(volatile uint32_t *)a = v; }
SHIM void shim_store64(uint64_t a, uint64_t v) { *(volatile uint64_t *)a = v; }

// Addresses the linker script defines; the kernel is position independent, so these are where the
// loader put them.
#define LINKER_SYMBOL(name)     \
  extern uint8_t name;          \
  SHIM uint64_t shim_##name(void) { return (uint64_t)&name; }
LINKER_SYMBOL(__image_start)
LINKER_SYMBOL(__text_end)
LINKER_SYMBOL(__rodata_end)
LINKER_SYMBOL(__data_end)
LINKER_SYMBOL(__tables_start)
LINKER_SYMBOL(__tables_end)
LINKER_SYMBOL(__cpus_start)
LINKER_SYMBOL(__cpus_end)
LINKER_SYMBOL(__kernel_block)
LINKER_SYMBOL(__kernel_block_end)
LINKER_SYMBOL(__boot_stack)
LINKER_SYMBOL(__boot_stack_top)
LINKER_SYMBOL(__image_end)
#undef LINKER_SYMBOL

#endif
