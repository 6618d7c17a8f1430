"""early - fosterd sent SIGTERM at many moments of its start.

usage: early.py CONFIG COUNT SPREAD_MS    moments are spread evenly from exec to SPREAD_MS after it; twice as far, again,
                                          until one of them has come after a worker's start

Exit code 0 each time; death by SIGTERM is forgiven only where it was not blocked yet just before it was sent: main()
had not begun. Under another program (FOSTERD_WRAP), whose own mask it is that one sees: only where fosterd had said
nothing yet.
"""

import collections
import os
import shlex
import signal
import subprocess
import sys
import time

CONFIG, COUNT, SPREAD_MS = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
WRAP = shlex.split(os.environ.get("FOSTERD_WRAP", ""))
SLACK = int(os.environ.get("SLACK", "1"))


def blocks_sigterm(pid):
    with open(f"/proc/{pid}/status") as file:
        mask = next(line.split()[1] for line in file if line.startswith("SigBlk:"))
    return bool(int(mask, 16) & 1 << signal.SIGTERM - 1)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def left_over():
    """Who lost its parent comes to the nursery; the test itself is there as well."""
    return [pid for pid in children(os.environ["NURSERY_PID"]) if pid != os.getppid()]


def one(delay_ms):
    moment = time.monotonic() + delay_ms / 1000
    # Returns when the program has been executed.
    with open("early.log", "w") as log:
        daemon = subprocess.Popen([*WRAP, os.environ["FOSTERD"], "-c", CONFIG],
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    while time.monotonic() < moment:
        pass
    blocked = blocks_sigterm(daemon.pid)
    daemon.send_signal(signal.SIGTERM)
    try:
        code = daemon.wait(10 * SLACK)
    except subprocess.TimeoutExpired:
        daemon.kill()
        code = "none, it does not end"
    with open("early.log") as log:
        said = log.read()
    begun = said if WRAP else blocked
    if code != 0 and (begun or code != -signal.SIGTERM):
        sys.exit(f"{delay_ms} ms after its start: exit code {code}: {said}")
    if left := left_over():
        sys.exit(f"{delay_ms} ms after its start: left running: {left}")
    return "died" if code else "started workers" if "worker started" in said else "obeyed at once"


def main():
    results = collections.Counter()
    spread_ms = SPREAD_MS
    # A neighbour may have made the start slower than the one that was measured.
    while not results["started workers"]:
        results.update(one(n * spread_ms / COUNT) for n in range(COUNT))
        print(f"{COUNT} moments over {spread_ms:.0f} ms: {dict(results)}", flush=True)
        spread_ms *= 2


main()
