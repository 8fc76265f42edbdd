// What the compiler may call for large copies (ISO C 7.24.2.1, 7.24.6.1). Eight bytes at a time where
// both addresses allow it, because the MMU may still be off.
#if defined(__aarch64__) && !__STDC_HOSTED__
  .text
  .balign 16
  .global memcpy
  .global memmove
memcpy:
memmove:
  mov   x3, x0
  cmp   x0, x1
  b.hi  backwards
  orr   x4, x0, x1
  tst   x4, #7
  b.ne  2f
1:
  subs  x2, x2, #8
  b.lo  3f
  ldr   x4, [x1], #8
  str   x4, [x3], #8
  b     1b
3:
  add   x2, x2, #8
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
  tst   x3, #7
  b.ne  2f
1:
  subs  x2, x2, #8
  b.lo  3f
  str   x4, [x3], #8
  b     1b
3:
  add   x2, x2, #8
2:
  cbz   x2, 4f
  strb  w4, [x3], #1
  sub   x2, x2, #1
  b     2b
4:
  ret
#endif
