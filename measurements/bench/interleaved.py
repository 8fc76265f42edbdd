"""Runs commands in turn, several times, and prints "SECONDS KIB" for each: processor time and memory of its
best run. In turn, so that whatever else the machine does meanwhile falls on all of them.

usage: interleaved.py RUNS OUTPUT COMMAND... [-- COMMAND...]...
"""
import os
import subprocess
import sys

runs, output, arguments = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
commands = [[]]
for argument in arguments:
    if argument == "--":
        commands.append([])
    else:
        commands[-1].append(argument)
# numpy shall choose by itself what suits the processor.
environment = {
    name: value
    for name, value in os.environ.items()
    if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
}
best = [None] * len(commands)
for _ in range(runs):
    for index, command in enumerate(commands):
        with open(output, "wb") as file:
            process = subprocess.Popen(command, stdout=file, env=environment)
            _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"bench: {command} failed")
        seconds = usage.ru_utime + usage.ru_stime
        if best[index] is None or seconds < best[index][0]:
            best[index] = (seconds, usage.ru_maxrss)
for seconds, memory in best:
    print(f"{seconds:.3f} {memory}")
