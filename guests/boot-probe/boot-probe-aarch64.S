// The smallest zone there is: what a start and a restart cost when there is next to nothing to copy.
// Without stack, data, MMU. EL1, position 0x40080000.
//
//   boot-probe: RESULT boot ticks=N       counter, read by the first instruction of the first start
//   boot-probe: RESULT restart ticks=N    from just before PSCI SYSTEM_RESET to the first instruction
//
// It starts itself anew once. What it must remember meanwhile is where nothing is loaded.

#define REMEMBER 0x40000000
#define MAGIC 0x626f6f7470726f62
#define UART 0x09000000           // data register of a PL011; in a zone it is emulated and always ready

.text
.global guest_start
guest_start:
  mrs x9, cntvct_el0
  ldr x10, =REMEMBER
  ldr x11, =MAGIC
  ldp x12, x13, [x10]
  cmp x12, x11
  b.eq 1f
  adr x0, boot_text
  mov x1, x9
  bl print
  ldr x0, =0x84000009             // SYSTEM_RESET
  mrs x13, cntvct_el0
  stp x11, x13, [x10]
  hvc #0
  b .                             // it does not return
1:
  str xzr, [x10]
  adr x0, restart_text
  sub x1, x9, x13
  bl print
  ldr x0, =0x84000008             // SYSTEM_OFF
  hvc #0
  b .

// Prints the text at x0 and the number x1 in decimal as a line. Changes x0-x7.
print:
  ldr x2, =UART
2:
  ldrb w3, [x0], #1
  cbz w3, 3f
  str w3, [x2]
  b 2b
3:
  ldr x4, =1000000000000000000    // skip leading zeros, then a digit for each power of ten
  mov x5, #10
4:
  cmp x4, #1
  b.eq 5f
  cmp x1, x4
  b.hs 5f
  udiv x4, x4, x5
  b 4b
5:
  udiv x6, x1, x4
  msub x1, x6, x4, x1
  add w6, w6, #'0'
  str w6, [x2]
  udiv x4, x4, x5
  cbnz x4, 5b
  mov w6, #'\r'
  str w6, [x2]
  mov w6, #'\n'
  str w6, [x2]
  ret

boot_text: .asciz "boot-probe: RESULT boot ticks="
restart_text: .asciz "boot-probe: RESULT restart ticks="
