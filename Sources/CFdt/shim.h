#include <libfdt.h>

/* `fdt_totalsize` is a macro and is not imported. */
static inline uint32_t fdt_totalsize_of(const void *fdt) { return fdt_totalsize(fdt); }
