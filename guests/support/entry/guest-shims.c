// The shims are all inline; this file makes the target a C module.
#include "GuestEntry.h"

#if defined(__riscv) && !__STDC_HOSTED__
// What the compiler calls for larger values, of which only short ones occur.
void *memset(void *to, int value, __SIZE_TYPE__ count) {
  for (__SIZE_TYPE__ i = 0; i < count; i++) ((uint8_t *)to)[i] = (uint8_t)value;
  return to;
}
void *memcpy(void *restrict to, const void *restrict from, __SIZE_TYPE__ count) {
  for (__SIZE_TYPE__ i = 0; i < count; i++) ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
  return to;
}
#endif
