"""Full passes of psutil with the attributes that Healdeck reads. Prints CPU ms per pass and the processes seen."""

import json
import resource
import sys

import psutil

ATTRIBUTES = [
    "pid", "ppid", "name", "status", "cpu_percent", "memory_info", "num_threads", "username", "cmdline", "create_time",
]


def cpu_ms():
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total * 1000


def one_pass():
    return sum(1 for _ in psutil.process_iter(ATTRIBUTES))


passes = int(sys.argv[1])
one_pass()  # process_iter keeps its objects between passes: the first one is not typical
before = cpu_ms()
for _ in range(passes):
    seen = one_pass()
print(json.dumps({"cpuMsPerPass": (cpu_ms() - before) / passes, "seen": seen}))
