// Entry, translation tables, vectors and fault recovery of the RISC-V guests. S-mode.
//
// RISC-V privileged architecture, version 20240411: chapter 12 supervisor mode, 12.4 Sv39.
#if defined(__riscv) && !__STDC_HOSTED__

#define STACK_BYTES 16384
#define CPU_CAPACITY 4

// The kernel gives a zone's arguments in a1-a4, behind the number of the CPU. Without it only a0 and a1 are
// set; guests/bare writes arguments here, between code and data: a magic number and four values.
#define BARE_ARGUMENTS 0x803ff000
#define BARE_ARGUMENTS_MAGIC 0x4775657374417267
#define KERNEL_EXTENSION 0x08485653

#define SSTATUS_SIE (1 << 1)
#define SSTATUS_SPIE (1 << 5)
#define SSTATUS_SPP (1 << 8)

// ---- Entry -------------------------------------------------------------------------------------

.section .head, "ax"
.global guest_start
guest_start:
  lla t0, 1f                      // a counter that may not be read traps
  csrw stvec, t0
  csrr s1, cycle                  // the boot stamp: only what it needs comes before it
  j 2f
  .balign 4
1:
  li s1, 0
2:
  csrr s6, time
  mv s7, a0
  mv s2, a1
  mv s3, a2
  mv s4, a3
  mv s5, a4
  lla t0, guest_bss_start
  lla t1, guest_bss_end
3:
  bgeu t0, t1, 4f
  sd zero, 0(t0)
  addi t0, t0, 8
  j 3b
4:
  lla t0, guest_boot_stamp
  sd s1, 0(t0)
  sd s6, 8(t0)
  sd s7, 16(t0)
  lla t0, ram_table               // the one entry that is not a constant
  srli t0, t0, 2
  ori t0, t0, 1
  lla t1, guest_level1_table
  sd t0, 16(t1)
  li s0, 0
  call set_up_cpu

  li a7, 0x10                     // BASE, probe_extension: whether there is a kernel
  li a6, 3
  li a0, KERNEL_EXTENSION
  ecall
  mv a0, s2
  bnez a1, 5f
  li s3, 0
  li s4, 0
  li s5, 0
  li a0, 0                        // a1 was a device tree's address
  li t1, BARE_ARGUMENTS           // take those a person put into memory, if any
  li t2, BARE_ARGUMENTS_MAGIC
  ld t0, 0(t1)
  bne t0, t2, 5f
  ld a0, 8(t1)
  ld s3, 16(t1)
  ld s4, 24(t1)
  ld s5, 32(t1)
5:
  mv a1, s3
  mv a2, s4
  mv a3, s5
  call guest_main
  j guest_halt

// hart_start enters here with the number of the hart in a0 and that of the CPU in a1.
.global guest_secondary_start
guest_secondary_start:
  andi s0, a1, CPU_CAPACITY - 1
  call set_up_cpu
  mv a0, s0
  call guest_secondary_main

.weak guest_secondary_main        // only guests that start CPUs define it
guest_secondary_main:
.global guest_halt
guest_halt:
  csrw sie, zero
  wfi
  j guest_halt

// Stacks of CPU s0, vector, MMU.
set_up_cpu:
  addi t0, s0, 1
  li t1, STACK_BYTES
  mul t0, t0, t1
  lla sp, stacks
  add sp, sp, t0
  csrci sstatus, SSTATUS_SIE
  csrw sie, zero
  lla t1, trap_stacks
  add t0, t1, t0
  csrw sscratch, t0
  lla t0, guest_vector_time
  csrw stvec, t0
  lla t0, guest_level1_table
  srli t0, t0, 12
  li t1, 8 << 60                  // Sv39
  or t0, t0, t1
  sfence.vma
  csrw satp, t0
  sfence.vma
  ret

// ---- Translation tables: identity --------------------------------------------------------------

#define MEMORY 0xc7               // D, A, W, R, V
#define CODE   0xcb               // D, A, X, R, V
#define PATCH  0xcf               // D, A, X, W, R, V
#define USER   0xdf               // the same and U: S-mode may neither use nor execute it

.section .tables, "aw"
.balign 4096
.global guest_level1_table
guest_level1_table:
  .quad MEMORY                    // devices, stamp area
  .quad MEMORY + 0x10000000
  .quad 0                         // ram_table
  .quad MEMORY + 0x30000000       // other zones' RAM for the attacker
  .quad MEMORY + 0x40000000
  .fill 507, 8, 0
ram_table:                        // below the guest, code, data, generated code, user code, then plain memory
  .quad MEMORY + 0x20000000
  .quad CODE + 0x20080000
  .quad MEMORY + 0x20100000
  .quad PATCH + 0x20180000
  .quad USER + 0x20200000
  .set entry, MEMORY + 0x20280000
  .rept 507
  .quad entry
  .set entry, entry + 0x80000
  .endr

.bss
.balign 16
stacks: .space STACK_BYTES * CPU_CAPACITY
trap_stacks: .space STACK_BYTES * CPU_CAPACITY
.global guest_boot_stamp          // cycle, time, hart
guest_boot_stamp: .space 32
.global guest_recovery
guest_recovery: .space 192
.balign 64
.global guest_cells
guest_cells: .space 4096

// ---- Vector -----------------------------------------------------------------------------------

// One vector for all, as firmware that hands an exception on may not know others. Its third instruction
// reads the clock: sscratch has the end of the CPU's own stack for traps, so that a guest with a broken
// stack pointer still reports its fault. The frame there (`Frame` in RISCVFrame.swift) has x1 to x31, each
// at 8 times its number, then sepc, sstatus, scause, stval.
#define FRAME_BYTES 288

