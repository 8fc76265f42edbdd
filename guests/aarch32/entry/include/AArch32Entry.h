/// Single instructions and linker symbols for the AArch32 guest. No logic here.
#pragma once
#include <stdint.h>

#if defined(__arm__) && !__STDC_HOSTED__

#define GUEST_SHIM static inline __attribute__((always_inline))

extern uint32_t aarch32_cells[16];
uint32_t aarch32_banked_changed(uint32_t trap);
__attribute__((noreturn)) void aarch32_halt(void);
GUEST_SHIM uint32_t aarch32_cells_address(void) { return (uint32_t)aarch32_cells; }

// Through r0: QEMU up to 10.0 gives a hypervisor the wrong register number for r13 and r14 (it leaves
// ISS.SRT unconverted, where DDI 0487 D23.2.37 asks for the AArch64 view).
GUEST_SHIM uint32_t aarch32_load32(uint32_t a) {
  register uint32_t v __asm__("r0");
  __asm__ volatile("ldr %0, [%1]" : "=r"(v) : "r"(a) : "memory");
  return v;
}
GUEST_SHIM void aarch32_store32(uint32_t a, uint32_t value) {
  register uint32_t v __asm__("r0") = value;
  __asm__ volatile("str %0, [%1]" ::"r"(v), "r"(a) : "memory");
}
GUEST_SHIM void aarch32_store8(uint32_t a, uint8_t value) {
  register uint32_t v __asm__("r0") = value;
  __asm__ volatile("strb %0, [%1]" ::"r"(v), "r"(a) : "memory");
}
/// A load that must raise an alignment fault, whatever the compiler knows.
GUEST_SHIM void aarch32_load_unaligned(uint32_t a) {
  __asm__ volatile("ldr r3, [%0]" ::"r"(a | 1) : "r3", "memory");
}

GUEST_SHIM void aarch32_irq_enable(void) { __asm__ volatile("cpsie i" ::: "memory"); }
GUEST_SHIM void aarch32_irq_disable(void) { __asm__ volatile("cpsid i" ::: "memory"); }
GUEST_SHIM void aarch32_wfi(void) { __asm__ volatile("wfi" ::: "memory"); }

#define GUEST_READ(function, name)                                                                 \
  GUEST_SHIM uint32_t function(void) {                                                             \
    uint32_t v = 0;                                                                                \
    __asm__ volatile("mrc " name : "+r"(v)::"memory");                                             \
    return v;                                                                                      \
  }
#define GUEST_WRITE(function, name)                                                                \
  GUEST_SHIM void function(uint32_t v) {                                                           \
    __asm__ volatile("mcr " name "\n\tisb" ::"r"(v) : "memory");                                   \
  }

GUEST_READ(aarch32_counter_frequency, "p15, 0, %0, c14, c0, 0")
GUEST_WRITE(aarch32_write_cntv_ctl, "p15, 0, %0, c14, c3, 1")
GUEST_READ(aarch32_read_icc_iar1, "p15, 0, %0, c12, c12, 0")
GUEST_WRITE(aarch32_write_icc_eoir1, "p15, 0, %0, c12, c12, 1")
GUEST_WRITE(aarch32_write_icc_bpr1, "p15, 0, %0, c12, c12, 3")
GUEST_WRITE(aarch32_write_icc_ctlr, "p15, 0, %0, c12, c12, 4")
GUEST_WRITE(aarch32_write_icc_sre, "p15, 0, %0, c12, c12, 5")
GUEST_WRITE(aarch32_write_icc_igrpen1, "p15, 0, %0, c12, c12, 7")
GUEST_WRITE(aarch32_write_icc_pmr, "p15, 0, %0, c4, c6, 0")

// Undefined at EL1.
GUEST_READ(aarch32_read_hcr, "p15, 4, %0, c1, c1, 0")
GUEST_READ(aarch32_read_hvbar, "p15, 4, %0, c12, c0, 0")
GUEST_READ(aarch32_read_nothing, "p15, 7, %0, c10, c7, 5")

GUEST_SHIM void aarch32_isb(void) { __asm__ volatile("isb" ::: "memory"); }
/// Virtual timer due `ticks` from now. 64-bit arithmetic stays here: Embedded Swift's on a 32-bit
/// target pulls in arrays.
GUEST_SHIM void aarch32_set_timer(uint32_t ticks) {
  uint32_t low, high;
  __asm__ volatile("isb\n\tmrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high)::"memory");
  uint64_t due = ((uint64_t)high << 32 | low) + ticks;
  __asm__ volatile("mcrr p15, 3, %0, %1, c14\n\tisb" ::"r"((uint32_t)due),
                   "r"((uint32_t)(due >> 32))
                   : "memory");
}
GUEST_SHIM void aarch32_write_icc_sgi1r(uint32_t low) {
  __asm__ volatile("mcrr p15, 0, %0, %1, c12\n\tisb" ::"r"(low), "r"(0) : "memory");
}

#define GUEST_CALL(function, extension, instruction)                                               \
  GUEST_SHIM uint32_t function(uint32_t f, uint32_t a) {                                           \
    register uint32_t r0 __asm__("r0") = f;                                                        \
    register uint32_t r1 __asm__("r1") = a;                                                        \
    register uint32_t r2 __asm__("r2") = 0;                                                        \
    register uint32_t r3 __asm__("r3") = 0;                                                        \
    __asm__ volatile(".arch_extension " extension "\n\t" instruction                               \
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)::"r12", "memory");                   \
    return r0;                                                                                     \
  }
GUEST_CALL(aarch32_hvc, "virt", "hvc #0")
GUEST_CALL(aarch32_smc, "sec", "smc #0")

#endif
