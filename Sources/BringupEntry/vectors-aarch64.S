// What the bring-up image has instead of the kernel's vectors: every end of a check comes back to `bringup_guard`.
// And the program that it runs below itself.
#if defined(__aarch64__) && !__STDC_HOSTED__

// BringupCPU (Sources/Arch/Common/BringupCPU.swift), in the page of the CPU's block.
  .equ  cpu_guard, 0x800
  .equ  cpu_kind, 0x808
  .equ  cpu_syndrome, 0x810
  .equ  cpu_address, 0x818
  .equ  cpu_place, 0x820
  .equ  cpu_results, 0x828
// CPUBlock.interruptTickOffset (Sources/Arch/AArch64/CPUBlock.swift).
  .equ  cpu_interrupt_tick, 32
// BringupEnd (Sources/Arch/Common/BringupCPU.swift).
  .equ  end_exception, 1
  .equ  end_asynchronous, 2
  .equ  end_timeout, 3
  .equ  end_guest, 4
  .equ  end_guest_event, 5
  .equ  frame_size, 112

  .section .bss.bringup_state, "aw", %nobits
  .balign 64
  .global bringup_state
bringup_state:
  .skip 8192

  .section .text.bringup_guard, "ax"
  .balign 4
// uint64_t bringup_guard(step, argument): 0 when `bringup_step` returned, else how it ended. What a fault leaves behind
// is in the CPU's page. Guards nest.
  .global bringup_guard