.macro CALLER_SAVED operation, base, offset
  .irp n, 1, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
  \operation x\n, \offset + 8 * \n(\base)
  .endr
.endm

.macro CALLEE_SAVED operation, base, offset
  .irp n, 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
  \operation x\n, \offset + 8 * \n(\base)
  .endr
.endm

.macro VECTOR name, clock
  .balign 4
  .global \name
\name:
  csrrw t0, sscratch, t0
  sd t1, 8 * 6 - FRAME_BYTES(t0)
  csrr t1, \clock
  j trap
.endm

.section .vectors, "ax"
VECTOR guest_vector_time, time
VECTOR guest_vector_cycle, cycle

trap:
  sd t2, 8 * 7 - FRAME_BYTES(t0)
  sd sp, 8 * 2 - FRAME_BYTES(t0)
  addi sp, t0, -FRAME_BYTES
  csrrw t2, sscratch, t0
  sd t2, 8 * 5(sp)
  CALLER_SAVED sd, sp, 0
  csrr a1, scause
  bgez a1, exception
  mv a0, t1
  call guest_interrupt
  CALLER_SAVED ld, sp, 0
  ld t0, 8 * 5(sp)
  ld t1, 8 * 6(sp)
  ld t2, 8 * 7(sp)
  ld sp, 8 * 2(sp)
  sret

exception:
  CALLEE_SAVED sd, sp, 0
  sd a1, 272(sp)
  csrr t1, sepc
  sd t1, 256(sp)
  csrr t1, sstatus
  sd t1, 264(sp)
  csrr t1, stval
  sd t1, 280(sp)
  mv a0, sp
  li a1, 0
  call guest_exception            // returns where to go on; never returns when it cannot
  csrw sepc, a0
  li t0, SSTATUS_SPIE             // masked: guest_try restores the caller's mask
  csrc sstatus, t0
  li t0, SSTATUS_SPP
  csrs sstatus, t0
  sret

// ---- Fault recovery ----------------------------------------------------------------------------

.macro SAVED operation
  .set offset, 48
  .irp register, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, ra, sp, gp, tp
  \operation \register, offset(t0)
  .set offset, offset + 8
  .endr
.endm

// uint64_t guest_try(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
// Calls function(a, b, c). Returns 0 when it returned and 1 when it took an exception; the
// exception's syndrome, address, vector and return address are then in guest_recovery.
.text
.global guest_try
guest_try:
  lla t0, guest_recovery
  SAVED sd
  csrr t1, sstatus
  sd t1, 176(t0)
  li t1, 1
  sd t1, 0(t0)                    // armed
  mv t1, a0
  mv a0, a1
  mv a1, a2
  mv a2, a3
  jalr t1
  lla t0, guest_recovery
  sd a0, 8(t0)                    // what the function returned
  li a0, 0
  j 1f
.global guest_try_landing
guest_try_landing:
  lla t0, guest_recovery
  li a0, 1
1:
  sd zero, 0(t0)
  SAVED ld
  ld t1, 176(t0)
  andi t1, t1, SSTATUS_SIE
  csrci sstatus, SSTATUS_SIE
  csrs sstatus, t1
  ret

// For guest_try: registers that not every machine has or lets be read.
.global guest_read_siselect
guest_read_siselect:
  csrr a0, 0x150
  ret
.global guest_read_stimecmp
guest_read_stimecmp:
  csrr a0, 0x14d
  ret
.global guest_read_cycle
guest_read_cycle:
  csrr a0, cycle
  ret

// void guest_set_timer_at_tick(uint64_t deadline, uint64_t offset, uint64_t ratio)
// Writes stimecmp at the very beginning of a tick of `time`, where each instruction takes a cycle: QEMU lets
// the whole ticks that remain pass from the write on, so that a write within a tick is late by that part of
// it. `offset` is `cycle` when `time` was 0, `ratio` cycles, at most 128, are a tick.
#define READ_TO_WRITE 10          // instructions from the read of `cycle` to the write, without the nops
.balign 4
.global guest_set_timer_at_tick
guest_set_timer_at_tick:
  .option push
  .option norvc
  .option norelax
  csrr t0, cycle
  sub t0, t0, a1
  addi t0, t0, READ_TO_WRITE
  remu t0, t0, a2                 // where in a tick the write would be
  sub t0, t0, a2
  slli t0, t0, 2
  lla t1, 1f
  add t1, t1, t0
  jr t1
  .rept 128
  nop
  .endr
1:
  csrw 0x14d, a0
  ret
  .option pop

// uint64_t guest_registers_changed(uint64_t code, uint64_t argument, uint64_t call)
// Calls code(argument) with extension and function of an SBI call in a7 and a6 (upper and lower half of
// `call`) and a pattern in all other registers but sp; how many it changed of all but a0, a1, sp. Used in
// guest_try, which puts the caller's registers back.
.global guest_registers_changed
guest_registers_changed:
  addi sp, sp, -32
  sd ra, 0(sp)
  sd a0, 8(sp)
  sd a2, 16(sp)
  mv t0, a0
  slli a6, a2, 32
  srli a6, a6, 32
  srli a7, a2, 32
  mv a0, a1
  .irp n, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  li x\n, 0x500 + \n
  .endr
  jalr t0
  mv ra, zero
  .irp n, 3, 4, 6, 7, 8, 9, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  addi x\n, x\n, -(0x500 + \n)
  snez x\n, x\n
  add ra, ra, x\n
  .endr
  ld a0, 8(sp)
  sub t0, t0, a0
  snez t0, t0
  add ra, ra, t0
  ld a0, 16(sp)
  slli a7, a7, 32
  or a6, a6, a7
  sub a6, a6, a0
  snez a6, a6
  add a0, ra, a6
  ld ra, 0(sp)
  addi sp, sp, 32
  ret
#endif
