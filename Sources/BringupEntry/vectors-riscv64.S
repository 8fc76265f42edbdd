// What the bring-up image has instead of the kernel's vectors: every end of a check comes back to `bringup_guard`.
// And the program that it runs below itself.
#if defined(__riscv) && !__STDC_HOSTED__

// BringupCPU (Sources/Arch/Common/BringupCPU.swift), in the page of the CPU's block, from `cpu_words` on, which is two
// additions away.
  .equ  half_words, 0x400
  .equ  cpu_guard, 0x00
  .equ  cpu_syndrome, 0x10
  .equ  cpu_address, 0x18
  .equ  cpu_place, 0x20
  .equ  cpu_results, 0x28
  .equ  cpu_watch, 0x58
  .equ  cpu_below, 0x60
// Behind the CPUBlock.
  .equ  cpu_scratch, 0x7f0
// BringupEnd (Sources/Arch/Common/BringupCPU.swift).
  .equ  end_exception, 1
  .equ  end_timeout, 3
  .equ  end_guest, 4
  .equ  end_guest_event, 5
  .equ  frame_size, 112
  .equ  stimecmp, 0x14d

  .section .bss.bringup_state, "aw", %nobits
  .balign 64
  .global bringup_state
bringup_state:
  .skip 8192

  .macro callee action
  \action ra, 0(sp)
  \action s0, 8(sp)
  \action s1, 16(sp)
  \action s2, 24(sp)
  \action s3, 32(sp)
  \action s4, 40(sp)
  \action s5, 48(sp)
  \action s6, 56(sp)
  \action s7, 64(sp)
  \action s8, 72(sp)
  \action s9, 80(sp)
  \action s10, 88(sp)
  \action s11, 96(sp)
  .endm

  .section .text.bringup_guard, "ax"
  .balign 4
// uint64_t bringup_guard(step, argument): 0 when `bringup_step` returned, else how it ended. What a fault leaves behind
// is in the CPU's page. Guards nest.
  .global bringup_guard
bringup_guard:
  addi  sp, sp, -frame_size
  callee sd
  csrr  t0, sscratch
  addi  t0, t0, half_words
  addi  t0, t0, half_words
  ld    t1, cpu_guard(t0)
  sd    t1, 104(sp)
  sd    sp, cpu_guard(t0)
  call  bringup_step
  fence iorw, iorw
  li    a0, 0
// a0: how it ended; sp: the guard's frame.
leave:
  csrci sstatus, 2
  csrr  t0, sscratch
  addi  t0, t0, half_words
  addi  t0, t0, half_words
  ld    t1, 104(sp)
  sd    t1, cpu_guard(t0)
  callee ld
  addi  sp, sp, frame_size
  ret

// void bringup_enter_guest(a0, a1, a2, a3): for the program below. It ends like a check that faults.
  .global bringup_enter_guest
bringup_enter_guest:
  csrr  t0, sscratch
  addi  t0, t0, half_words
  addi  t0, t0, half_words
  li    t1, 1
  sd    t1, cpu_below(t0)
  sret

  .section .text.bringup_vectors, "ax"
  .balign 64
  .global bringup_vectors
bringup_vectors:
  csrrw t0, sscratch, t0
  sd    t1, cpu_scratch(t0)
  addi  t0, t0, half_words
  addi  t0, t0, half_words
  ld    t1, cpu_below(t0)
  bnez  t1, from_below
  csrr  t1, scause
  bgez  t1, 1f
  // An interrupt while a check runs: the watchdog's when it is time, else one that the check waits for.
  ld    t1, cpu_watch(t0)
  beqz  t1, 0f
  sd    t2, (cpu_scratch - 0x800 + 8)(t0)
  rdtime t2
  bgeu  t2, t1, 2f
  ld    t2, (cpu_scratch - 0x800 + 8)(t0)
0:
  li    t1, 0x20                  // sstatus.SPIE: it stays masked
  csrc  sstatus, t1
  ld    t1, (cpu_scratch - 0x800)(t0)
  addi  t0, t0, -half_words
  addi  t0, t0, -half_words
  csrrw t0, sscratch, t0
  sret
1:
  li    a0, end_exception
  j     unwind
2:
  sd    zero, cpu_watch(t0)
  li    a0, end_timeout
  j     unwind
// Whatever comes from the program below ends it.
from_below:
  sd    zero, cpu_below(t0)
  sd    a0, cpu_results(t0)
  sd    a1, (cpu_results + 8)(t0)
  sd    a2, (cpu_results + 16)(t0)
  sd    a3, (cpu_results + 24)(t0)
  sd    a4, (cpu_results + 32)(t0)
  csrr  t1, scause
  li    a0, end_guest
  bgez  t1, unwind
  li    a0, end_guest_event
  ld    t1, cpu_watch(t0)         // or the watchdog ends it, as above
  beqz  t1, unwind
  rdtime t2
  bgeu  t2, t1, 2b
// a0: how the check ended; t0: the CPU's words. Nothing of what it had in registers is needed any more.
unwind:
  csrr  t1, scause
  sd    t1, cpu_syndrome(t0)
  csrr  t1, stval
  sd    t1, cpu_address(t0)
  csrr  t1, sepc
  sd    t1, cpu_place(t0)
  ld    t1, cpu_guard(t0)
  addi  t0, t0, -half_words
  addi  t0, t0, -half_words
  csrw  sscratch, t0
  beqz  t1, 3f
  mv    sp, t1
  j     leave
3:
  wfi                             // nobody to come back to
  j     3b

// The program in VS-mode: takes a0 timer interrupts, a1 ticks apart, and waits at most a2 ticks for each. It has registers
// only, so that it needs no memory but its text. It ends with ECALL and a0: interrupts taken, a1: shortest, a2: longest
// time from deadline to vector, in ticks; a3: 0, or scause of a trap of its own plus 1, a4: its sepc.
  .section .text.bringup_guest, "ax"
  .balign 4
  .global bringup_guest_vectors
bringup_guest_vectors:
  rdtime t5
  csrr  t6, scause
  bgez  t6, guest_fault
  li    t1, -1                    // not t2, which the loop below reads the counter into
  csrw  stimecmp, t1
  sub   t5, t5, t3
  bgeu  t5, a4, 0f
  mv    a4, t5
0:
  bgeu  a5, t5, 1f
  mv    a5, t5
1:
  li    a6, 1
  sret

  .balign 4
  .global bringup_guest_start
bringup_guest_start:
  li    a3, 0                     // interrupts taken
  li    a4, -1                    // shortest
  li    a5, 0                     // longest
  li    t0, 0x20                  // STIE
  csrs  sie, t0
0:
  bgeu  a3, a0, 2f
  li    a6, 0
  rdtime t3
  add   t3, t3, a1
  csrw  stimecmp, t3
  add   t4, t3, a2
1:
  csrsi sstatus, 2
  bnez  a6, 3f
  rdtime t2
  bltu  t2, t4, 1b
  j     2f                        // it stayed away
3:
  addi  a3, a3, 1
  j     0b
2:
  csrci sstatus, 2
  li    t1, -1
  csrw  stimecmp, t1
  mv    a0, a3
  mv    a1, a4
  mv    a2, a5
  li    a3, 0
  ecall
guest_fault:
  mv    a0, a3
  mv    a1, a4
  mv    a2, a5
  csrr  a3, scause
  addi  a3, a3, 1
  csrr  a4, sepc
  ecall
  j     guest_fault
#endif
