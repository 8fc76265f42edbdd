// What the compiler may call for large copies (ISO C 7.24.2.1, 7.24.6.1), and payloads are loaded with.
// Eight bytes at a time where addresses allow it.
#if defined(__riscv) && !__STDC_HOSTED__
  .text
  .balign 4
  .global memcpy
  .global memmove
memcpy:
memmove:
  mv    a3, a0
  sub   a4, a0, a1
  bltu  a4, a2, backwards         // the target begins inside the source
  or    a4, a0, a1
  andi  a4, a4, 7
  bnez  a4, 3f
  li    a5, 8
2:
  bltu  a2, a5, 3f
  ld    a4, 0(a1)
  sd    a4, 0(a3)
  addi  a1, a1, 8
  addi  a3, a3, 8
  addi  a2, a2, -8
  j     2b
3:
  beqz  a2, 4f
  lbu   a4, 0(a1)
  sb    a4, 0(a3)
  addi  a1, a1, 1
  addi  a3, a3, 1
  addi  a2, a2, -1
  j     3b
4:
  ret
backwards:
  add   a1, a1, a2
  add   a3, a3, a2
  li    a5, 8
5:
  beqz  a2, 4b
  bltu  a2, a5, 6f
  or    a4, a3, a1
  andi  a4, a4, 7
  bnez  a4, 6f
  ld    a4, -8(a1)
  sd    a4, -8(a3)
  addi  a1, a1, -8
  addi  a3, a3, -8
  addi  a2, a2, -8
  j     5b
6:
  lbu   a4, -1(a1)
  sb    a4, -1(a3)
  addi  a1, a1, -1
  addi  a3, a3, -1
  addi  a2, a2, -1
  j     5b

  .balign 4
  .global memset
memset:
  mv    a3, a0
  andi  a1, a1, 0xff
  slli  a4, a1, 8
  or    a1, a1, a4
  slli  a4, a1, 16
  or    a1, a1, a4
  slli  a4, a1, 32
  or    a1, a1, a4
  li    a5, 8
0:
  andi  a4, a3, 7
  beqz  a4, 1f
  beqz  a2, 3f
  sb    a1, 0(a3)
  addi  a3, a3, 1
  addi  a2, a2, -1
  j     0b
1:
  bltu  a2, a5, 2f
  sd    a1, 0(a3)
  addi  a3, a3, 8
  addi  a2, a2, -8
  j     1b
2:
  beqz  a2, 3f
  sb    a1, 0(a3)
  addi  a3, a3, 1
  addi  a2, a2, -1
  j     2b
3:
  ret
#endif
