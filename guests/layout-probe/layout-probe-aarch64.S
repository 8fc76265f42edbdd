// What an RTOS asks of a zone, by the layouts of three whose images people bring themselves: where they are
// linked and entered, which timer, which conduit, which devices they use or look for. One file, three programs
// (guests/build). Each prints one line, `layout-NAME: PASS` or `layout-NAME: FAIL check=N`, and ends with
// PSCI SYSTEM_OFF. EL1, MMU off, no stack.
//
// On the way it starts itself anew once, so that its second life shows what the kernel loads then.
// GICv3: Arm IHI 0069, chapter 12. PL011: Arm DDI 0183, chapter 3. PSCI: Arm DEN 0022, chapter 5.

#if defined(LAYOUT_ZEPHYR)        // qemu_cortex_a53, non-secure
#define NAME "layout-zephyr"
#define BASE 0x40000000
#define ENTRY_OFFSET 0x1070
#define CONDUIT hvc
#define RECEIVES 1
#elif defined(LAYOUT_RT_THREAD)   // qemu-virt64-aarch64, GICv3
#define NAME "layout-rt-thread"
#define BASE 0x40000000
#define ENTRY_OFFSET 0x9000
#define CONDUIT hvc
#define PHYSICAL_TIMER 1
#define PROBES_VIRTIO 1
#elif defined(LAYOUT_NUTTX)       // qemu-armv8a
#define NAME "layout-nuttx"
#define BASE 0x40280000
#define ENTRY_OFFSET 0
#define CONDUIT smc
#endif

#ifdef PHYSICAL_TIMER
#define TIMER_LINE 30
#define TIMER_COUNT cntpct_el0
#define TIMER_COMPARE cntp_cval_el0
#define TIMER_CONTROL cntp_ctl_el0
#else
#define TIMER_LINE 27
#define TIMER_COUNT cntvct_el0
#define TIMER_COMPARE cntv_cval_el0
#define TIMER_CONTROL cntv_ctl_el0
#endif

#define TIMER_INTERRUPTS 10       // that must come
#define DISTRIBUTOR 0x08000000
#define REDISTRIBUTOR 0x080a0000
#define UART 0x09000000
#define UART_LINE 33
#define VIRTIO 0x0a000000         // 32 transports of 0x200 bytes
#define KEY 'k'                   // the byte to type
#define REMEMBER 0x47fffff0       // the end of 128 MiB of RAM, where nothing is loaded
#define FIRST_LIFE_IS_OVER 0x6c61796f75747072
#define LOADED 0x696e697469616c21

// Registers kept through the program, also by the interrupt handler, which has x24-x27 for itself.
#define timer_interrupts x19
#define received x20
#define check x21
#define period x22
#define receive_interrupts x23
#define unexpected x28

// Check `number` holds if a and b are equal.
.macro EQUAL number, a, b
  mov check, #\number
  cmp \a, \b
  b.ne failed
.endm

// Sleeps until an interrupt has been handled. Masked ones end a WFI too, so that none is lost in between.
.macro SLEEP
  wfi
  msr daifclr, #2
  isb
  msr daifset, #2
.endm

.text                             // writable, too: linked with -N
.org ENTRY_OFFSET                 // before the entry there is no instruction
.global guest_start
guest_start:
  mov timer_interrupts, #0
  mov received, #0
  mov receive_interrupts, #0
  mov unexpected, #0
  adr x9, vectors
  msr vbar_el1, x9
  adr x9, guest_start             // 1: it runs where it was linked
  ldr x10, =(BASE + ENTRY_OFFSET)
  EQUAL 1, x9, x10
  EQUAL 2, x0, xzr                // 2: it is given no device tree
  mrs x9, CurrentEL
  EQUAL 3, x9, #(1 << 2)          // 3: at EL1

  adr x12, initialised            // 4, 5: data as loaded and zeroed, in both lives
  ldr x9, [x12]
  ldr x10, =LOADED
  EQUAL 4, x9, x10
  ldr x13, =zeroed
  ldr x9, [x13]
