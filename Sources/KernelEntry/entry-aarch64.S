#if defined(__aarch64__) && !__STDC_HOSTED__
.section .head,"ax"
.global _start
_start: mov x20,x0
 ldr x1,=0x40400000
 mov sp,x1
 bl kernel_main
1: wfi
 b 1b
#endif
