#ifndef ARCH_SHIMS_RISCV64_H
#define ARCH_SHIMS_RISCV64_H

#include "common.h"

// Ordering, hints, fences.
SHIM void shim_fence(void) { __asm__ volatile("fence iorw, iorw" ::: "memory"); }
/// Orders accesses of this CPU as other CPUs see them, whatever the architecture.
SHIM void shim_order(void) { __asm__ volatile("fence rw, rw" ::: "memory"); }
SHIM void shim_fence_i(void) { __asm__ volatile("fence.i" ::: "memory"); }
SHIM void shim_wfi(void) { __asm__ volatile("wfi" ::: "memory"); }
/// PAUSE of Zihintpause: a FENCE that does nothing where there is none.
SHIM void shim_pause(void) { __asm__ volatile(".4byte 0x0100000f" ::: "memory"); }
SHIM void shim_sfence_vma(uint64_t a) { __asm__ volatile("sfence.vma %0, zero" ::"r"(a) : "memory"); }
/// HFENCE.GVMA of everything, and HFENCE.VVMA of everything of the current VMID.
SHIM void shim_hfence_gvma(void) { __asm__ volatile(".insn r 0x73, 0, 0x31, x0, x0, x0" ::: "memory"); }
SHIM void shim_hfence_vvma(void) { __asm__ volatile(".insn r 0x73, 0, 0x11, x0, x0, x0" ::: "memory"); }
SHIM void shim_mask_interrupts(void) { __asm__ volatile("csrci sstatus, 2" ::: "memory"); }
SHIM void shim_unmask_interrupts(void) { __asm__ volatile("csrsi sstatus, 2" ::: "memory"); }

/// SBI call (RISC-V SBI 2.0, chapter 3). The second result goes where `value` points.
SHIM int64_t shim_sbi(uint64_t extension, uint64_t function, uint64_t a, uint64_t b, uint64_t c,
                      uint64_t d) {
  register uint64_t a0 __asm__("a0") = a;
  register uint64_t a1 __asm__("a1") = b;
  register uint64_t a2 __asm__("a2") = c;
  register uint64_t a3 __asm__("a3") = d;
  register uint64_t a6 __asm__("a6") = function;
  register uint64_t a7 __asm__("a7") = extension;
  __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a6), "r"(a7) : "memory");
  return (int64_t)a0;
}
/// RFENCE: which fence, harts `mask << base`, addresses, address space.
SHIM int64_t shim_sbi_fence(uint64_t function, uint64_t mask, uint64_t base, uint64_t start,
                            uint64_t size, uint64_t asid) {
  register uint64_t a0 __asm__("a0") = mask;
  register uint64_t a1 __asm__("a1") = base;
  register uint64_t a2 __asm__("a2") = start;
  register uint64_t a3 __asm__("a3") = size;
  register uint64_t a4 __asm__("a4") = asid;
  register uint64_t a6 __asm__("a6") = function;
  register uint64_t a7 __asm__("a7") = 0x52464e43;
  __asm__ volatile("ecall"
                   : "+r"(a0), "+r"(a1)
                   : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
                   : "memory");
  return (int64_t)a0;
}
/// The second result of a call without arguments, of which the first is success.
SHIM uint64_t shim_sbi_value(uint64_t extension, uint64_t function, uint64_t a) {
  register uint64_t a0 __asm__("a0") = a;
  register uint64_t a1 __asm__("a1") = 0;
  register uint64_t a6 __asm__("a6") = function;
  register uint64_t a7 __asm__("a7") = extension;
  __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
  return a0 == 0 ? a1 : 0;
}

// Control and status registers by number, since assemblers may not know the newer names:
// shim_read_NAME, shim_write_NAME, shim_set_NAME, shim_clear_NAME.
#define CSR_READ(name, number)                                            \
  SHIM uint64_t shim_read_##name(void) {                                  \
    uint64_t v;                                                           \
    __asm__ volatile("csrr %0, " #number : "=r"(v)::"memory");            \
    return v;                                                             \
  }
#define CSR_WRITE(name, number) \
  SHIM void shim_write_##name(uint64_t v) { __asm__ volatile("csrw " #number ", %0" ::"r"(v) : "memory"); }
