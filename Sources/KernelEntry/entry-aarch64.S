// Entry of the AArch64 kernel: image header, boot CPU, other CPUs, MMU, the way into a zone.
#if defined(__aarch64__) && !__STDC_HOSTED__

// Linux arm64 Image header (Linux Documentation/arch/arm64/booting.rst, section 4), so that any
// loader that starts Linux starts us. Offset 32, reserved there, is ours: the early console
// (kind in bits 63:56, address below), patched in with image_size when a boot image is made.
  .section .head, "ax"
  .global _start
_start:
  b     boot_cpu
  .long 0
  .quad 0                         // text_offset
  .quad __image_end - . + 16      // image_size: distance from the start
  .quad 0xa                       // little endian, 4 KiB pages, anywhere in memory
  .quad 0                         // early console
  .quad 0
  .quad 0
  .ascii "ARM\x64"
  .long 0

boot_cpu:
  mrs   x9, CNTPCT_EL0            // reset stamp, before anything else
  msr   DAIFSet, #0xf
  mrs   x1, CurrentEL
  cmp   x1, #(2 << 2)
  b.ne  0f                        // not EL2: nothing here would work, and there is no console yet
  msr   SPSel, #1
  msr   HCR_EL2, xzr              // E2H and TGE decide what the registers below mean
  msr   TPIDR_EL2, xzr            // no CPU block yet, should the kernel crash
  isb
  adrp  x20, _start               // where we really are

  // A loader that leaves its MMU on, as U-Boot's `bootelf` does, maps everything to itself. What is in its caches of our
  // memory goes out, in steps of the shortest line there can be (CTR_EL0.DminLine), before they are switched off.
  mrs   x0, SCTLR_EL2
  mov   x1, #0x1005               // M, C and I
  tst   x0, x1
  b.eq  2f
  mov   x2, x20
  adrp  x3, __image_end
1:
  dc    civac, x2
  add   x2, x2, #16
  cmp   x2, x3
  b.lo  1b
  dsb   sy
  bic   x0, x0, x1
  msr   SCTLR_EL2, x0
  isb
  ic    iallu
  dsb   nsh
  isb
2:
  // Relative relocations: *(base + offset) = base + addend (ELF for the Arm 64-bit Architecture,
  // R_AARCH64_RELATIVE). The static linker leaves no other kind.
  adrp  x0, __relocations_start
  add   x0, x0, :lo12:__relocations_start
  adrp  x1, __relocations_end
  add   x1, x1, :lo12:__relocations_end
1:
  cmp   x0, x1
  b.hs  2f
  ldp   x2, x3, [x0]
  ldr   x4, [x0, #16]
  add   x4, x4, x20
  str   x4, [x20, x2]
  add   x0, x0, #24
  b     1b
2:
  adrp  x0, __boot_stack_top      // which CPU slot is ours, the Plan says later
  mov   sp, x0
  mov   x0, x20
  mov   x1, x9
  mov   x29, xzr
  bl    kernel_boot
0:
  wfi
  b     0b

  .text
  .balign 4
  // Where a CPU comes from firmware without PSCI, which tells it nothing: its block is the one that has its MPIDR_EL1.
  .global kernel_released_start
kernel_released_start:
  mrs   x1, MPIDR_EL1
  bic   x1, x1, #0x7f000000       // U, RES0, MT: what is left are RES1 and the affinity fields
  adrp  x0, __cpus_start
  add   x0, x0, #0x3000           // cpuBlockOffset
  adrp  x3, __cpus_end
0:
  cmp   x0, x3
  b.hs  1f                        // nobody's
  ldr   x2, [x0, #40]             // CPUBlock.ownID
  cmp   x1, x2
  b.eq  kernel_secondary_start
  add   x0, x0, #0x4000           // cpuStride
  b     0b
1:
  wfi
  b     1b

  .global kernel_secondary_start
kernel_secondary_start:           // x0: CPUBlock; its first words are what is needed here
  msr   DAIFSet, #0xf
  msr   SPSel, #1
  msr   HCR_EL2, xzr
  isb
  ldp   x1, x2, [x0]              // TTBR0_EL2, TCR_EL2
  ldp   x3, x4, [x0, #16]         // MAIR_EL2, SCTLR_EL2
  msr   TTBR0_EL2, x1
  msr   TCR_EL2, x2
  msr   MAIR_EL2, x3
  tlbi  alle2
  ic    iallu
  dsb   nsh
  isb
  msr   SCTLR_EL2, x4
  isb
  mov   sp, x0                    // the stack ends where the block begins
  mov   x29, xzr
  bl    kernel_secondary
0:
  wfi
  b     0b

// void kernel_enable_mmu(root, tcr, mair, sctlr)
  .global kernel_enable_mmu
kernel_enable_mmu:
  msr   TTBR0_EL2, x0
  msr   TCR_EL2, x1
  msr   MAIR_EL2, x2
  tlbi  alle2
  ic    iallu
  dsb   nsh
  isb
  msr   SCTLR_EL2, x3
  isb
  ret

// void kernel_enter_guest(x0, x1, x2, x3, stack top)
  .global kernel_enter_guest
kernel_enter_guest:
  mov   sp, x4
  mov   x4, xzr
  mov   x5, xzr
  mov   x6, xzr
  mov   x7, xzr
  mov   x8, xzr
  mov   x9, xzr
  mov   x10, xzr
  mov   x11, xzr
  mov   x12, xzr
  mov   x13, xzr
  mov   x14, xzr
  mov   x15, xzr
  mov   x16, xzr
  mov   x17, xzr
  mov   x18, xzr
  mov   x19, xzr
  mov   x20, xzr
  mov   x21, xzr
  mov   x22, xzr
  mov   x23, xzr
  mov   x24, xzr
  mov   x25, xzr
  mov   x26, xzr
  mov   x27, xzr
  mov   x28, xzr
  mov   x29, xzr
  mov   x30, xzr
  eret
  dsb   nsh                       // nothing is speculated past it
  isb
#endif