#ifndef RAW                       // a raw image does not say what is to be zeroed
  EQUAL 5, x9, xzr
#endif
  ldr x14, =REMEMBER
  ldr x9, [x14]
  ldr x10, =FIRST_LIFE_IS_OVER
  cmp x9, x10
  b.eq 1f
  str x10, [x14]
  str x10, [x12]
  str x10, [x13]
  mov check, #6                   // 6: SYSTEM_RESET does not return
  ldr x0, =0x84000009
  CONDUIT #0
  b failed
1:
  str xzr, [x14]

  ldr x9, =DISTRIBUTOR
  mov w10, #0x12                  // GICD_CTLR: ARE, EnableGrp1
  str w10, [x9]
2:
  ldr w10, [x9]                   // RWP
  tbnz w10, #31, 2b
  ldr w10, [x9, #4]               // GICD_TYPER.ITLinesNumber
  and x10, x10, #0x1f
  mov x11, #1
  mov w13, #-1
3:
  add x12, x9, x11, lsl #2
  str w13, [x12, #0x180]          // GICD_ICENABLER
  str w13, [x12, #0x080]          // GICD_IGROUPR: all Group 1,
  str w13, [x12, #0xd00]          // and GICD_IGRPMODR, which a zone has not:
  ldr w14, [x12, #0xd00]
  EQUAL 7, w14, wzr               // 7: reads zero
  str wzr, [x12, #0xd00]
  add x11, x11, #1
  cmp x11, x10
  b.ls 3b

  ldr x9, =REDISTRIBUTOR
  ldr x10, [x9, #8]               // GICR_TYPER
  lsr x10, x10, #32
  mrs x15, mpidr_el1
  and x15, x15, #0xffffff
  EQUAL 8, x10, x15               // 8: the first redistributor is that of this CPU
  str wzr, [x9, #0x14]            // GICR_WAKER: awake
4:
  ldr w10, [x9, #0x14]
  tbnz w10, #2, 4b
  add x9, x9, #0x10, lsl #12      // the SGI frame
  str w13, [x9, #0x180]
  str w13, [x9, #0x080]
  str wzr, [x9, #0xd00]           // GICR_IGRPMODR0
  mov w10, #0xa0
  strb w10, [x9, #(0x400 + TIMER_LINE)]
  mov w10, #(1 << TIMER_LINE)
  str w10, [x9, #0x100]           // GICR_ISENABLER0
  mrs x10, S3_0_C12_C12_5         // ICC_SRE_EL1
  orr x10, x10, #1
  msr S3_0_C12_C12_5, x10
  isb
  mov x10, #0xf0
  msr S3_0_C4_C6_0, x10           // ICC_PMR_EL1
  mov x10, #1
  msr S3_0_C12_C12_7, x10         // ICC_IGRPEN1_EL1
  isb

  mrs period, cntfrq_el0          // one millisecond
  mov x10, #1000
  udiv period, period, x10
  mrs x10, TIMER_COUNT
  add x10, x10, period
  msr TIMER_COMPARE, x10
  mov x10, #1
  msr TIMER_CONTROL, x10
  isb
5:
  SLEEP
  cmp timer_interrupts, #TIMER_INTERRUPTS
  b.lo 5b
  msr TIMER_CONTROL, xzr
  isb

#ifdef RECEIVES
  ldr x9, =UART
  mov w10, #0x70                  // UARTLCR_H: 8 bits, FIFOs
  str w10, [x9, #0x2c]
  mov w10, #0x301                 // UARTCR: receive, transmit, enable
  str w10, [x9, #0x30]
  mov w10, #0x50                  // UARTIMSC: receive, receive timeout
  str w10, [x9, #0x38]
  ldr x9, =DISTRIBUTOR
  mov w10, #0xa0
  strb w10, [x9, #(0x400 + UART_LINE)]
  str wzr, [x9, #(0xc00 + UART_LINE / 16 * 4)]    // GICD_ICFGR: level
  add x11, x9, #0x6, lsl #12                      // GICD_IROUTER
  str x15, [x11, #(UART_LINE * 8)]
  mov w10, #(1 << (UART_LINE % 32))
  str w10, [x9, #(0x100 + UART_LINE / 32 * 4)]
  adr x0, type_text
  bl print
6:
  SLEEP
  cbz received, 6b
  EQUAL 9, received, #KEY         // 9: the byte that was typed
  mov check, #10                  // 10: by an interrupt of that line
  cbz receive_interrupts, failed
#endif

#ifdef PROBES_VIRTIO
  ldr x9, =VIRTIO
  mov x11, #32
7:
  ldr w10, [x9]                   // MagicValue
  EQUAL 11, w10, wzr              // 11: no device
  ldr w10, [x9, #4]               // Version
  EQUAL 12, w10, wzr
  mov w10, #1
  str w10, [x9, #0x70]            // Status: a write to nothing
  add x9, x9, #0x200
  subs x11, x11, #1
  b.ne 7b
#endif

  ldr x0, =0x84000000             // 13: PSCI 1.1
  CONDUIT #0
  ldr x10, =0x10001
  EQUAL 13, x0, x10
  EQUAL 14, unexpected, xzr       // 14: no interrupt that was not asked for
  adr x0, pass_text
  bl print

off:
  ldr x0, =0x84000008             // SYSTEM_OFF
  CONDUIT #0
  b .                             // it does not return

failed:
  adr x0, fail_text
  bl print
  mov x10, #10
  udiv x11, check, x10
  msub x12, x11, x10, check
  add w11, w11, #'0'
  str w11, [x2]
  add w12, w12, #'0'
  str w12, [x2]
  adr x0, line_end
  bl print
  b off

// Prints the text at x0. Changes x0, x2, x3; x2 is UARTDR then, which is always ready in a zone.
print:
  ldr x2, =UART
8:
  ldrb w3, [x0], #1
  cbz w3, 9f
  str w3, [x2]
  b 8b
9:
  ret

interrupt:
  mrs x24, S3_0_C12_C12_0         // ICC_IAR1_EL1
  cmp x24, #TIMER_LINE
  b.eq 1f
#ifdef RECEIVES
  cmp x24, #UART_LINE
  b.eq 2f
#endif
  add unexpected, unexpected, #1
  b 4f
1:
  mrs x25, TIMER_COMPARE
  add x25, x25, period
  msr TIMER_COMPARE, x25
  isb
  add timer_interrupts, timer_interrupts, #1
  b 4f
2:
  ldr x25, =UART
  add receive_interrupts, receive_interrupts, #1
3:                                // until UARTFR.RXFE, which ends the interrupt; no look at UARTMIS
  ldr w26, [x25, #0x18]
  tbnz w26, #4, 4f
  ldr w26, [x25]                  // UARTDR: the first byte counts
  and w26, w26, #0xff
  cmp received, #0
  csel received, x26, received, eq
  b 3b
4:
  msr S3_0_C12_C12_1, x24         // ICC_EOIR1_EL1
  eret

.ltorg
.balign 2048
vectors:
.rept 5                           // current EL on SP_EL0; synchronous on SP_EL1
  .balign 128
  mov check, #99
  b failed
.endr
  .balign 128
  b interrupt
.rept 10
  .balign 128
  mov check, #98
  b failed
.endr

.balign 8
initialised: .quad LOADED
type_text: .ascii NAME
  .asciz ": type k\r\n"
pass_text: .ascii NAME
  .asciz ": PASS\r\n"
fail_text: .ascii NAME
  .asciz ": FAIL check="
line_end: .asciz "\r\n"

.bss
.balign 8
zeroed: .quad 0
