// layout-probe-aarch64.S for RISC-V: S-mode, no stack. One file, two programs; each prints one line,
// `layout-NAME: PASS` or `layout-NAME: FAIL check=N`, and ends with an SBI system reset.
//
// On the way it starts itself anew once, so that its second life shows what the kernel loads then.
// PLIC specification 1.0.0. 16550: PC16550D (SNLS378), section 8. SBI specification 2.0.

#define BASE 0x80200000

#if defined(LAYOUT_RT_THREAD)     // qemu-virt64-riscv in S-mode
#define NAME "layout-rt-thread"
#define REMEMBER 0x8cfffff0       // near the end of 208 MiB of RAM, where nothing is loaded
#define TRANSLATES 1
#define PROBES_VIRTIO 1
#elif defined(LAYOUT_NUTTX)       // rv-virt in S-mode
#define NAME "layout-nuttx"
#define REMEMBER 0x87fffff0       // the end of 128 MiB
#define RECEIVES 1
#endif

#define TIMER_INTERRUPTS 10       // that must come
#define PERIOD 10000              // a millisecond in ticks of 10 MHz
#define PLIC 0x0c000000
#define ENABLES (PLIC + 0x2080)   // of context 1: S-mode of hart 0
#define CONTEXT (PLIC + 0x201000) // its threshold; claim and completion are 4 behind it
#define SOURCES 52                // to which the driver gives a priority
#define UART 0x10000000
#define UART_SOURCE 10
#define VIRTIO 0x10001000         // 8 transports of 0x1000 bytes
#define KEY 'k'                   // the byte to type
#define FIRST_LIFE_IS_OVER 0x6c61796f75747072
#define LOADED 0x696e697469616c21

#define SBI_BASE 0x10
#define SBI_TIME 0x54494d45
#define SBI_SYSTEM_RESET 0x53525354

// Registers kept through the program, also by the interrupt handler, which has t3-t6 for itself; SBI calls
// keep all but a0 and a1.
#define timer_interrupts s0
#define received s1
#define check s2
#define receive_interrupts s3
#define unexpected s4
#define deadline s5

// Check `number` holds if a and b are equal.
.macro EQUAL number, a, b
  li check, \number
  bne \a, \b, failed
.endm

.macro CALL extension, function
  li a7, \extension
  li a6, \function
  ecall
.endm

// Sleeps until an interrupt has been handled. Masked ones end a WFI too, so that none is lost in between.
.macro SLEEP
  wfi
  csrsi sstatus, 2
  csrci sstatus, 2
.endm

.text                             // writable, too: linked with -N
.global guest_start
guest_start:
  li timer_interrupts, 0
  li received, 0
  li receive_interrupts, 0
  li unexpected, 0
  lla t0, vector
  csrw stvec, t0
  lla t0, guest_start             // 1: it runs where it was linked
  li t1, BASE
  EQUAL 1, t0, t1
  EQUAL 2, a0, zero               // 2: on hart 0
  csrr t0, satp                   // 3: without translation, in both lives
  EQUAL 3, t0, zero

  lla a2, initialised             // 4, 5: data as loaded and zeroed, in both lives
  ld t0, 0(a2)
  li t1, LOADED
  EQUAL 4, t0, t1
  lla a3, zeroed
  ld t0, 0(a3)
#ifndef RAW                       // a raw image does not say what is to be zeroed
  EQUAL 5, t0, zero
#endif
  li a4, REMEMBER
  ld t0, 0(a4)
  li t1, FIRST_LIFE_IS_OVER
  beq t0, t1, 1f
  sd t1, 0(a4)
  sd t1, 0(a2)
  sd t1, 0(a3)
#ifdef TRANSLATES
  call translate                  // the second life must not have it
#endif
  li check, 6                     // 6: a cold reboot does not return
  li a0, 1
  li a1, 0
  CALL SBI_SYSTEM_RESET, 0
  j failed
1:
  sd zero, 0(a4)
#ifdef TRANSLATES
  call translate
#endif

  li t0, PLIC                     // every source has a priority, none is enabled, all are let through
  li t1, 1
  li t2, SOURCES
2:
  slli a2, t1, 2
  add a2, a2, t0
  li a3, 1
  sw a3, 0(a2)
  addi t1, t1, 1
  ble t1, t2, 2b
  li t0, ENABLES
  sw zero, 0(t0)
  sw zero, 4(t0)
  li t0, CONTEXT
  sw zero, 0(t0)
  lwu t1, 0(t0)
  EQUAL 7, t1, zero               // 7: a threshold as it was written

  li a0, SBI_TIME                 // 8: there is a timer
  CALL SBI_BASE, 3
  EQUAL 8, a0, zero
  li check, 8
  beqz a1, failed
  rdtime deadline
  li t0, PERIOD
  add deadline, deadline, t0
  mv a0, deadline
  CALL SBI_TIME, 0
  EQUAL 8, a0, zero
  li t0, 1 << 5 | 1 << 9          // timer, external
  csrw sie, t0
