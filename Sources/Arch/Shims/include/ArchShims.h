#pragma once
#include <stdint.h>
#if defined(__aarch64__) && !__STDC_HOSTED__
__attribute__((swift_attr("@_noLocks"))) static inline void shim_store8(uint64_t a, uint8_t v) { *(volatile uint8_t*)a = v; }
#endif
