#include <zlib.h>

/* `inflateInit2` is a macro and is not imported; 16 + MAX_WBITS reads gzip framing only. */
static inline int cz_inflate_init_gzip(z_stream *stream) {
  return inflateInit2(stream, 16 + MAX_WBITS);
}
