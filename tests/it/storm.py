"""storm - kill workers and send signals at random; then everything must be as it was.

usage: storm.py PID SOCKET    PID of fosterd, unix socket of its HTTP

Environment: STORM_SEED, KILLS, SIGNALS, and that of watch.py.
"""

import os
import random
import signal
import sys
import time

from watch import SETTLE_S, UNMEANT, Watch, lives


def storm(watch, chance, kills, signals):
    blows = ["kill"] * kills + ["signal"] * signals
    chance.shuffle(blows)
    for blow in blows:
        if blow == "signal":
            os.kill(watch.pid, chance.choice(UNMEANT))
            continue
        while not (victims := list(filter(lives, watch.children()))):
            time.sleep(0.001)
        try:
            os.kill(chance.choice(victims), signal.SIGKILL)
        except ProcessLookupError:
            pass
        if chance.random() < 0.2:
            time.sleep(chance.random() * 0.02)


def main():
    seed = int(os.environ.get("STORM_SEED") or random.randrange(1 << 32))
    kills, signals = (int(os.environ.get(name) or 1000) for name in ("KILLS", "SIGNALS"))
    print(f"STORM_SEED={seed}", flush=True)
    watch = Watch(int(sys.argv[1]), sys.argv[2])
    names = watch.names()
    time.sleep(0.5)  # until the connections of before are gone
    before = watch.resources()
    if before["threads"] != 1:
        sys.exit(f"{before['threads']} threads")
    begin = time.monotonic()
    storm(watch, random.Random(seed), kills, signals)
    end = time.monotonic()
    while (wrong := watch.complaints(names, before)) and time.monotonic() < end + SETTLE_S:
        time.sleep(0.1)
    restarts = sum(i["restarts"] for i in watch.instances())
    print(f"{len(names)} instances, {kills} kills and {signals} signals in {end - begin:.1f} s, "
          f"calm after {time.monotonic() - end:.1f} s, {restarts} restarts, {watch.resources()}")
    if restarts < kills // 3:
        wrong.append("too few restarts for a storm")
    if wrong:
        sys.exit("\n".join(wrong))


main()
