#ifndef ARCH_SHIMS_H
#define ARCH_SHIMS_H

/// Single instructions for the kernel, and the addresses the linker script defines. No logic.
/// Each function is one instruction (or one access) that Swift cannot express.

#if !__STDC_HOSTED__
#if defined(__aarch64__)
#include "../aarch64.h"
#include "../bringup.h"
#elif defined(__riscv) && __riscv_xlen == 64
#include "../riscv64.h"
#include "../bringup.h"
#endif
#endif
#endif
