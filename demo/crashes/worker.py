"""python3 worker.py BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go."""
import asyncio
import faulthandler
import json
import os
import signal
import subprocess
import sys
import threading
import time

# SHIFT


class ServiceDown(Exception):
    pass


def average(values):
    return sum(values) / len(values)


def divide(value):
    print(f"worker {os.getpid()} starts job {value}", file=sys.stderr)
    return average([])


def price_of(item):
    return {"apple": 3}[item]


def missing_key(value):
    return sum(price_of(f"item-{value}-{n}") for n in range(3))


def stock_of(item):
    return {"apple": 3}[item]


def missing_key_elsewhere(value):
    return stock_of(f"item-{value}")


# SHIFT


def none_attribute(value):
    user = None if value else object()
    return user.name


def parse_settings(value):
    return json.loads("{" + value)


def broken_json(value):
    return parse_settings(value)


def connect(value):
    return {}[f"host-{value}"]


def direct_cause(value):
    try:
        connect(value)
    except KeyError as error:
        raise ServiceDown(f"shard {value} is down") from error


def cleanup(value):
    return [][int(value)]


def during_handling(value):
    try:
        connect(value)
    except KeyError:
        cleanup(value)


def even(n):
    return odd(n + 1)


def odd(n):
    return even(n + 1)


def recursion(value):
    # The limit strikes at one or the other.
    return even(0) if int(value) % 2 else odd(0)


def walk(depth):
    if depth == 0:
        raise ValueError("leaf is empty")
    walk(depth - 1)


def tree(value):
    walk(int(value) % 7 + 1)


def refused(value):
    import socket

    socket.create_connection(("127.0.0.1", 1 + int(value) % 5), timeout=1)


class Buffer:
    def __del__(self):
        raise RuntimeError("buffer was closed twice")


def ignored_then_real(value):
    buffer = Buffer()
    del buffer
    raise OSError(28, "no space for block %s" % value)


def segfault(value):
    faulthandler.enable()
    os.kill(os.getpid(), signal.SIGSEGV)


def in_threads(value):
    def chatter():
        for n in range(3):
            print(f"2026-05-0{n + 1} 12:00:0{n} INFO heartbeat {value}{n}", file=sys.stderr)

    thread = threading.Thread(target=chatter)
    thread.start()
    thread.join()
    raise TimeoutError(f"no answer within {value} ms")


async def fetch(value):
    await asyncio.sleep(0)
    raise ConnectionResetError(f"peer {value} went away")


def asynchronous(value):
    asyncio.run(fetch(value))


async def gather_all(value):
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch(value))


def task_group(value):
    asyncio.run(gather_all(value))


def interleaved(value):
    """Two workers meet the same bug at once, and their lines mix."""
    code = [sys.executable, __file__, "divide", value]
    children = [subprocess.Popen(code, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [child.communicate()[1].splitlines() for child in children]
    for lines in zip(*outputs):
        for line in lines:
            print(line, file=sys.stderr)
    sys.exit(1)


def notes(value):
    error = PermissionError(f"job {value} may not\nwrite here:\n  /srv/data/{value}")
    raise error


def exits(value):
    print(f"ERROR: config value {value} is out of range", file=sys.stderr)
    sys.exit(3)


def logged_before(value):
    """The trace was caught and logged long before; the end has another reason."""
    import traceback

    try:
        average([])
    except ZeroDivisionError:
        traceback.print_exc()
    for n in range(12):
        print(f"tick {n} of {value}", file=sys.stderr)
    print(f"fatal: lost the lock of shard {value}", file=sys.stderr)
    sys.exit(4)


def killed(value):
    print(f"step {value} of 900", file=sys.stderr)
    sys.stderr.flush()
    time.sleep(0)
    os.kill(os.getpid(), signal.SIGKILL)


# SHIFT

if __name__ == "__main__":
    globals()[sys.argv[1]](sys.argv[2])
