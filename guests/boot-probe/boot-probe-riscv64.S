// boot-probe-aarch64.S for RISC-V: S-mode, position 0x80200000. The clock is `cycle`.

#define REMEMBER 0x801ff000       // below what is loaded; above the firmware, without the kernel
#define MAGIC 0x626f6f7470726f62
#define UART 0x10000000           // transmit register of a 16550; in a zone it is emulated and always ready
#define SYSTEM_RESET 0x53525354   // SBI extension; function 0: reset, of type a0

.text
.global guest_start
guest_start:
  csrr s0, cycle
  li s1, REMEMBER
  li s2, MAGIC
  ld t0, 0(s1)
  beq t0, s2, 1f
  lla a0, boot_text
  mv a1, s0
  call print
  sd s2, 0(s1)
  li a0, 1                        // cold reboot
  li a1, 0
  li a6, 0
  li a7, SYSTEM_RESET
  csrr t0, cycle
  sd t0, 8(s1)
  ecall
  j .                             // it does not return
1:
  ld t0, 8(s1)
  sd zero, 0(s1)
  lla a0, restart_text
  sub a1, s0, t0
  call print
  li a0, 0                        // shutdown
  li a1, 0
  li a6, 0
  li a7, SYSTEM_RESET
  ecall
  j .

// Prints the text at a0 and the number a1 in decimal as a line.
print:
  li t0, UART
2:
  lbu t1, 0(a0)
  beqz t1, 3f
  sb t1, 0(t0)
  addi a0, a0, 1
  j 2b
3:
  li t2, 1000000000000000000      // skip leading zeros, then a digit for each power of ten
  li t3, 10
  li t4, 1
4:
  beq t2, t4, 5f
  bgeu a1, t2, 5f
  divu t2, t2, t3
  j 4b
5:
  divu t1, a1, t2
  remu a1, a1, t2
  addi t1, t1, '0'
  sb t1, 0(t0)
  divu t2, t2, t3
  bnez t2, 5b
  li t1, '\r'
  sb t1, 0(t0)
  li t1, '\n'
  sb t1, 0(t0)
  ret

boot_text: .asciz "boot-probe: RESULT boot ticks="
restart_text: .asciz "boot-probe: RESULT restart ticks="
