/// Single instructions of the RISC-V guests. Part of GuestEntry.h.
#pragma once

#if defined(__riscv) && !__STDC_HOSTED__

// ---- Symbols of guest-riscv64.S ----

void guest_vector_time(void);
void guest_vector_cycle(void);
void guest_read_siselect(void);
void guest_read_stimecmp(void);
void guest_read_cycle(void);
void guest_set_timer_at_tick(uint64_t deadline, uint64_t offset, uint64_t ratio);

GUEST_SHIM uint64_t guest_vector_time_address(void) { return (uint64_t)guest_vector_time; }
GUEST_SHIM uint64_t guest_vector_cycle_address(void) { return (uint64_t)guest_vector_cycle; }
GUEST_SHIM uint64_t guest_read_siselect_address(void) { return (uint64_t)guest_read_siselect; }
GUEST_SHIM uint64_t guest_read_stimecmp_address(void) { return (uint64_t)guest_read_stimecmp; }
GUEST_SHIM uint64_t guest_read_cycle_address(void) { return (uint64_t)guest_read_cycle; }
/// `time` at entry, and the number of the hart that was entered first.
GUEST_SHIM uint64_t guest_boot_time_value(void) { return (&guest_boot_stamp)[1]; }
GUEST_SHIM uint64_t guest_boot_hart_value(void) { return (&guest_boot_stamp)[2]; }

// ---- Memory ----

// One plain load or store each, so that a hypervisor can emulate it.
#define GUEST_LOAD(function, type, instruction)                                                    \
  GUEST_SHIM type function(uint64_t a) {                                                           \
    uint64_t v;                                                                                    \
    __asm__ volatile(instruction " %0, 0(%1)" : "=r"(v) : "r"(a) : "memory");                      \
    return (type)v;                                                                                \
  }
#define GUEST_STORE(function, type, instruction)                                                   \
  GUEST_SHIM void function(uint64_t a, type v) {                                                   \
    __asm__ volatile(instruction " %0, 0(%1)" ::"r"((uint64_t)v), "r"(a) : "memory");              \
  }
GUEST_LOAD(guest_load8, uint8_t, "lbu")
GUEST_LOAD(guest_load32, uint32_t, "lwu")
GUEST_LOAD(guest_load64, uint64_t, "ld")
GUEST_STORE(guest_store8, uint8_t, "sb")
GUEST_STORE(guest_store32, uint32_t, "sw")
GUEST_STORE(guest_store64, uint64_t, "sd")

/// Orders everything before with everything after, device accesses included.
GUEST_SHIM void guest_fence(void) { __asm__ volatile("fence iorw, iorw" ::: "memory"); }
/// Makes instructions written by this hart visible to its own instruction fetch.
GUEST_SHIM void guest_fence_i(void) { __asm__ volatile("fence.i" ::: "memory"); }
/// Makes changes of the translation tables visible to this hart.
GUEST_SHIM void guest_fence_tables(void) { __asm__ volatile("sfence.vma" ::: "memory"); }

// ---- Interrupt masking and waiting: sstatus.SIE ----

GUEST_SHIM void guest_irq_enable(void) { __asm__ volatile("csrsi sstatus, 2" ::: "memory"); }
GUEST_SHIM void guest_irq_disable(void) { __asm__ volatile("csrci sstatus, 2" ::: "memory"); }
GUEST_SHIM uint64_t guest_irq_save(void) {
  uint64_t v;
  __asm__ volatile("csrrci %0, sstatus, 2" : "=r"(v)::"memory");
  return v;
}
GUEST_SHIM void guest_irq_restore(uint64_t v) {
  __asm__ volatile("csrs sstatus, %0" ::"r"(v & 2) : "memory");
}
GUEST_SHIM void guest_wfi(void) { __asm__ volatile("wfi" ::: "memory"); }
GUEST_SHIM void guest_spin(void) { __asm__ volatile("nop" ::: "memory"); }

// ---- Control and status registers ----

#define GUEST_READ(function, name)                                                                 \
  GUEST_SHIM uint64_t function(void) {                                                             \
    uint64_t v;                                                                                    \
    __asm__ volatile("csrr %0, " name : "=r"(v)::"memory");                                        \
    return v;                                                                                      \
  }
#define GUEST_WRITE(function, name)                                                                \
  GUEST_SHIM void function(uint64_t v) {                                                           \
    __asm__ volatile("csrw " name ", %0" ::"r"(v) : "memory");                                     \
  }

