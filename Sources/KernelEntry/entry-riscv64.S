// Entry of the RISC-V kernel: image header, boot hart, other harts, MMU, the way into a zone.
#if defined(__riscv) && !__STDC_HOSTED__

// Linux RISC-V image header (Linux Documentation/arch/riscv/boot-image-header.rst), so that any loader
// that starts Linux starts us. Offset 40, reserved there, is ours: the early console (kind in bits
// 63:56, address below), patched in with image_size when a boot image is made.
  .section .head, "ax"
  .option norelax
  .global _start
_start:
  .option push
  .option norvc
  j     boot_hart
  .option pop
  .balign 8
  .quad 0x200000                  // text_offset
  .quad __image_end - _start      // image_size
  .quad 0                         // flags: little endian
  .long 2                         // version 0.2
  .long 0
  .quad 0                         // early console
  .ascii "RISCV\0\0\0"
  .ascii "RSC\x05"
  .long 0

// a0: hart id, a1: device tree, which we do not read.
boot_hart:
  csrw  sie, zero
  rdtime s1                       // reset stamp, before anything else
  lla   t0, 0f                    // the same in cycles, which may be out of reach: 0
  csrw  stvec, t0
  mv    s3, zero
  rdcycle s3
  .balign 4
0:
  la    t0, __crash_stack_top     // no block yet, should the kernel crash
  csrw  sscratch, t0
  lla   t0, kernel_vectors
  csrw  stvec, t0
  mv    s2, a0
  lla   s0, _start                // where we really are

  // Relative relocations: *(base + offset) = base + addend (RISC-V ELF psABI, R_RISCV_RELATIVE). The
  // static linker leaves no other kind.
  lla   t0, __relocations_start
  lla   t1, __relocations_end
1:
  bgeu  t0, t1, 2f
  ld    t2, 0(t0)
  ld    t3, 16(t0)
  add   t2, t2, s0
  add   t3, t3, s0
  sd    t3, 0(t2)
  addi  t0, t0, 24
  j     1b
2:
  lla   sp, __boot_stack_top      // which CPU slot is ours, the Plan says later
  mv    a0, s0
  mv    a1, s1
  mv    a2, s2
  mv    a3, s3
  call  kernel_boot
0:
  wfi
  j     0b

  .text
  .balign 4
  .global kernel_secondary_start
kernel_secondary_start:           // a1: CPUBlock; its first word is what is needed here
  csrw  sie, zero
  csrw  sscratch, a1
  lla   t0, kernel_vectors
  csrw  stvec, t0
  ld    t0, 0(a1)                 // satp
  sfence.vma
  csrw  satp, t0
  sfence.vma
  mv    sp, a1                    // the stack ends where the block begins
  mv    a0, a1
  call  kernel_secondary
0:
  wfi
  j     0b

// void kernel_enable_mmu(satp)
  .global kernel_enable_mmu
kernel_enable_mmu:
  sfence.vma
  csrw  satp, a0
  sfence.vma
  ret

// void kernel_enter_guest(a0, a1, a2, a3, a4, stack top)
  .global kernel_enter_guest
kernel_enter_guest:
  csrw  sscratch, a5
  .irp  register, ra, sp, gp, tp, t0, t1, t2, s0, s1, a5, a6, a7, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6
  mv    \register, zero
  .endr
  sret
#endif
