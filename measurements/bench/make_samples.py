"""Writes N samples as text (one for each line) and as jitterdebugger's binary samples: the same values."""
import sys

import numpy

count, text, binary = int(sys.argv[1]), sys.argv[2], sys.argv[3]
random = numpy.random.default_rng(1)
piece = 1 << 20
with open(text, "w") as lines, open(binary, "wb") as records:
    lines.write("latency_ns\n")
    for start in range(0, count, piece):
        size = min(piece, count - start)
        # About 26 us, with a tail: 52 us once in a million.
        values = (20000 + random.gamma(4, 1500, size)).astype("<u8")
        times = 10**12 + 250000 * numpy.arange(start, start + size, dtype="<u8")
        lines.write("\n".join(map(str, values.tolist())) + "\n")
        record = numpy.zeros(size, dtype=[("cpu", "<u4"), ("s", "<u8"), ("ns", "<u8"), ("value", "<u8")])
        record["s"], record["ns"], record["value"] = times // 10**9, times % 10**9, values
        record.tofile(records)
