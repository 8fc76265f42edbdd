#ifndef ARCH_SHIMS_BRINGUP_H
#define ARCH_SHIMS_BRINGUP_H

// What only the bring-up image has: Sources/BringupEntry.

#include "common.h"

/// Its state: 8 KiB, zeroed.
extern uint8_t bringup_state;
SHIM uint64_t shim_bringup_state(void) { return (uint64_t)&bringup_state; }
/// Its vectors.
extern uint8_t bringup_vectors;
SHIM uint64_t shim_bringup_vectors(void) { return (uint64_t)&bringup_vectors; }
/// The program that it runs below itself, and that program's vectors.
extern uint8_t bringup_guest_start;
SHIM uint64_t shim_bringup_guest_start(void) { return (uint64_t)&bringup_guest_start; }
extern uint8_t bringup_guest_vectors;
SHIM uint64_t shim_bringup_guest_vectors(void) { return (uint64_t)&bringup_guest_vectors; }

#define ROUTINE __attribute__((swift_attr("@_noLocks"), swift_attr("@safe")))
/// Calls `bringup_step(step, argument)`; 0 when it returned, else how it ended.
ROUTINE uint64_t bringup_guard(uint64_t step, uint64_t argument);
/// Leaves for the program below with these arguments; the return address and its state are set. Comes back as the end of
/// a guard.
ROUTINE void bringup_enter_guest(uint64_t a, uint64_t b, uint64_t c, uint64_t d);
#undef ROUTINE

#endif
