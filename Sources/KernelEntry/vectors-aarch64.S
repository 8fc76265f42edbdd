// Exception vectors of EL2, and the trap frame.
#if defined(__aarch64__) && !__STDC_HOSTED__

// TrapFrame (Sources/Arch/AArch64/TrapFrame.swift): x0-x30 at 8*n, 256 bytes. A trap first saves
// only what a Swift function may change (AAPCS64: x0-x18, x30); what is left follows when a handler
// asks for it, because most hypercalls never do.
  .equ  frame_size, 256
// CPUBlock.interruptTickOffset (Sources/Arch/AArch64/CPUBlock.swift).
  .equ  cpu_interrupt_tick, 32

// ERET, and a barrier that keeps the CPU from speculating past it (Arm, "Straight-line Speculation").
  .macro return_to_zone
  eret
  dsb   nsh
  isb
  .endm

  .macro save_caller
  sub   sp, sp, #frame_size
  stp   x0, x1, [sp, #0]
  stp   x2, x3, [sp, #16]
  stp   x4, x5, [sp, #32]
  stp   x6, x7, [sp, #48]
  stp   x8, x9, [sp, #64]
  stp   x10, x11, [sp, #80]
  stp   x12, x13, [sp, #96]
  stp   x14, x15, [sp, #112]
  stp   x16, x17, [sp, #128]
  str   x18, [sp, #144]
  str   x30, [sp, #240]
  .endm

  .macro save_callee
  stp   x19, x20, [sp, #152]
  stp   x21, x22, [sp, #168]
  stp   x23, x24, [sp, #184]
  stp   x25, x26, [sp, #200]
  stp   x27, x28, [sp, #216]
  str   x29, [sp, #232]
  .endm

// A trap from a zone. The handlers take (frame, syndrome).
  .macro restore_caller
  ldp   x0, x1, [sp, #0]
  ldp   x2, x3, [sp, #16]
  ldp   x4, x5, [sp, #32]
  ldp   x6, x7, [sp, #48]
  ldp   x8, x9, [sp, #64]
  ldp   x10, x11, [sp, #80]
  ldp   x12, x13, [sp, #96]
  ldp   x14, x15, [sp, #112]
  ldp   x16, x17, [sp, #128]
  ldr   x18, [sp, #144]
  ldr   x30, [sp, #240]
  add   sp, sp, #frame_size
  .endm

  .macro zone_trap handler
  .balign 0x80
  save_caller
  mrs   x1, ESR_EL2
  mov   x0, sp
  bl    \handler
  cbnz  w0, full_trap
  restore_caller
  return_to_zone
  .endm

// Anything taken from EL2 itself is our own fault: the kernel stops with a crash record.
  .macro kernel_fault kind
  .balign 0x80
  msr   TPIDR_EL0, x0             // the stack may be what failed: take another, never come back
  adrp  x0, __crash_stack_top
  mov   sp, x0
  mrs   x0, TPIDR_EL0
  save_caller
  save_callee
  mov   x0, sp
  mov   x1, #\kind
  bl    kernel_crash
  b     .
  .endm

// An interrupt of the kernel's own. They are unmasked only while a CPU measures the board
// (BoardBaseline.swift): it notes when, and goes on with interrupts masked.
  .macro kernel_interrupt
  .balign 0x80
  stp   x0, x1, [sp, #-16]!
  mrs   x0, CNTPCT_EL0
  mrs   x1, TPIDR_EL2
  str   x0, [x1, #cpu_interrupt_tick]
  mrs   x0, SPSR_EL2
  orr   x0, x0, #0x80             // PSTATE.I
  msr   SPSR_EL2, x0
  ldp   x0, x1, [sp], #16
  return_to_zone
  .endm

// Interrupts and SErrors from a zone: rare, so all go the full way.
  .macro zone_event kind
  .balign 0x80
  save_caller
  save_callee
  mov   x0, sp
  mov   x1, #\kind
  bl    kernel_event
  b     return_full
  .endm

  .section .vectors, "ax"
  .balign 2048
  .global kernel_vectors
kernel_vectors:
  kernel_fault 0                  // current EL, SP0: synchronous, IRQ, FIQ, SError
  kernel_fault 1
  kernel_fault 2
  kernel_fault 3
  kernel_fault 4                  // current EL, SPx
  kernel_interrupt
  kernel_fault 6
  kernel_fault 7
  zone_trap kernel_trap           // lower EL, AArch64
  zone_event 9
  zone_event 10
  zone_event 11
  zone_trap kernel_trap           // lower EL, AArch32
  zone_event 13
  zone_event 14
  zone_event 15

  .balign 64
full_trap:
  save_callee
  tbnz  w0, #1, late_sgi
  mov   x0, sp
  bl    kernel_trap_full
return_full:
  ldp   x19, x20, [sp, #152]
  ldp   x21, x22, [sp, #168]
  ldp   x23, x24, [sp, #184]
  ldp   x25, x26, [sp, #200]
  ldp   x27, x28, [sp, #216]
  ldr   x29, [sp, #232]
  restore_caller
  return_to_zone
late_sgi:                         // nothing but x0-x18 and x30 was changed
  mov   x0, sp
  bl    kernel_trap_sgi
  restore_caller
  return_to_zone
#endif
