// What the compiler may call for large copies (ISO C 7.24.2.1, 7.24.6.1), and payloads are loaded with.
// Eight bytes at a time or two times eight, and only where addresses are aligned to eight, because the MMU
// may still be off.
#if defined(__aarch64__) && !__STDC_HOSTED__
  .text
  .balign 16
  .global memcpy
  .global memmove
memcpy:
memmove:
  mov   x3, x0
  sub   x4, x0, x1
  cmp   x4, x2
  b.lo  backwards                 // the target begins inside the source
  orr   x4, x0, x1
  tst   x4, #7
  b.ne  2f
1:
  subs  x2, x2, #16
  b.lo  3f
  ldp   x4, x5, [x1], #16
  stp   x4, x5, [x3], #16
  b     1b
3:
  tbz   x2, #3, 8f                // the low bits are those of the length
  ldr   x4, [x1], #8
  str   x4, [x3], #8
8:
  and   x2, x2, #7
2:
  cbz   x2, 4f
  ldrb  w4, [x1], #1
  strb  w4, [x3], #1
  sub   x2, x2, #1
  b     2b
4:
  ret
backwards:
  add   x1, x1, x2
  add   x3, x3, x2
5:
  cbz   x2, 6f
  orr   x4, x3, x1
  tst   x4, #7
  b.ne  7f
  cmp   x2, #8
  b.lo  7f
  ldr   x4, [x1, #-8]!
  str   x4, [x3, #-8]!
  sub   x2, x2, #8
  b     5b
7:
  ldrb  w4, [x1, #-1]!
  strb  w4, [x3, #-1]!
  sub   x2, x2, #1
  b     5b
6:
  ret

  .balign 16
  .global memset
memset:
  mov   x3, x0
  and   w1, w1, #0xff
  mov   x4, #0x0101010101010101
  mul   x4, x4, x1
0:
  tst   x3, #7
  b.eq  1f
  cbz   x2, 4f
  strb  w4, [x3], #1
  sub   x2, x2, #1
  b     0b
1:
  subs  x2, x2, #16
  b.lo  3f
  stp   x4, x4, [x3], #16
  b     1b
3:
  tbz   x2, #3, 5f                // as above
  str   x4, [x3], #8
5:
  and   x2, x2, #7
2:
  cbz   x2, 4f
  strb  w4, [x3], #1
  sub   x2, x2, #1
  b     2b
4:
  ret
#endif
