// Entry, translation tables, vectors and fault recovery of the AArch64 guests. EL1.
//
// Guest code runs on SP_EL0 (EL1t) and exceptions on SP_EL1 (EL1h), so that a guest with a broken
// stack pointer still reports its fault. Arm ARM (DDI 0487) D1.3 exceptions, D8 translation.
#if defined(__aarch64__) && !__STDC_HOSTED__

#define STACK_BYTES 16384
#define CPU_CAPACITY 4

// Without a kernel nobody sets x0-x3. guests/bare writes them here, between code and data: a magic
// number and four values.
#define BARE_ARGUMENTS 0x401ff000
#define BARE_ARGUMENTS_MAGIC 0x4775657374417267

// ---- Entry -------------------------------------------------------------------------------------

.section .head, "ax"
.global guest_start
guest_start:
  mrs x9, cntvct_el0              // the boot stamp: nothing may come before it
  ldr x10, =guest_bss_start
  ldr x11, =guest_bss_end
1:
  cmp x10, x11
  b.hs 2f
  stp xzr, xzr, [x10], #16
  b 1b
2:
  ldr x10, =guest_boot_stamp
  str x9, [x10]
  mov x19, #0
  bl set_up_cpu
  orr x10, x0, x1
  orr x11, x2, x3
  orr x10, x10, x11
  cbnz x10, 3f
  ldr x11, =BARE_ARGUMENTS        // none given: take those a person put into memory, if any
  ldr x12, =BARE_ARGUMENTS_MAGIC
  ldr x10, [x11]
  cmp x10, x12
  b.ne 3f
  ldp x0, x1, [x11, #8]
  ldp x2, x3, [x11, #24]
3:
  bl guest_main                   // x0-x3 as the kernel or the boot loader gave them
  b guest_halt

// CPU_ON enters here with the CPU's number in x0.
.global guest_secondary_start
guest_secondary_start:
  and x19, x0, #(CPU_CAPACITY - 1)
  bl set_up_cpu
  mov x0, x19
  bl guest_secondary_main

.weak guest_secondary_main        // only guests that start CPUs define it
guest_secondary_main:
.global guest_halt
guest_halt:
  msr daifset, #0xf
1:
  wfi
  b 1b

// Stacks of CPU x19, vectors, MMU and caches. Leaves x0-x3 alone.
set_up_cpu:
  mov x10, #STACK_BYTES
  add x11, x19, #1
  mul x10, x10, x11
  ldr x11, =exception_stacks
  ldr x12, =stacks
  msr spsel, #1
  add sp, x11, x10
  msr spsel, #0
  add sp, x12, x10
  ldr x10, =guest_vectors
  msr vbar_el1, x10
  ldr x10, =0xff04                // attribute 0 Device-nGnRE, 1 Normal write-back
  msr mair_el1, x10
  ldr x10, =0x200803519           // 39-bit, 4 KiB, write-back inner shareable, TTBR1 off, 40-bit PA
  msr tcr_el1, x10
  ldr x10, =guest_level1_table
  msr ttbr0_el1, x10
  dsb sy
  tlbi vmalle1
  ic iallu
  dsb sy
  isb
  ldr x10, =0x30d0181d            // RES1, I, C, M, SA, SA0
  msr sctlr_el1, x10
  isb
  ret

// ---- Translation tables: identity --------------------------------------------------------------

#define DEVICE   0x0060000000000401   // XN, AF, attribute 0
#define MEMORY   0x0060000000000705   // XN, AF, inner shareable, attribute 1
#define CODE     0x0040000000000785   // UXN, read-only
#define PATCH    0x0040000000000705   // UXN, read-write and executable at EL1
#define USER     0x0020000000000745   // PXN, read-write and executable at EL0

.section .tables, "aw"
.balign 4096
.global guest_level1_table
guest_level1_table:
  .quad low_table + 3
  .quad ram_table + 3
  .quad MEMORY + 0x80000000       // bare boards with more RAM, other zones' RAM for the attacker
  .quad MEMORY + 0xc0000000
  .fill 252, 8, 0
  .quad DEVICE + 0x4000000000     // QEMU virt: PCIe configuration space (VIRT_HIGH_PCIE_ECAM)
  .fill 255, 8, 0
low_table:                        // devices, and 64 MiB of stamp area at 0x20000000
  .set address, 0
  .rept 512
  .if address >= 0x20000000 && address < 0x24000000
  .quad MEMORY + address
  .else
  .quad DEVICE + address
  .endif
  .set address, address + 0x200000
  .endr
ram_table:                        // code, data, generated code, EL0 code, then plain memory
  .quad CODE + 0x40000000
  .quad MEMORY + 0x40200000
  .quad PATCH + 0x40400000
  .quad USER + 0x40600000
  .set address, 0x40800000
  .rept 508
  .quad MEMORY + address
  .set address, address + 0x200000
  .endr

.bss
.balign 16
stacks: .space STACK_BYTES * CPU_CAPACITY
exception_stacks: .space STACK_BYTES * CPU_CAPACITY
.global guest_boot_stamp
guest_boot_stamp: .space 16
.global guest_recovery
guest_recovery: .space 192
.balign 64
.global guest_cells
guest_cells: .space 4096

// ---- Vectors -----------------------------------------------------------------------------------

// An interrupt: the second instruction of the vector reads the counter. Taking an exception is a
// context synchronisation event (Arm ARM D1.3.1), so that the read cannot come early.
.macro INTERRUPT
  .balign 128
  stp x0, x1, [sp, #-176]!
  mrs x0, cntvct_el0
  stp x2, x3, [sp, #16]
  stp x4, x5, [sp, #32]
  stp x6, x7, [sp, #48]
  stp x8, x9, [sp, #64]
  stp x10, x11, [sp, #80]
  stp x12, x13, [sp, #96]
  stp x14, x15, [sp, #112]
  stp x16, x17, [sp, #128]
  stp x18, x29, [sp, #144]
  str x30, [sp, #160]
  bl guest_interrupt
  ldr x30, [sp, #160]
  ldp x18, x29, [sp, #144]
  ldp x16, x17, [sp, #128]
  ldp x14, x15, [sp, #112]
  ldp x12, x13, [sp, #96]
  ldp x10, x11, [sp, #80]
  ldp x8, x9, [sp, #64]
  ldp x6, x7, [sp, #48]
  ldp x4, x5, [sp, #32]
  ldp x2, x3, [sp, #16]
  ldp x0, x1, [sp], #176
  eret
.endm

// Everything else: full frame (GuestFrame in GuestEntry.h), number of the vector in x1.
.macro EXCEPTION number
  .balign 128
  sub sp, sp, #288
  stp x0, x1, [sp]
  mov x1, #\number
  b exception
.endm

.section .vectors, "ax"
.balign 2048
guest_vectors:
  EXCEPTION 0                     // current EL on SP_EL0
  INTERRUPT
  EXCEPTION 2
  EXCEPTION 3
  EXCEPTION 4                     // current EL on SP_EL1: a fault in an exception handler
  EXCEPTION 5
  EXCEPTION 6
  EXCEPTION 7
  EXCEPTION 8                     // lower EL, AArch64
  EXCEPTION 9
  EXCEPTION 10
  EXCEPTION 11
  EXCEPTION 12                    // lower EL, AArch32
  EXCEPTION 13
  EXCEPTION 14
  EXCEPTION 15

.balign 128
exception:
  stp x2, x3, [sp, #16]
  stp x4, x5, [sp, #32]
  stp x6, x7, [sp, #48]
  stp x8, x9, [sp, #64]
  stp x10, x11, [sp, #80]
  stp x12, x13, [sp, #96]
  stp x14, x15, [sp, #112]
  stp x16, x17, [sp, #128]
  stp x18, x19, [sp, #144]
  stp x20, x21, [sp, #160]
  stp x22, x23, [sp, #176]
  stp x24, x25, [sp, #192]
  stp x26, x27, [sp, #208]
  stp x28, x29, [sp, #224]
  mrs x2, sp_el0
  stp x30, x2, [sp, #240]
  mrs x2, elr_el1
  mrs x3, spsr_el1
  stp x2, x3, [sp, #256]
  mrs x2, esr_el1
  mrs x3, far_el1
  stp x2, x3, [sp, #272]
  mov x0, sp
  bl guest_exception              // returns where to go on; never returns when it cannot
  msr elr_el1, x0
  mov x2, #0x3c4                  // EL1t, all masked: guest_try restores the caller's masks
  msr spsr_el1, x2
  add sp, sp, #288
  eret

// ---- Fault recovery ----------------------------------------------------------------------------

// uint64_t guest_try(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
// Calls function(a, b, c). Returns 0 when it returned and 1 when it took an exception; the
// exception's syndrome, address, vector and return address are then in guest_recovery.
.text
.global guest_try
guest_try:
  ldr x9, =guest_recovery
  stp x19, x20, [x9, #48]
  stp x21, x22, [x9, #64]
  stp x23, x24, [x9, #80]
  stp x25, x26, [x9, #96]
  stp x27, x28, [x9, #112]
  stp x29, x30, [x9, #128]
  mov x10, sp
  mrs x11, daif
  stp x10, x11, [x9, #144]
  mov x10, #1
  str x10, [x9]                   // armed
  mov x10, x0
  mov x0, x1
  mov x1, x2
  mov x2, x3
  blr x10
  ldr x9, =guest_recovery
  str x0, [x9, #8]                // what the function returned
  mov x0, #0
  b 1f
.global guest_try_landing
guest_try_landing:
  ldr x9, =guest_recovery
  mov x0, #1
1:
  str xzr, [x9]
  ldp x19, x20, [x9, #48]
  ldp x21, x22, [x9, #64]
  ldp x23, x24, [x9, #80]
  ldp x25, x26, [x9, #96]
  ldp x27, x28, [x9, #112]
  ldp x29, x30, [x9, #128]
  ldp x10, x11, [x9, #144]
  mov sp, x10
  msr daif, x11
  ret

// uint64_t guest_registers_changed(uint64_t code, uint64_t argument)
// Calls code(argument) with a pattern in x5-x15 and x17-x29; how many of them it changed. For code
// that should change none, so it may not return with x30 or sp changed either. Used in guest_try,
// which puts the caller's registers back.
.global guest_registers_changed
guest_registers_changed:
  str x30, [sp, #-16]!
  mov x16, x0
  mov x0, x1
  .irp n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
  mov x\n, #(0x500 + \n)
  .endr
  blr x16
  mov x16, #0
  .irp n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
  sub x30, x\n, #(0x500 + \n)
  cmp x30, #0
  cinc x16, x16, ne
  .endr
  ldr x30, [sp], #16
  mov x0, x16
  ret
#endif
