"""What `hvlat analyze` computes of one series, with numpy and scipy: the whole file in memory, sorted once.

Less than hvlat: no search for bursts, steps and periods, one threshold for the tail, a bootstrap of the
fit only, no check of the input.
"""
import sys

import numpy
from scipy import stats

path = sys.argv[1]
if path.endswith(".raw"):
    record = numpy.dtype([("cpu", "<u4"), ("s", "<u8"), ("ns", "<u8"), ("value", "<u8")])
    values = numpy.ascontiguousarray(numpy.fromfile(path, record)["value"]).astype(numpy.int64)
else:
    with open(path) as lines:
        lines.readline()
        values = numpy.fromfile(lines, numpy.int64, sep="\n")

count = len(values)
print("mean", values.mean(), "deviation", values.std(ddof=1))
worst = numpy.argpartition(values, count - 5)[-5:]
print("longest", [(int(values[i]), int(i)) for i in worst])

# Order: KPSS and Ljung-Box on ranks of the means and maxima of 1,024 blocks.
length = max(1, count // 1024)
blocks = values[: length * (count // length)].reshape(-1, length)
for series in (blocks.mean(axis=1), blocks.max(axis=1)):
    ranks = stats.rankdata(series)
    centred = ranks - ranks.mean()
    partial = numpy.cumsum(centred)
    n = len(ranks)
    print("kpss", (partial**2).sum() / n**2 / centred.var())
    correlations = [(centred[k:] * centred[:-k]).sum() / (centred**2).sum() for k in range(1, 11)]
    q = n * (n + 2) * sum(r * r / (n - k) for k, r in enumerate(correlations, 1))
    print("ljung-box", stats.chi2.sf(q, 10))

values.sort()
distinct, counts = numpy.unique(values, return_counts=True)
print("min", values[0], "max", values[-1], "distinct", len(distinct), counts.max())
for quantile in (0.5, 0.99, 0.999, 0.9999, 0.99999, 0.999999):
    rank = int(numpy.ceil(quantile * count))
    low, high = stats.binom.ppf([0.025, 0.975], count, quantile).astype(int)
    print(quantile, values[rank - 1], values[max(0, low - 1)], values[min(count - 1, high)])


def weighted_moments(excesses):
    """Generalized Pareto distribution (Hosking and Wallis 1987), for each row."""
    ordered = numpy.sort(excesses, axis=-1)
    n = ordered.shape[-1]
    a0 = ordered.mean(axis=-1)
    a1 = (ordered * (n - numpy.arange(1, n + 1)) / (n - 1)).mean(axis=-1)
    return 2 - a0 / (a0 - 2 * a1), 2 * a0 * a1 / (a0 - 2 * a1)


tail = values[-1024:] - values[-1025] + 0.5
shape, scale = weighted_moments(tail)
replicates = stats.genpareto.rvs(shape, scale=scale, size=(199, 1024), random_state=1)
shapes, _ = weighted_moments(replicates)
print("shape", shape, numpy.percentile(shapes, [2.5, 97.5]), "scale", scale)
