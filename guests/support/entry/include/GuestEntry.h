/// What the guests' Swift sees of their entry assembly and linker script, and, from the header of the
/// architecture, single instructions. No logic here.
#pragma once
#include <stdint.h>

#if !__STDC_HOSTED__

#define GUEST_SHIM static inline __attribute__((always_inline))

extern uint64_t guest_boot_stamp;
extern uint64_t guest_recovery[24];
extern uint64_t guest_cells[512];
extern uint64_t guest_level1_table[512];
void guest_secondary_start(void);
void guest_try_landing(void);
uint64_t guest_try(uint64_t function, uint64_t a, uint64_t b, uint64_t c);
void guest_registers_changed(void);
__attribute__((noreturn)) void guest_halt(void);

GUEST_SHIM uint64_t guest_boot_stamp_value(void) { return guest_boot_stamp; }
GUEST_SHIM uint64_t guest_cells_address(void) { return (uint64_t)guest_cells; }
GUEST_SHIM uint64_t guest_recovery_address(void) { return (uint64_t)guest_recovery; }
GUEST_SHIM uint64_t guest_level1_table_address(void) { return (uint64_t)guest_level1_table; }
GUEST_SHIM uint64_t guest_try_landing_address(void) { return (uint64_t)guest_try_landing; }
GUEST_SHIM uint64_t guest_registers_changed_address(void) {
  return (uint64_t)guest_registers_changed;
}
GUEST_SHIM uint64_t guest_secondary_start_address(void) { return (uint64_t)guest_secondary_start; }

/// A measured stretch of instructions, by the clock of the stamps.
typedef struct {
  uint64_t before, after;
} GuestInterval;

#endif

// Each has nothing for other architectures.
#include "GuestEntryAArch64.h"
#include "GuestEntryRISCV64.h"