GUEST_READ(guest_cycle, "cycle")
GUEST_READ(guest_time, "time")
GUEST_READ(guest_read_scause, "scause")
GUEST_READ(guest_read_satp, "satp")
GUEST_READ(guest_read_sie, "sie")
GUEST_READ(guest_read_sip, "sip")
GUEST_WRITE(guest_write_satp, "satp")
GUEST_WRITE(guest_write_sie, "sie")
GUEST_WRITE(guest_write_stvec, "stvec")
GUEST_WRITE(guest_write_stimecmp, "0x14d")
// Advanced interrupt architecture, 2.1: siselect, sireg, stopei.
GUEST_WRITE(guest_write_siselect, "0x150")
GUEST_READ(guest_read_sireg, "0x151")
GUEST_WRITE(guest_write_sireg, "0x151")
/// Takes the most important pending identity of the own interrupt file (AIA, 3.10), 0 for none.
GUEST_SHIM uint64_t guest_claim_stopei(void) {
  uint64_t v;
  __asm__ volatile("csrrw %0, 0x15c, zero" : "=r"(v)::"memory");
  return v >> 16;
}
/// Ends a pending software interrupt.
GUEST_SHIM void guest_clear_ssip(void) { __asm__ volatile("csrci sip, 2" ::: "memory"); }

// ---- Calls to the firmware or the kernel (SBI specification 2.0, chapter 3) ----

typedef struct {
  uint64_t error, value;
} GuestCall;

GUEST_SHIM GuestCall guest_sbi(uint64_t extension, uint64_t function, uint64_t a, uint64_t b,
                               uint64_t c, uint64_t d, uint64_t e) {
  register uint64_t a0 __asm__("a0") = a;
  register uint64_t a1 __asm__("a1") = b;
  register uint64_t a2 __asm__("a2") = c;
  register uint64_t a3 __asm__("a3") = d;
  register uint64_t a4 __asm__("a4") = e;
  register uint64_t a6 __asm__("a6") = function;
  register uint64_t a7 __asm__("a7") = extension;
  __asm__ volatile("ecall"
                   : "+r"(a0), "+r"(a1)
                   : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
                   : "memory");
  return (GuestCall){a0, a1};
}

// ---- Measured instructions, by each of the clocks ----

#define GUEST_TIMED(name, clock)                                                                   \
  /* Clock just before the store of an interrupt's identity. */                                    \
  GUEST_SHIM uint64_t guest_##name##_store32(uint64_t address, uint32_t value) {                   \
    uint64_t before;                                                                               \
    __asm__ volatile("csrr %0, " clock "\n\tsw %1, 0(%2)"                                          \
                     : "=&r"(before)                                                               \
                     : "r"((uint64_t)value), "r"(address)                                          \
                     : "memory");                                                                  \
    return before;                                                                                 \
  }                                                                                                \
  GUEST_SHIM GuestInterval guest_##name##_load32(uint64_t address) {                               \
    GuestInterval r;                                                                               \
    uint64_t value;                                                                                \
    __asm__ volatile("csrr %0, " clock "\n\tlw %1, 0(%3)\n\tcsrr %2, " clock                       \
                     : "=&r"(r.before), "=&r"(value), "=&r"(r.after)                               \
                     : "r"(address)                                                                \
                     : "memory");                                                                  \
    return r;                                                                                      \
  }                                                                                                \
  GUEST_SHIM GuestInterval guest_##name##_sbi(uint64_t extension, uint64_t function, uint64_t a,   \
                                              uint64_t b) {                                        \
    GuestInterval r;                                                                               \
    register uint64_t a0 __asm__("a0") = a;                                                        \
    register uint64_t a1 __asm__("a1") = b;                                                        \
    register uint64_t a6 __asm__("a6") = function;                                                 \
    register uint64_t a7 __asm__("a7") = extension;                                                \
    __asm__ volatile("csrr %0, " clock "\n\tecall\n\tcsrr %1, " clock                              \
                     : "=&r"(r.before), "=&r"(r.after), "+r"(a0), "+r"(a1)                         \
                     : "r"(a6), "r"(a7)                                                            \
                     : "memory");                                                                  \
    return r;                                                                                      \
  }

GUEST_TIMED(cycle, "cycle")
GUEST_TIMED(time, "time")

#endif
