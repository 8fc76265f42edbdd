// Traps of HS-mode, and the trap frame.
#if defined(__riscv) && !__STDC_HOSTED__

// TrapFrame (Sources/Arch/RISCV64/TrapFrame.swift): x0-x31 at 8*n, 256 bytes, right below the CPU's
// block. A trap first saves only what a Swift function may change; what is left follows when a handler
// asks for it. gp and tp are the zone's all the time: the kernel is compiled to use neither.
  .equ  frame_size, 256
// CPUBlock (Sources/Arch/RISCV64/CPUBlock.swift): interruptTick, interruptScratch.
  .equ  cpu_interrupt_tick, 8
  .equ  cpu_interrupt_scratch, 16
// hstatus.SPV: the trap came from a zone (Privileged Architecture, 18.2.1).
  .equ  previous_virtualization, 0x80

  .macro early action
  \action ra, 8(sp)
  \action t0, 40(sp)
  \action t1, 48(sp)
  \action t2, 56(sp)
  \action a0, 80(sp)
  \action a1, 88(sp)
  \action a2, 96(sp)
  \action a3, 104(sp)
  \action a4, 112(sp)
  \action a5, 120(sp)
  \action a6, 128(sp)
  \action a7, 136(sp)
  \action t3, 224(sp)
  \action t4, 232(sp)
  \action t5, 240(sp)
  \action t6, 248(sp)
  .endm

  .macro late action
  \action gp, 24(sp)
  \action tp, 32(sp)
  \action s0, 64(sp)
  \action s1, 72(sp)
  \action s2, 144(sp)
  \action s3, 152(sp)
  \action s4, 160(sp)
  \action s5, 168(sp)
  \action s6, 176(sp)
  \action s7, 184(sp)
  \action s8, 192(sp)
  \action s9, 200(sp)
  \action s10, 208(sp)
  \action s11, 216(sp)
  .endm

  .section .vectors, "ax"
  .balign 64
  .global kernel_vectors
kernel_vectors:
  csrrw sp, sscratch, sp          // the CPU's block, where its stack ends
  addi  sp, sp, -frame_size
  early sd
  csrr  t0, sscratch
  sd    t0, 16(sp)
  addi  t1, sp, frame_size
  csrw  sscratch, t1              // in the kernel, too, sscratch is the block
  csrr  t0, hstatus
  andi  t0, t0, previous_virtualization
  beqz  t0, kernel_fault
  mv    a0, sp
  csrr  a1, scause
  call  kernel_trap
  bnez  a0, full_trap
return_short:
  early ld
  ld    sp, 16(sp)
  sret

full_trap:
  late  sd
  mv    a0, sp
  call  kernel_trap_full
  late  ld
  j     return_short

// A trap of the kernel itself: it stops with a crash record, on a stack of its own.
kernel_fault:
  late  sd
  mv    a0, sp
  csrr  a1, scause
  lla   sp, __crash_stack_top
  addi  sp, sp, -frame_size       // before there are blocks, the frame is there
  call  kernel_crash
0:
  wfi
  j     0b

// The one interrupt of the kernel's own, while a CPU measures the board (BoardBaseline.swift): it notes
// when, and goes on with interrupts masked. One for each counter: reading the other one may trap.
  .macro baseline_vector name, read
  .balign 4
  .global \name
\name:
  csrrw t0, sscratch, t0
  sd    t1, cpu_interrupt_scratch(t0)
  \read t1
  sd    t1, cpu_interrupt_tick(t0)
  li    t1, 0x20                  // sstatus.SPIE
  csrc  sstatus, t1
  ld    t1, cpu_interrupt_scratch(t0)
  csrrw t0, sscratch, t0
  sret
  .endm

  baseline_vector kernel_baseline_vector, rdcycle
  baseline_vector kernel_baseline_time_vector, rdtime

// kernel_try_*: one instruction that may trap. The trap's own state is put back, because this also
// happens while a zone's trap is being served.
  .text
  .macro attempt name, instruction:vararg
  .balign 4
  .global \name
\name:
  csrr  t0, sepc
  csrr  t1, sstatus
  csrr  t2, hstatus
  csrr  t3, scause
  csrr  t4, stval
  lla   t5, 1f
  csrrw t5, stvec, t5
  \instruction
  li    a0, 1
  csrw  stvec, t5
  ret
  .balign 4
1:
  csrw  stvec, t5
  csrw  sepc, t0
  csrw  sstatus, t1
  csrw  hstatus, t2
  csrw  scause, t3
  csrw  stval, t4
  li    a0, 0
  ret
  .endm

  attempt kernel_try_write_henvcfg, csrw 0x60a, a0
  attempt kernel_try_write_hstateen0, csrw 0x60c, a0
  attempt kernel_try_write_vstimecmp, csrw 0x24d, a0
  attempt kernel_try_write_vsiselect, csrw 0x250, a0
  attempt kernel_try_write_vsireg, csrw 0x251, a0
  attempt kernel_try_read_time, csrr a0, 0xc01
  attempt kernel_try_read_cycle, csrr a0, 0xc00

  .balign 4
  .global kernel_fetch_half
kernel_fetch_half:
  csrr  t0, sepc
  csrr  t1, sstatus
  csrr  t2, hstatus
  csrr  t3, scause
  csrr  t4, stval
  lla   t5, 1f
  csrrw t5, stvec, t5
  .insn r 0x73, 4, 0x32, a0, a0, x3    // hlvx.hu a0, (a0)
  csrw  stvec, t5
  ret
  .balign 4
1:
  csrw  stvec, t5
  csrw  sepc, t0
  csrw  sstatus, t1
  csrw  hstatus, t2
  csrw  scause, t3
  csrw  stval, t4
  lui   a0, 16
  ret
#endif
