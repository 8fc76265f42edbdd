#!/usr/bin/env python3
"""Expected values for the tests of LatencyStatistics, from SciPy and NumPy.

    scripts/setup --develop     # makes build/scipy
    build/scipy/bin/python Tests/LatencyStatisticsTests/Reference/generate.py > \
        Tests/LatencyStatisticsTests/Reference/expected.json

The test `ReferenceTests.theTableIsWhatSciPySays` runs it again and compares, where build/scipy is there:
everywhere but without PyPI. Samples come from a generator of their own, so that no version of NumPy changes them.
"""

import json
import math
import sys

import numpy
from scipy import optimize, special, stats
from scipy.stats import _hypotests

MASK = (1 << 64) - 1


class SplitMix:
    """Uniform numbers, the same everywhere."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def unit(self):
        return ((self.next() >> 11) + 0.5) * 2.0**-53


def special_functions():
    points = []
    for a, b, x in [(0.5, 0.5, 0.3), (2, 3, 0.9), (50, 1, 0.99), (1, 50, 0.01), (1e3, 9e3, 0.1),
                    (1e6, 10, 0.99999), (5e5, 5e5, 0.5003)]:
        points.append({"name": "beta", "arguments": [x, a, b], "value": special.betainc(a, b, x)})
    for a, x in [(0.5, 0.1), (0.5, 3), (5, 2), (5, 20), (100, 90), (100, 130), (3, 0.01)]:
        points.append({"name": "gamma", "arguments": [a, x], "value": special.gammaincc(a, x)})
    for z in [-2, 0, 1, 3, 6]:
        points.append({"name": "normal", "arguments": [z], "value": stats.norm.sf(z)})
    for x in [0.2, 0.5, 0.99, 1.01, 1.36, 2.5]:
        points.append({"name": "kolmogorov", "arguments": [x], "value": special.kolmogorov(x)})
    for x in [0.03, 0.1, 0.347, 0.463, 0.739, 1.5]:
        value = 1 - float(_hypotests._cdf_cvm_inf(numpy.array([x]))[0])
        points.append({"name": "bridge", "arguments": [x], "value": value})
    return points


def quantile_intervals():
    cases = []
    for n, q, confidence in [(20, 0.5, 0.95), (100, 0.9, 0.95), (1000, 0.99, 0.95),
                             (1000, 0.999, 0.9), (10000, 0.999, 0.99), (7, 0.5, 0.99)]:
        below = stats.binom.cdf(numpy.arange(-1, n), n, q)  # below[r] = P(B <= r - 1)
        tail = (1 - confidence) / 2
        lower = max(r for r in range(n + 1) if below[r] <= tail)
        upper = next((r for r in range(1, n + 1) if below[r] >= 1 - tail), None)
        coverage = (below[upper] if upper else 1) - (below[lower] if lower else 0)
        cases.append({"count": n, "quantile": q, "confidence": confidence,
                      "lower": lower, "upper": upper or 0, "coverage": coverage})
    return cases


def series(name, seed):
    random = SplitMix(seed)
    values = []
    previous = 0.0
    for index in range(200):
        noise = stats.norm.ppf(random.unit())
        if name == "noise":
            values.append(round(100 + 10 * noise))
        elif name == "drift":
            values.append(round(100 + 10 * noise + index / 10))
        elif name == "dependent":
            previous = 0.6 * previous + noise
            values.append(round(100 + 10 * previous))
        else:
            values.append(3 if noise > 1 else 2)
    return values


def time_series():
    cases = []
    for seed, name in enumerate(["noise", "drift", "dependent", "ticks"]):
        values = series(name, seed + 1)
        x = numpy.array(values, dtype=float)
        n = len(x)
        e = x - x.mean()
        lags = int(4 * (n / 100) ** 0.25)
        variance = e @ e / n
        for lag in range(1, lags + 1):
            variance += 2 * (1 - lag / (lags + 1)) * (e[lag:] @ e[:-lag]) / n
        kpss = float((numpy.cumsum(e) ** 2).sum() / n**2 / variance)
        r = numpy.array([(e[k:] @ e[:-k]) / (e @ e) for k in range(1, 11)])
        box = float(n * (n + 2) * (r**2 / (n - numpy.arange(1, 11))).sum())
        score = sum(numpy.sign(x[j] - x[:j]).sum() for j in range(1, n))
        _, ties = numpy.unique(x, return_counts=True)
        spread = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
        z = float((score - numpy.sign(score)) / math.sqrt(spread))
        cases.append({
            "name": name, "values": values, "ranks": stats.rankdata(x).tolist(),
            "mean": x.mean(), "deviation": x.std(ddof=1),
            "kpss": kpss, "kpssP": 1 - float(_hypotests._cdf_cvm_inf(numpy.array([kpss]))[0]),
            "box": box, "boxP": stats.chi2.sf(box, 10),
            "trend": z, "trendP": 2 * stats.norm.sf(abs(z)),
            "slope": stats.theilslopes(x).slope,
        })
    return cases


def bootstraps():
    """Quantiles of blocks drawn from the run closed to a circle; limits of the ranks k and R + 1 - k."""
    cases = []
    for seed, (name, length, replicates, confidence) in enumerate(
            [("dependent", 6, 199, 0.95), ("dependent", 25, 199, 0.9), ("ticks", 6, 99, 0.95),
             ("noise", 1, 399, 0.99)]):
        values = numpy.array(series(name, 500 + seed))
        n = len(values)
        quantiles = [0.5, 0.9, 0.95]
        random = SplitMix(600 + seed)
        drawn = []
        for _ in range(replicates):
            starts = [random.next() % n for _ in range(-(-n // length))]
            index = numpy.add.outer(starts, numpy.arange(length)).ravel()[:n] % n
            drawn.append(numpy.quantile(values[index], quantiles, method="inverted_cdf"))
        drawn = numpy.sort(numpy.array(drawn), axis=0)
        rank = math.floor((replicates + 1) * (1 - confidence) / 2 + 1e-9)
        cases.append({"values": values.tolist(), "length": length, "replicates": replicates,
                      "confidence": confidence, "seed": 600 + seed, "quantiles": quantiles,
                      "lower": drawn[rank - 1].tolist(), "upper": drawn[-rank].tolist()})
    return cases


def polished(negative, start):
    best = optimize.minimize(negative, start, method="Nelder-Mead",
                             options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 10000})
    return best.x


def pareto_fits():
    cases = []
    for seed, (shape, scale, n) in enumerate([(0.2, 10, 200), (-0.2, 50, 100), (0.0, 3, 300)]):
        random = SplitMix(100 + seed)
        values = sorted(float(stats.genpareto.ppf(random.unit(), shape, scale=scale))
                        for _ in range(n))
        l1, l2 = stats.lmoment(values, order=[1, 2])
        k = l1 / l2 - 2
        moments = (-k, (1 + k) * l1)

        def negative(p):
            return stats.genpareto.nnlf((p[0], 0, p[1]), numpy.array(values)) if p[1] > 0 else 1e300

        likelihood = polished(negative, moments)
        f = stats.genpareto(moments[0], scale=moments[1])
        i = numpy.arange(1, n + 1)
        distance = -n - ((2 * i - 1) * (f.logcdf(values) + f.logsf(values[::-1]))).sum() / n
        cases.append({
            "values": values, "moments": list(moments), "likelihood": list(likelihood),
            "logLikelihood": -negative(likelihood), "distance": distance,
            "survival": [f.sf(x) for x in (0.5, 5, 50)],
            "excess": [f.isf(p) for p in (0.5, 1e-3, 1e-6)],
        })
    return cases


def extreme_fits():
    cases = []
    for seed, (shape, location, scale, n) in enumerate(
            [(0.15, 100, 10, 150), (-0.25, 5000, 300, 120), (0.0, 0, 1, 200)]):
        random = SplitMix(200 + seed)
        values = sorted(
            float(stats.genextreme.ppf(random.unit(), -shape, location, scale)) for _ in range(n))
        l1, l2, t3 = stats.lmoment(values, order=[1, 2, 3])
        k = optimize.brentq(
            lambda k: 2 * (1 - 3**-k) / (1 - 2**-k) - 3 - t3, -0.9, 5.001, xtol=1e-14)
        gamma = special.gamma(1 + k)
        scale_estimate = l2 * k / ((1 - 2**-k) * gamma)
        moments = (-k, l1 - scale_estimate * (1 - gamma) / k, scale_estimate)

        def negative(p):
            return (stats.genextreme.nnlf((-p[0], p[1], p[2]), numpy.array(values))
                    if p[2] > 0 else 1e300)

        likelihood = polished(negative, moments)
        f = stats.genextreme(-moments[0], moments[1], moments[2])
        i = numpy.arange(1, n + 1)
        distance = -n - ((2 * i - 1) * (f.logcdf(values) + f.logsf(values[::-1]))).sum() / n
        points = [location + 2 * scale, location + 5 * scale]
        cases.append({
            "values": values, "moments": list(moments), "likelihood": list(likelihood),
            "logLikelihood": -negative(likelihood), "distance": distance, "points": points,
            "survival": [f.sf(x) for x in points], "value": [f.ppf(p) for p in (0.1, 0.999)],
        })
    return cases


def two_samples():
    cases = []
    for seed, (shift, n, m) in enumerate([(0, 100, 120), (2, 80, 200), (0.5, 300, 300)]):
        random = SplitMix(300 + seed)
        a = [round(20 + 3 * stats.norm.ppf(random.unit())) for _ in range(n)]
        b = [round(20 + shift + 3 * stats.norm.ppf(random.unit())) for _ in range(m)]
        smirnov = stats.ks_2samp(a, b, method="asymp")
        root = math.sqrt(n * m / (n + m))
        rank = stats.mannwhitneyu(b, a, alternative="two-sided", method="asymptotic")
        cases.append({
            "a": a, "b": b, "distance": smirnov.statistic, "distanceLimitP": smirnov.pvalue,
            "distanceP": special.kolmogorov((root + 0.12 + 0.11 / root) * smirnov.statistic),
            "rank": rank.statistic, "rankP": rank.pvalue,
            "superiority": rank.statistic / (n * m),
        })
    return cases


def fisher_tables():
    cases = []
    for a, n, b, m in [(1, 1000, 9, 1000), (0, 50, 5, 40), (10, 100, 10, 100), (30, 40, 5, 60),
                       (1000, 10**6, 1100, 10**6), (3, 10**8, 20, 10**8), (5, 5, 0, 5)]:
        # At least b of a + b marked ones among m drawn of n + m.
        cases.append({"a": a, "n": n, "b": b, "m": m,
                      "moreInB": stats.hypergeom.sf(b - 1, n + m, a + b, m),
                      "moreInA": stats.hypergeom.sf(a - 1, n + m, a + b, n)})
        if n + m < 10**4:
            exact = stats.fisher_exact([[b, m - b], [a, n - a]], alternative="greater").pvalue
            assert math.isclose(exact, cases[-1]["moreInB"], rel_tol=1e-9)
    return cases


def dispersions():
    cases = []
    for seed, power in [(1, 1.0), (2, 3.0)]:
        random = SplitMix(400 + seed)
        events = sorted({int(10000 * random.unit() ** power) for _ in range(100)})
        intervals = min(len(events) // 5, 200)
        counts, _ = numpy.histogram(events, bins=intervals, range=(0, 10000))
        expected = len(events) / intervals
        statistic = float(((counts - expected) ** 2).sum() / (expected * (1 - len(events) / 1e4)))
        cases.append({"events": events, "count": 10000, "statistic": statistic,
                      "p": stats.chi2.sf(statistic, intervals - 1)})
    return cases


def counted_runs():
    """Order statistics of runs with ties: nearest rank is NumPy's `inverted_cdf`."""
    cases = []
    quantiles = [0.001, 0.25, 0.5, 0.9, 0.99, 0.999]
    for seed, (n, scale) in enumerate([(1, 10), (97, 3), (1000, 50), (5000, 8)]):
        random = SplitMix(700 + seed)
        values = numpy.array([int(scale * stats.expon.ppf(random.unit())) for _ in range(n)])
        cases.append({
            "values": values.tolist(), "quantiles": quantiles,
            "found": numpy.quantile(values, quantiles, method="inverted_cdf").tolist(),
            "minimum": values.min(), "maximum": values.max(), "jitter": numpy.ptp(values),
            "largest": numpy.sort(values)[::-1][:10].tolist(),
            "above": int((values > scale).sum()), "bound": scale,
        })
    return cases


