"""The script people write: one line at a time, a dictionary of counts, quantiles of it. No tail, no intervals."""
import math
import sys

counts = {}
total = squares = samples = 0
with open(sys.argv[1]) as lines:
    next(lines)
    for line in lines:
        value = int(line)
        counts[value] = counts.get(value, 0) + 1
        samples += 1
        total += value
        squares += value * value
mean = total / samples
print("mean", mean, "deviation", math.sqrt((squares - samples * mean * mean) / (samples - 1)))
ordered = sorted(counts.items())
print("min", ordered[0][0], "max", ordered[-1][0])
for quantile in (0.5, 0.99, 0.999, 0.9999, 0.99999, 0.999999):
    rank = math.ceil(quantile * samples)
    for value, count in ordered:
        rank -= count
        if rank <= 0:
            print(quantile, value)
            break