3:
  SLEEP
  li t0, TIMER_INTERRUPTS
  bltu timer_interrupts, t0, 3b
  li a0, -1
  CALL SBI_TIME, 0

#ifdef RECEIVES
  li t0, ENABLES
  li t1, 1 << UART_SOURCE
  sw t1, 0(t0)
  li t0, UART
  li t1, 0x07                     // FCR: FIFOs on and empty
  sb t1, 2(t0)
  li t1, 0x0b                     // MCR: DTR, RTS, OUT2
  sb t1, 4(t0)
  li t1, 1                        // IER: received data
  sb t1, 1(t0)
  lla a0, type_text
  call print
4:
  SLEEP
  beqz received, 4b
  li t0, KEY
  EQUAL 9, received, t0           // 9: the byte that was typed
  li check, 10                    // 10: by an interrupt of that source
  beqz receive_interrupts, failed
#endif

#ifdef PROBES_VIRTIO
  li t0, VIRTIO
  li t2, VIRTIO + 8 * 0x1000
5:
  lwu t1, 0(t0)                   // MagicValue
  beqz t1, 6f
  lwu t1, 8(t0)                   // a transport, as without the kernel:
  EQUAL 11, t1, zero              // 11: DeviceID, no device
6:
  sw zero, 0x70(t0)               // Status: a write to nothing
  li t1, 0x1000
  add t0, t0, t1
  bne t0, t2, 5b
#endif

  CALL SBI_BASE, 0                // 13: SBI 2.0
  EQUAL 13, a0, zero
  li t0, 2 << 24
  EQUAL 13, a1, t0
  EQUAL 14, unexpected, zero      // 14: no interrupt that was not asked for
  lla a0, pass_text
  call print

off:
  li a0, 0                        // shutdown
  li a1, 0
  CALL SBI_SYSTEM_RESET, 0
  j .                             // it does not return

failed:
  lla a0, fail_text
  call print
  li t0, 10
  divu t1, check, t0
  remu t2, check, t0
  addi t1, t1, '0'
  addi t2, t2, '0'
  li t0, UART
  sb t1, 0(t0)
  sb t2, 0(t0)
  lla a0, line_end
  call print
  j off

// Prints the text at a0. Changes a0, t0, t1.
print:
  li t0, UART
7:
  lbu t1, 0(a0)
  beqz t1, 9f
8:
  lbu a1, 5(t0)                   // LSR.THRE
  andi a1, a1, 1 << 5
  beqz a1, 8b
  sb t1, 0(t0)
  addi a0, a0, 1
  j 7b
9:
  ret

#ifdef TRANSLATES
// Sv39, all at the address it has.
translate:
  lla t0, table
  srli t0, t0, 12
  li t1, 8 << 60
  or t0, t0, t1
  sfence.vma
  csrw satp, t0
  sfence.vma
  ret
#endif

.balign 4
vector:
  csrr t3, scause
  bgez t3, exception
  andi t3, t3, 0xff
  li t4, 5
  beq t3, t4, timer
  li t4, 9
  beq t3, t4, external
  addi unexpected, unexpected, 1
  sret
timer:
  addi timer_interrupts, timer_interrupts, 1
  li t3, PERIOD
  add deadline, deadline, t3
  mv t3, a0
  mv t4, a1
  mv t5, a6
  mv t6, a7
  mv a0, deadline
  CALL SBI_TIME, 0
  mv a0, t3
  mv a1, t4
  mv a6, t5
  mv a7, t6
  sret
external:
  li t3, CONTEXT
  lwu t4, 4(t3)                   // claim
  beqz t4, 3f
  li t5, UART_SOURCE
  beq t4, t5, 1f
  addi unexpected, unexpected, 1
  j 2f
1:
  addi receive_interrupts, receive_interrupts, 1
0:                                // until LSR.DR is clear, which ends the interrupt
  li t5, UART
  lbu t6, 5(t5)
  andi t6, t6, 1
  beqz t6, 2f
  lbu t6, 0(t5)                   // RBR: the first byte counts
  bnez received, 0b
  mv received, t6
  j 0b
2:
  sw t4, 4(t3)                    // completion
3:
  sret
exception:
  li check, 99
  j failed

.balign 8
initialised: .quad LOADED
type_text: .ascii NAME
  .asciz ": type k\r\n"
pass_text: .ascii NAME
  .asciz ": PASS\r\n"
fail_text: .ascii NAME
  .asciz ": FAIL check="
line_end: .asciz "\r\n"

#ifdef TRANSLATES
.balign 4096
table:                            // D, A, X, W, R, V, for each of the first three gigabytes
  .quad 0xcf, 0x10000000 + 0xcf, 0x20000000 + 0xcf
  .fill 509, 8, 0
#endif

.bss
.balign 8
zeroed: .quad 0