#define CSR_BITS(name, number)                                                                             \
  SHIM void shim_set_##name(uint64_t v) { __asm__ volatile("csrs " #number ", %0" ::"r"(v) : "memory"); }  \
  SHIM void shim_clear_##name(uint64_t v) { __asm__ volatile("csrc " #number ", %0" ::"r"(v) : "memory"); }
#define CSR(name, number) CSR_READ(name, number) CSR_WRITE(name, number) CSR_BITS(name, number)

CSR(sstatus, 0x100)
CSR(sie, 0x104)
CSR_WRITE(stvec, 0x105)
CSR_WRITE(scounteren, 0x106)
CSR_WRITE(senvcfg, 0x10a)
CSR(sscratch, 0x140)
CSR(sepc, 0x141)
CSR(scause, 0x142)
CSR(stval, 0x143)
CSR(sip, 0x144)
CSR_WRITE(stimecmp, 0x14d)
CSR(satp, 0x180)
CSR(vsstatus, 0x200)
CSR(vsie, 0x204)
CSR(vstvec, 0x205)
CSR_WRITE(vsscratch, 0x240)
CSR_WRITE(vsepc, 0x241)
CSR_WRITE(vscause, 0x242)
CSR_WRITE(vstval, 0x243)
CSR(vsip, 0x244)
CSR_WRITE(vstimecmp, 0x24d)
CSR_WRITE(vsiselect, 0x250)
CSR(vsireg, 0x251)
CSR_WRITE(vsatp, 0x280)
CSR(hstatus, 0x600)
CSR_WRITE(hedeleg, 0x602)
CSR_WRITE(hideleg, 0x603)
CSR(hie, 0x604)
CSR_WRITE(htimedelta, 0x605)
CSR_WRITE(hcounteren, 0x606)
CSR(hgeie, 0x607)
CSR_READ(htval, 0x643)
CSR(hvip, 0x645)
CSR_READ(htinst, 0x64a)
CSR(hgatp, 0x680)
CSR_READ(cycle, 0xc00)
CSR_READ(time, 0xc01)
#undef CSR
#undef CSR_READ
#undef CSR_WRITE
#undef CSR_BITS

// Routines in Sources/KernelEntry.
/// Where every trap of HS-mode goes.
extern uint8_t kernel_vectors;
SHIM uint64_t shim_kernel_vectors(void) { return (uint64_t)&kernel_vectors; }
/// Where traps go while a CPU measures the board.
extern uint8_t kernel_baseline_vector;
SHIM uint64_t shim_kernel_baseline_vector(void) { return (uint64_t)&kernel_baseline_vector; }
/// Where SBI HSM hart_start starts a CPU; a1 is its block.
extern uint8_t kernel_secondary_start;
SHIM uint64_t shim_kernel_secondary_start(void) { return (uint64_t)&kernel_secondary_start; }
extern uint8_t __crash_stack_top;
SHIM uint64_t shim___crash_stack_top(void) { return (uint64_t)&__crash_stack_top; }

#define ROUTINE __attribute__((swift_attr("@_noLocks"), swift_attr("@safe")))
/// Switches to the address space `satp`; the caller is identity mapped. The mode that was taken is left
/// in satp: a mode that the hart does not have leaves it as it was.
ROUTINE void kernel_enable_mmu(uint64_t satp);
/// Leaves for VS-mode with a0-a4 as given, every other general register zero, and the stack reset
/// to `stack_top`, which becomes sscratch. sepc, sstatus and hstatus are already set.
__attribute__((noreturn)) ROUTINE void kernel_enter_guest(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
                                                         uint64_t a4, uint64_t stack_top);
// What may not be there: each executes one instruction and says 1, or 0 when that trapped.
ROUTINE uint64_t kernel_try_write_henvcfg(uint64_t value);
ROUTINE uint64_t kernel_try_write_hstateen0(uint64_t value);
ROUTINE uint64_t kernel_try_write_vstimecmp(uint64_t value);
ROUTINE uint64_t kernel_try_write_vsiselect(uint64_t value);
ROUTINE uint64_t kernel_try_write_vsireg(uint64_t value);
ROUTINE uint64_t kernel_try_read_time(void);
ROUTINE uint64_t kernel_try_read_cycle(void);
/// The 16 bits a zone would fetch at guest-virtual `address` with the rights of its current mode (HLVX.HU);
/// above 0xffff: that fetch would trap.
ROUTINE uint64_t kernel_fetch_half(uint64_t address);
#undef ROUTINE

#endif