bringup_guard:
  sub   sp, sp, #frame_size
  stp   x19, x20, [sp, #0]
  stp   x21, x22, [sp, #16]
  stp   x23, x24, [sp, #32]
  stp   x25, x26, [sp, #48]
  stp   x27, x28, [sp, #64]
  stp   x29, x30, [sp, #80]
  mrs   x9, TPIDR_EL2
  ldr   x10, [x9, #cpu_guard]
  str   x10, [sp, #96]
  mov   x10, sp
  str   x10, [x9, #cpu_guard]
  msr   DAIFClr, #4               // asynchronous aborts belong to the check that caused them
  bl    bringup_step
  dsb   sy
  isb
  mov   x0, xzr
// x0: how it ended; sp: the guard's frame.
leave:
  msr   DAIFSet, #0xf
  mrs   x9, TPIDR_EL2
  ldr   x10, [sp, #96]
  str   x10, [x9, #cpu_guard]
  ldp   x19, x20, [sp, #0]
  ldp   x21, x22, [sp, #16]
  ldp   x23, x24, [sp, #32]
  ldp   x25, x26, [sp, #48]
  ldp   x27, x28, [sp, #64]
  ldp   x29, x30, [sp, #80]
  add   sp, sp, #frame_size
  ret

// x0: how the check ended. Nothing of what it had in registers is needed any more.
unwind:
  mrs   x9, TPIDR_EL2
  cbz   x9, 0f
  mrs   x10, ESR_EL2
  str   x10, [x9, #cpu_syndrome]
  mrs   x10, FAR_EL2
  str   x10, [x9, #cpu_address]
  mrs   x10, ELR_EL2
  str   x10, [x9, #cpu_place]
  ldr   x10, [x9, #cpu_guard]
  cbz   x10, 0f
  mov   sp, x10
  b     leave
0:
  wfi                             // nobody to come back to
  b     0b

// void bringup_enter_guest(x0, x1, x2, x3): for the program below. It ends like a check that faults.
  .global bringup_enter_guest
bringup_enter_guest:
  eret
  dsb   nsh
  isb

  .macro ends_check kind
  .balign 0x80
  mov   x0, #\kind
  b     unwind
  .endm

// An interrupt while a check runs. The watchdog is CNTV: when its condition holds, the check is over. Any other is what
// the check waits for: it is noted, and stays masked.
  .macro own_interrupt
  .balign 0x80
  stp   x0, x1, [sp, #-16]!
  mrs   x0, CNTPCT_EL0
  mrs   x1, TPIDR_EL2
  str   x0, [x1, #cpu_interrupt_tick]
  mrs   x0, CNTV_CTL_EL0
  cmp   x0, #5                    // ENABLE, not IMASK, ISTATUS
  b.eq  watchdog
  mrs   x0, SPSR_EL2
  orr   x0, x0, #0x80             // PSTATE.I
  msr   SPSR_EL2, x0
  ldp   x0, x1, [sp], #16
  eret
  .endm

// Whatever comes from the program below ends it.
  .macro guest_ends kind
  .balign 0x80
  stp   x9, x10, [sp, #-16]!
  mrs   x9, TPIDR_EL2
  add   x9, x9, #cpu_results
  stp   x0, x1, [x9, #0]
  stp   x2, x3, [x9, #16]
  stp   x4, x5, [x9, #32]
  mov   x0, #\kind
  b     unwind
  .endm

  .section .text.bringup_vectors, "ax"
  .balign 2048
  .global bringup_vectors
bringup_vectors:
  ends_check end_exception        // current EL, SP0
  ends_check end_exception
  ends_check end_exception
  ends_check end_asynchronous
  ends_check end_exception        // current EL, SPx
  own_interrupt
  ends_check end_exception
  ends_check end_asynchronous
  guest_ends end_guest            // lower EL, AArch64
  guest_ends end_guest_event
  guest_ends end_guest_event
  guest_ends end_guest_event
  guest_ends end_guest            // lower EL, AArch32
  guest_ends end_guest_event
  guest_ends end_guest_event
  guest_ends end_guest_event
watchdog:
  mov   x0, #2                    // IMASK: once is enough
  msr   CNTV_CTL_EL0, x0
  mov   x0, #end_timeout
  b     unwind

// The program at EL1: takes x0 timer interrupts, x1 ticks apart, and waits at most x2 ticks for each. x3 is the address of
// GICC, or 0 where the CPU interface is system registers. It has registers only, so that it needs no memory but its text.
// It ends with HVC #0 and x0: interrupts taken, x1: shortest, x2: longest time from deadline to vector, in ticks; x3: 0, or
// ESR_EL1 of an exception of its own, x4: its ELR_EL1.
  .section .text.bringup_guest, "ax"
  .balign 2048
  .global bringup_guest_vectors
bringup_guest_vectors:
  .rept 5                         // current EL, SP0; synchronous, SPx
  .balign 0x80
  b     guest_fault
  .endr
  .balign 0x80                    // IRQ, SPx
  mrs   x9, CNTPCT_EL0
  cbz   x12, 1f
  ldr   w10, [x12, #0x0c]         // GICC_IAR
  msr   CNTP_CTL_EL0, xzr
  dsb   sy
  str   w10, [x12, #0x10]         // GICC_EOIR
  b     2f
1:
  mrs   x10, S3_0_C12_C12_0       // ICC_IAR1_EL1
  msr   CNTP_CTL_EL0, xzr
  isb
  msr   S3_0_C12_C12_1, x10       // ICC_EOIR1_EL1
2:
  cmp   x10, #30                  // the EL1 physical timer (BSA, DEN 0094)
  b.ne  3f
  sub   x11, x9, x6
  cmp   x11, x4
  csel  x4, x11, x4, lo
  cmp   x11, x5
  csel  x5, x11, x5, hi
  mov   x7, #1
3:
  eret
  .rept 10
  .balign 0x80
  b     guest_fault
  .endr

  .global bringup_guest_start
bringup_guest_start:
  mov   x12, x3
  mov   x3, xzr                   // interrupts taken
  mov   x4, #-1                   // shortest
  mov   x5, xzr                   // longest
0:
  cmp   x3, x0
  b.hs  2f
  mov   x7, xzr
  mrs   x6, CNTPCT_EL0
  add   x6, x6, x1
  msr   CNTP_CVAL_EL0, x6
  mov   x8, #1
  msr   CNTP_CTL_EL0, x8
  isb
  add   x8, x6, x2
1:
  msr   DAIFClr, #2
  cbnz  x7, 3f
  mrs   x9, CNTPCT_EL0
  cmp   x9, x8
  b.lo  1b
  b     2f                        // it stayed away
3:
  add   x3, x3, #1
  b     0b
2:
  msr   DAIFSet, #2
  msr   CNTP_CTL_EL0, xzr
  mov   x0, x3
  mov   x1, x4
  mov   x2, x5
  mov   x3, xzr
  hvc   #0
guest_fault:
  mov   x0, x3
  mov   x1, x4
  mov   x2, x5
  mrs   x3, ESR_EL1
  mrs   x4, ELR_EL1
  hvc   #0
  b     .
#endif
