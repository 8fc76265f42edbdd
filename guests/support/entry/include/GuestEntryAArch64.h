/// Single instructions of the AArch64 guests. Part of GuestEntry.h.
#pragma once

#if defined(__aarch64__) && !__STDC_HOSTED__

// ---- Memory ----

// One plain load or store each: an access with writeback has no syndrome (ISS.ISV, DDI 0487 D23.2.37), so
// that a hypervisor could not emulate it.
GUEST_SHIM uint8_t guest_load8(uint64_t a) {
  uint8_t v;
  __asm__ volatile("ldrb %w0, [%1]" : "=r"(v) : "r"(a) : "memory");
  return v;
}
GUEST_SHIM uint32_t guest_load32(uint64_t a) {
  uint32_t v;
  __asm__ volatile("ldr %w0, [%1]" : "=r"(v) : "r"(a) : "memory");
  return v;
}
GUEST_SHIM uint64_t guest_load64(uint64_t a) {
  uint64_t v;
  __asm__ volatile("ldr %x0, [%1]" : "=r"(v) : "r"(a) : "memory");
  return v;
}
GUEST_SHIM void guest_store8(uint64_t a, uint8_t v) {
  __asm__ volatile("strb %w0, [%1]" ::"r"(v), "r"(a) : "memory");
}
GUEST_SHIM void guest_store32(uint64_t a, uint32_t v) {
  __asm__ volatile("str %w0, [%1]" ::"r"(v), "r"(a) : "memory");
}
GUEST_SHIM void guest_store64(uint64_t a, uint64_t v) {
  __asm__ volatile("str %x0, [%1]" ::"r"(v), "r"(a) : "memory");
}
GUEST_SHIM void guest_dmb(void) { __asm__ volatile("dmb ish" ::: "memory"); }
GUEST_SHIM void guest_dsb(void) { __asm__ volatile("dsb sy" ::: "memory"); }
GUEST_SHIM void guest_sev(void) { __asm__ volatile("sev" ::: "memory"); }
/// Makes instructions written at `a`, within one cache line, visible to instruction fetch.
GUEST_SHIM void guest_sync_code(uint64_t a) {
  __asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb" ::"r"(a) : "memory");
}
GUEST_SHIM void guest_isb(void) { __asm__ volatile("isb" ::: "memory"); }

// ---- Interrupt masking and waiting ----

GUEST_SHIM void guest_irq_enable(void) { __asm__ volatile("msr daifclr, #2" ::: "memory"); }
GUEST_SHIM void guest_irq_disable(void) { __asm__ volatile("msr daifset, #2" ::: "memory"); }
GUEST_SHIM uint64_t guest_irq_save(void) {
  uint64_t v;
  __asm__ volatile("mrs %0, daif\n\tmsr daifset, #2" : "=r"(v)::"memory");
  return v;
}
GUEST_SHIM void guest_irq_restore(uint64_t v) {
  __asm__ volatile("msr daif, %0" ::"r"(v) : "memory");
}
GUEST_SHIM void guest_wfi(void) { __asm__ volatile("wfi" ::: "memory"); }
GUEST_SHIM void guest_wfe(void) { __asm__ volatile("wfe" ::: "memory"); }

// ---- System registers ----

#define GUEST_READ(function, name)                                                                 \
  GUEST_SHIM uint64_t function(void) {                                                             \
    uint64_t v;                                                                                    \
    __asm__ volatile("mrs %0, " name : "=r"(v)::"memory");                                         \
    return v;                                                                                      \
  }
#define GUEST_WRITE(function, name)                                                                \
  GUEST_SHIM void function(uint64_t v) {                                                           \
    __asm__ volatile("msr " name ", %0\n\tisb" ::"r"(v) : "memory");                               \
  }