def tail_probabilities():
    """Exceedance per sample at X: the rate above a threshold times a Pareto tail; maxima of b: 1 - G^(1/b)."""
    cases = []
    for shape, scale, threshold, rate, x in [(0.1, 100, 5000, 0.001, 6000), (-0.2, 50, 900, 0.01, 1100),
                                             (-0.2, 50, 900, 0.01, 1200), (0, 10, 100, 0.05, 300)]:
        cases.append({"kind": "peaks", "arguments": [shape, scale, threshold, rate, x],
                      "value": rate * stats.genpareto.sf(x - threshold, shape, scale=scale)})
    for shape, location, scale, length, x in [(0.1, 5000, 100, 50, 6000), (-0.2, 900, 50, 128, 1100),
                                              (0, 100, 10, 1000, 300)]:
        log_cumulative = stats.genextreme.logcdf(x, -shape, location, scale)
        cases.append({"kind": "maxima", "arguments": [shape, location, scale, length, x],
                      "value": -numpy.expm1(log_cumulative / length)})
    return cases


def contaminations():
    """A burst's probability by Poisson, a step's place by energy distance, a period by the periodogram."""
    random = SplitMix(801)
    spread = sorted({int(100000 * random.unit()) for _ in range(60)} | set(range(70000, 70400, 50)))
    others = 7
    share = (70350 - 70000 + 1) / 100000
    burst = {"events": spread, "count": 100000, "first": 70000, "last": 70350,
             "pValue": stats.poisson.sf(others - 1, share * len(spread)) * len(spread)}
    values = [float(round(100 + 5 * stats.norm.ppf(random.unit()) + (30 if i >= 37 else 0)))
              for i in range(80)]

    def energy(at):
        a, b = numpy.array(values[:at]), numpy.array(values[at:])
        n, m = len(a), len(b)
        between = numpy.abs(numpy.subtract.outer(a, b)).mean()
        within = [numpy.abs(numpy.subtract.outer(x, x)).sum() / (len(x) * (len(x) - 1)) for x in (a, b)]
        assert n * m == 0 or math.isclose(
            stats.energy_distance(a, b) ** 2,
            2 * between - within[0] * (n - 1) / n - within[1] * (m - 1) / m, rel_tol=1e-6)
        return (2 * between - sum(within)) * n * m / (n + m)

    at = max(range(5, 76), key=energy)
    step = {"values": values, "index": at, "before": numpy.mean(values[:at]),
            "after": numpy.mean(values[at:])}
    period = 137.5
    events = sorted({int(k * period) for k in range(300)})
    count = 41250
    marks = numpy.zeros(count)
    marks[events] = 1
    power = numpy.abs(numpy.fft.rfft(marks)) ** 2
    # The lowest of the equally strong overtones.
    found = next(k for k in range(4, len(power)) if power[k] > 0.9 * power[4:].max())
    periodic = {"events": events, "count": count, "period": count / found}
    return {"burst": burst, "step": step, "periodic": periodic}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.item() if isinstance(value, numpy.generic) else value


json.dump(plain({
    "special": special_functions(), "quantiles": quantile_intervals(), "series": time_series(),
    "pareto": pareto_fits(), "extreme": extreme_fits(), "twoSamples": two_samples(),
    "fisher": fisher_tables(), "dispersion": dispersions(), "bootstrap": bootstraps(),
    "counted": counted_runs(), "tails": tail_probabilities(), "contamination": contaminations(),
}), sys.stdout, separators=(",", ":"), sort_keys=True)
print()
