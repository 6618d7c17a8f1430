"""bench - fosterd's figures, each beside the bare limit, one JSON line each.

usage: bench.py TOOLS [FIGURE...]     TOOLS: the directory of bare, worker, ...

Contestants take turns, in the same call, on the same processors; a number is the median of its runs,
`ratio` that of fosterd's to bare's, `spread` the middle half of the ratios of neighbouring runs. Of
probes-restart, bare is fosterd without probes. Ends with 1 when a figure is beyond its limit.

Environment: FOSTERD the binary; QUICK=1 fewer runs, the slow figures left out, and limits that a noisy
machine can keep too; RUNS; PEERS=0 without other supervisors; REALTIME=1 gives all contestants
SCHED_FIFO, so that what the machine does meanwhile counts less; CGROUP=1 puts all of them into a
cgroup v2 of their own, as a service manager does.
"""

import atexit
import json
import os
import pathlib
import signal
import statistics
import sys

from contestant import PEERS, Fosterd
from figures import FIGURES, Bench

PEER_RUNS = 3


def quartiles(numbers):
    if len(numbers) < 2:
        return [numbers[0], numbers[0]]
    first, _, third = statistics.quantiles(numbers, n=4)
    return [first, third]


def shortened(number):
    return round(number, 3 if abs(number) < 10 else 1)


def is_within(figure, number, limit):
    if figure.limit is None:
        return None
    return number >= limit if figure.least else number <= limit


def limit_of(figure, quick):
    if figure.limit is None or not quick:
        return figure.limit
    return figure.limit / figure.gross if figure.least else figure.limit * figure.gross


def measure(bench, figure):
    mine, bare = figure.take(bench, Fosterd)
    number = statistics.median(mine)
    told = {"figure": figure.name, "unit": figure.unit, "fosterd": shortened(number),
            "runs": len(mine)}
    if bare:
        told["bare"] = shortened(statistics.median(bare))
        told["ratio"] = shortened(number / statistics.median(bare))
        told["spread"] = [shortened(n) for n in quartiles([m / b for m, b in zip(mine, bare)])]
    else:
        told["spread"] = [shortened(n) for n in quartiles(mine)]
    limit = limit_of(figure, bench.quick)
    within = is_within(figure, number if figure.absolute else told.get("ratio"), limit)
    if within is not None:
        told.update({"limit": limit, "of": "number" if figure.absolute else "ratio",
                     "least": figure.least, "within": within})
    print(json.dumps(told), flush=True)
    return within is not False


def measure_peer(bench, figure, peer):
    told = {"figure": figure.name, "unit": figure.unit, "peer": peer.name}
    try:
        mine, bare = figure.take(bench, peer)
        told[peer.name] = shortened(statistics.median(mine))
        if bare:
            told["ratio"] = shortened(statistics.median(mine) / statistics.median(bare))
        told["runs"] = len(mine)
    except (OSError, TimeoutError, ValueError) as error:
        told["error"] = str(error)
    print(json.dumps(told), flush=True)


def compare(bench, wanted):
    """The peers, after all of fosterd's own."""
    for peer in PEERS:
        if not peer.is_here():
            print(json.dumps({"peer": peer.name, "skipped": f"not installed ({peer.package})"}))
            continue
        for figure in wanted:
            if figure.peers and peer.most >= 1000:
                measure_peer(bench, figure, peer)


def be_realtime():
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError as error:
        print(json.dumps({"skipped": f"REALTIME: {error.strerror}"}), flush=True)


def cgroup_root():
    mounts = [line.split() for line in pathlib.Path("/proc/self/mounts").read_text().splitlines()]
    for _, place, kind, *_ in mounts:
        if kind == "cgroup2":
            return pathlib.Path(place)
    raise FileNotFoundError("no cgroup v2 is mounted")


def enter_cgroup():
    try:
        root = cgroup_root()
        own = root / f"fosterd-bench-{os.getpid()}"
        own.mkdir()
        (own / "cgroup.procs").write_text(str(os.getpid()))
    except OSError as error:
        print(json.dumps({"skipped": f"CGROUP: {error}"}), flush=True)
        return
    print(json.dumps({"cgroup": str(own)}), flush=True)

    def leave():
        (root / "cgroup.procs").write_text(str(os.getpid()))
        own.rmdir()

    atexit.register(leave)


def terminate(signo, _):
    signal.signal(signo, signal.SIG_IGN)
    sys.exit(128 + signo)


def is_possible(figure):
    if os.geteuid() == 0 or not figure.root:
        return True
    print(json.dumps({"figure": figure.name, "skipped": "not root"}), flush=True)
    return False


def main():
    tools, names = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    quick = bool(os.environ.get("QUICK"))
    runs = int(os.environ.get("RUNS", 3 if quick else 11))
    unknown = set(names) - {figure.name for figure in FIGURES}
    if unknown:
        print(f"no such figure: {', '.join(unknown)}; there are", file=sys.stderr)
        print(*(figure.name for figure in FIGURES), file=sys.stderr)
        return 64
    signal.signal(signal.SIGTERM, terminate)
    if os.environ.get("REALTIME"):
        be_realtime()
    if os.environ.get("CGROUP"):
        enter_cgroup()
    wanted = [figure for figure in FIGURES
              if (figure.name in names if names else not (quick and figure.slow))]
    bench = Bench(tools, runs, quick)
    # Each is measured, also after one that is beyond its limit.
    within = [measure(bench, figure) for figure in wanted if is_possible(figure)]
    if not quick and os.environ.get("PEERS") != "0":
        compare(Bench(tools, PEER_RUNS, quick), wanted)
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