GUEST_READ(guest_mpidr, "mpidr_el1")
GUEST_READ(guest_counter_frequency, "cntfrq_el0")
GUEST_WRITE(guest_write_cntv_cval, "cntv_cval_el0")
GUEST_WRITE(guest_write_cntv_ctl, "cntv_ctl_el0")
GUEST_WRITE(guest_write_cntp_cval, "cntp_cval_el0")
GUEST_WRITE(guest_write_cntp_ctl, "cntp_ctl_el0")
GUEST_READ(guest_read_icc_iar1, "S3_0_C12_C12_0")
GUEST_WRITE(guest_write_icc_eoir1, "S3_0_C12_C12_1")
GUEST_WRITE(guest_write_icc_dir, "S3_0_C12_C11_1")
GUEST_WRITE(guest_write_icc_sgi1r, "S3_0_C12_C11_5")
GUEST_WRITE(guest_write_icc_asgi1r, "S3_0_C12_C11_6")
GUEST_WRITE(guest_write_icc_sgi0r, "S3_0_C12_C11_7")
GUEST_WRITE(guest_write_icc_pmr, "S3_0_C4_C6_0")
GUEST_WRITE(guest_write_icc_bpr1, "S3_0_C12_C12_3")
GUEST_WRITE(guest_write_icc_ctlr, "S3_0_C12_C12_4")
GUEST_WRITE(guest_write_icc_ap0r0, "S3_0_C12_C8_4")
GUEST_WRITE(guest_write_icc_ap1r0, "S3_0_C12_C9_0")
GUEST_READ(guest_read_icc_sre, "S3_0_C12_C12_5")
GUEST_WRITE(guest_write_icc_sre, "S3_0_C12_C12_5")
GUEST_WRITE(guest_write_icc_igrpen1, "S3_0_C12_C12_7")

/// The virtual counter, not read ahead of what comes before in program order.
GUEST_SHIM uint64_t guest_counter(void) {
  uint64_t v;
  __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(v)::"memory");
  return v;
}

// ---- Calls to the firmware or the kernel (SMC Calling Convention, DEN0028) ----

typedef struct {
  uint64_t x0, x1, x2, x3;
} GuestCall;

#define GUEST_CALL(function, instruction)                                                          \
  GUEST_SHIM GuestCall function(uint64_t f, uint64_t a, uint64_t b, uint64_t c) {                  \
    register uint64_t x0 __asm__("x0") = f;                                                        \
    register uint64_t x1 __asm__("x1") = a;                                                        \
    register uint64_t x2 __asm__("x2") = b;                                                        \
    register uint64_t x3 __asm__("x3") = c;                                                        \
    __asm__ volatile(instruction                                                                   \
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)                                      \
                     :                                                                             \
                     : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",      \
                       "x15", "x16", "x17", "memory");                                             \
    GuestCall r = {x0, x1, x2, x3};                                                                \
    return r;                                                                                      \
  }
GUEST_CALL(guest_hvc, "hvc #0")
GUEST_CALL(guest_smc, "smc #0")

// ---- Timed sequences: the counter is read directly before and after one instruction ----

/// Sends an SGI (an ICC_SGI1R_EL1 value) from x0; the counter as read just before. The register is
/// fixed because a kernel that filters SGIs may need longer for one it did not save first.
GUEST_SHIM uint64_t guest_timed_sgi(uint64_t value) {
  register uint64_t v __asm__("x0") = value;
  uint64_t before;
  __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tmsr S3_0_C12_C11_5, %1\n\tisb"
                   : "=&r"(before)
                   : "r"(v)
                   : "memory");
  return before;
}

/// Writes a 32-bit device register; the counter before the write.
GUEST_SHIM uint64_t guest_timed_store32(uint64_t address, uint32_t value) {
  register uint64_t v __asm__("x0") = value;
  uint64_t before;
  __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tstr %w1, [%2]\n\tdsb sy"
                   : "=&r"(before)
                   : "r"(v), "r"(address)
                   : "memory");
  return before;
}

/// Reads a 32-bit device register. A trapped access is synchronised by the trap itself.
GUEST_SHIM GuestInterval guest_timed_load32(uint64_t address) {
  GuestInterval r;
  uint32_t value;
  __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tldr %w1, [%3]\n\tmrs %2, cntvct_el0"
                   : "=&r"(r.before), "=&r"(value), "=&r"(r.after)
                   : "r"(address)
                   : "memory");
  return r;
}

/// Calls the kernel with `function` and no arguments.
GUEST_SHIM GuestInterval guest_timed_hvc(uint64_t function) {
  GuestInterval r;
  register uint64_t x0 __asm__("x0") = function;
  __asm__ volatile("isb\n\tmrs x18, cntvct_el0\n\thvc #0\n\tmrs %1, cntvct_el0\n\tmov %2, x18"
                   : "+r"(x0), "=&r"(r.after), "=&r"(r.before)
                   :
                   : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
                     "x13", "x14", "x15", "x16", "x17", "x18", "memory");
  return r;
}

#endif
