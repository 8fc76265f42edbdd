// Entry, vectors and the banked-register check of the AArch32 guest. EL1, A32, MMU off.
// Arm ARM (DDI 0487) G1 (AArch32 exception model, banked registers).
#if defined(__arm__) && !__STDC_HOSTED__
.syntax unified
.arm
.arch_extension virt
.arch_extension sec

#define STACK_BYTES 4096
#define USR 0x10
#define FIQ 0x11
#define IRQ 0x12
#define SVC 0x13
#define ABT 0x17
#define UND 0x1b
#define SYS 0x1f

.macro STACK mode, number
  cps #\mode
  ldr sp, =stacks + STACK_BYTES * (\number + 1)
.endm

.section .head, "ax"
.global aarch32_start
aarch32_start:
  mrrc p15, 1, r4, r5, c14        // CNTVCT: the boot stamp
  cpsid aif
  STACK FIQ, 0
  STACK IRQ, 1
  STACK ABT, 2
  STACK UND, 3
  STACK SVC, 4
  ldr r6, =aarch32_bss_start
  ldr r7, =aarch32_bss_end
  mov r8, #0
1:
  cmp r6, r7
  strlo r8, [r6], #4
  blo 1b
  ldr r6, =vectors
  mcr p15, 0, r6, c12, c0, 0      // VBAR
  mrc p15, 0, r6, c1, c0, 0       // SCTLR
  orr r6, r6, #2                  // A: alignment faults
  bic r6, r6, #0x2000             // V: vectors by VBAR
  mcr p15, 0, r6, c1, c0, 0
  isb
  ldr r6, =aarch32_cells
  str r4, [r6]
  bl aarch32_begin
.global aarch32_halt
aarch32_halt:
  cpsid aif
2:
  wfi
  b 2b

.section .vectors, "ax"
.balign 32
vectors:
  b .
  b undefined
  movs pc, lr                     // SVC: back to the caller's mode
  b prefetch_abort
  b data_abort
  b .
  b interrupt
  b .

// Counts, and goes on after the instruction. Cells 2, 3 and 4; A32 only.
.macro COUNT_AND_SKIP cell, offset
  push {r0, r1}
  ldr r0, =aarch32_cells + 4 * \cell
  ldr r1, [r0]
  add r1, r1, #1
  str r1, [r0]
  pop {r0, r1}
  subs pc, lr, #\offset
.endm

undefined: COUNT_AND_SKIP 2, 0
prefetch_abort: COUNT_AND_SKIP 3, 0
data_abort: COUNT_AND_SKIP 4, 4

interrupt:
  sub lr, lr, #4
  srsdb sp!, #IRQ
  push {r0-r3, r12, lr}
  mrrc p15, 1, r0, r1, c14
  bl aarch32_interrupt
  pop {r0-r3, r12, lr}
  rfeia sp!

// ---- Banked registers --------------------------------------------------------------------------

// uint32_t aarch32_banked_changed(uint32_t trap)
// Puts a pattern into every banked register of the other modes, takes a trap to the hypervisor and
// counts those that changed: 0 HVC, 1 SMC, 2 a read of the distributor, 3 a read of the console.
.macro EACH_BANKED operation
  \operation r8_fiq, 1
  \operation r9_fiq, 2
  \operation r10_fiq, 3
  \operation r11_fiq, 4
  \operation r12_fiq, 5
  \operation SP_fiq, 6
  \operation LR_fiq, 7
  \operation SP_irq, 8
  \operation LR_irq, 9
  \operation SP_abt, 10
  \operation LR_abt, 11
  \operation SP_und, 12
  \operation LR_und, 13
  \operation SP_usr, 14
  \operation LR_usr, 15
  \operation SPSR_fiq, 0x11
  \operation SPSR_irq, 0x12
  \operation SPSR_abt, 0x17
  \operation SPSR_und, 0x1b
.endm
.macro SET register, pattern
  mov r6, #\pattern
  msr \register, r6
.endm
.macro CHECK register, pattern
  mrs r6, \register
  cmp r6, #\pattern
  addne r5, r5, #1
.endm

.text
.global aarch32_banked_changed
aarch32_banked_changed:
  push {r4-r11, lr}
  mrs r8, SP_fiq                  // the stacks of the handlers
  mrs r9, SP_irq
  mrs r10, SP_abt
  mrs r11, SP_und
  mov r7, r0
  EACH_BANKED SET
  cmp r7, #0
  beq 1f
  cmp r7, #1
  beq 2f
  cmp r7, #2
  ldreq r0, =0x08000004           // GICD_TYPER
  ldrne r0, =0x09000018           // UARTFR
  ldr r0, [r0]
  b 3f
1:
  mov r0, #0x84000000             // PSCI_VERSION
  hvc #0
  b 3f
2:
  mov r0, #0x84000000
  smc #0
3:
  mov r5, #0
  EACH_BANKED CHECK
  msr SP_fiq, r8
  msr SP_irq, r9
  msr SP_abt, r10
  msr SP_und, r11
  mov r0, r5
  pop {r4-r11, pc}

.bss
.balign 8
stacks: .space STACK_BYTES * 5
.global aarch32_cells
aarch32_cells: .space 64
#endif
