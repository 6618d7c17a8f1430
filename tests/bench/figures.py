"""figures - what is measured, of whom, and how far from the bare limit it may be.

A figure gives one number for each run of a contestant. What several figures come from (the start and
the stop of the same thousand) is measured once.
"""

import contextlib
import json
import os
import pathlib
import signal
import socket
import statistics
import struct
import subprocess
import tempfile
import time

from contestant import (POLL_S, RECORD, Bare, BareLevels, Chain, Contestant, Fosterd, Levels, Probed,
                        cpu_of)

CALM_S = 0.1     # between what was caused and what is measured
LIVED_S = 0.06   # a worker, before it is killed
STORM_S = 1.0
IDLE_S = 10
LOAD_S = 2.0
CONNECTIONS = 16
STAMP = struct.Struct("<q")
PROBED = 1000
PROBED_S = 10
KILLS = 60
USER = "nobody"


class Bench:
    """The tools, how often, and what was measured already."""

    def __init__(self, tools, runs, quick):
        self.tools, self.runs, self.quick, self.crowds, self.port = tools, runs, quick, {}, 0
        self.asked = None  # what probed() has found

    def probed(self):
        """{what: [number a run]} with probes, and the same without."""
        if self.asked is None:
            self.asked = {}, {}
            for _ in range(1 if self.quick else 3):
                for found, asks in zip(self.asked, (True, False)):
                    add(found, measure_probed(self, asks))
        return self.asked

    def crowd(self, kind, count, user=None, runs=None, plain=False):
        """{what: [number a run]} of that many workers, started and stopped, and the same of bare."""
        key = (kind, count, user, plain)
        if key not in self.crowds:
            mine, bare = {}, {}
            with plain_scheduling() if plain else contextlib.nullcontext():
                for _ in range(runs or self.runs):
                    add(mine, measure_crowd(self.tools, kind, count, user))
                    add(bare, measure_crowd(self.tools, Bare, count, None))
            self.crowds[key] = mine, bare
        return self.crowds[key]


@contextlib.contextmanager
def plain_scheduling():
    """With SCHED_FIFO who is told to end waits until the supervisor sleeps, and each of its waitid(2)
    passes over all of them: a stop of 10,000 would be measured as something that it is not."""
    policy, param = os.sched_getscheduler(0), os.sched_getparam(0)
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, param)


def add(found, run):
    for name, number in run.items():
        found.setdefault(name, []).append(number)


def measure_crowd(tools, kind, count, user):
    one = kind(tools, count, user=user)
    one.await_all()
    last = max(at for at, _ in one.field.read())
    time.sleep(CALM_S)
    found = {"start": (last - one.begun) / 1e6, "memory": one.dirty_kib()}
    if not one.parts:
        found["start_cpu"] = one.cpu_ns() / 1e3
    stop, cpu = one.stop()
    found.update({"stop": stop / 1e6, "stop_cpu": cpu / 1e3})
    return found


# ---- each gives (numbers of the contestant, numbers of bare or None)

def start(count, user=None):
    def take(bench, kind):
        mine, bare = bench.crowd(kind, count, user)
        return mine["start"], bare["start"]
    return take


def stop(count, user=None):
    def take(bench, kind):
        mine, bare = bench.crowd(kind, count, user)
        return mine["stop"], bare["stop"]
    return take


def restart(others, user=None):
    """us from the kill to the first instruction of the next; both are at work, and killed in turn."""
    def take(bench, kind):
        pair = [kind(bench.tools, 1 + others, user=user), Bare(bench.tools, 1 + others)]
        found = [[], []]
        for one in pair:
            one.await_all()
        for _ in range(max(bench.runs, 3 if kind is not Fosterd else 30)):
            for one, numbers in zip(pair, found):
                time.sleep(LIVED_S)
                numbers.append(kill_one(one))
        for one in pair:
            one.stop()
        return found
    return take


def kill_one(one):
    count = one.field.count()
    pid = one.field.read(count - 1)[0][1]
    begun = time.monotonic_ns()
    os.kill(pid, signal.SIGKILL)
    one.field.await_count(count + 1, one.pid, limit=10)
    return (one.field.read(count)[0][0] - begun) / 1e3


def storm(count, user=None):
    def take(bench, kind):
        found = [[], []]
        for _ in range(bench.runs):
            for one, numbers in zip((kind, Bare), found):
                numbers.append(measure_storm(bench.tools, one, count, user))
        return found
    return take


def measure_storm(tools, kind, count, user):
    """Restarts a second of workers that end at once."""
    one = kind(tools, count, mode=("end",), user=user)
    one.await_all()
    time.sleep(3 * CALM_S)
    before, begun = one.field.count(), time.monotonic()
    time.sleep(STORM_S)
    rate = (one.field.count() - before) / (time.monotonic() - begun)
    one.stop()
    return rate


def memory_first(bench, kind):
    return bench.crowd(kind, 1)[0]["memory"], None


def memory_more(bench, kind):
    few, many = (bench.crowd(kind, count)[0]["memory"] for count in (1, 1000))
    return [(b - a) / 999 for a, b in zip(few, many)], None


def idle(bench, kind):
    """Voluntary context switches over silent workers."""
    one = kind(bench.tools, 1000)
    one.await_all()
    time.sleep(1)
    before = one.switches()
    time.sleep(IDLE_S / 5 if bench.quick else IDLE_S)
    switches = one.switches() - before
    one.stop()
    return [switches], None


def scale(what, few, plain=False):
    """What one more costs up to 10,000 to what it costs up to few, and the same of bare: a number
    without meaning where one costs nothing."""
    def per_worker(found, first, last):
        begin, end = (statistics.median(found[count][what]) for count in (first, last))
        return (end - begin) / (last - first)

    def take(bench, kind):
        counts = {count: bench.crowd(kind, count, None, runs, plain)
                  for count, runs in ((1, None), (few, None), (10000, 3))}
        mine, bare = ({count: pair[i] for count, pair in counts.items()} for i in (0, 1))
        of_mine, of_bare = (per_worker(found, few, 10000) / (per_worker(found, 1, few) or 1)
                            for found in (mine, bare))
        return [of_mine], [of_bare] if what != "memory" else None
    return take


def serving(bench, kind):
    """Answers a second, the server on one processor and who asks on another."""
    found = [[], []]
    for _ in range(bench.runs):
        for one, numbers in zip((Fosterd, BareHttp), found):
            numbers.append(measure_serving(bench, one)["per_s"])
    return found


class BareHttp(Contestant):
    port = None

    def prepare(self):
        return [str(self.tools / "bare_http"), str(self.port)]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def measure_serving(bench, kind):
    processors = sorted(os.sched_getaffinity(0))
    kind.port = free_port()
    os.sched_setaffinity(0, processors[-1:])
    one = kind(bench.tools, 1)
    os.sched_setaffinity(0, processors)
    await_listening(kind.port)
    seconds = LOAD_S / 4 if bench.quick else LOAD_S
    load = ["taskset", "-c", str(processors[0]), str(bench.tools / "load"), str(kind.port),
            "/livez", str(CONNECTIONS), str(seconds)]
    told = json.loads(subprocess.run(load, check=True, stdout=subprocess.PIPE).stdout)
    kind.port = None
    one.stop()
    return told


def await_listening(port, limit=10):
    end = time.monotonic() + limit
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def stop_levels(bench, kind):
    """A thousand in ten levels: each begins when the one above it has gone."""
    return in_turns(bench, (Levels, BareLevels), lambda one: one.stop()[0] / 1e6, 1000)


def start_chain(bench, kind):
    """Ready as soon as it is started: from the first instruction of the first to that of the last."""
    def took(one):
        moments = [at for at, _ in one.field.read()]
        one.stop()
        return (max(moments) - min(moments)) / 1e6
    return in_turns(bench, (Chain, Bare), took, 100)


def in_turns(bench, kinds, measure, count):
    found = [[] for _ in kinds]
    for _ in range(bench.runs):
        for kind, numbers in zip(kinds, found):
            one = kind(bench.tools, count)
            one.await_all()
            time.sleep(CALM_S)
            numbers.append(measure(one))
    return found


def probes(what):
    """Of a thousand workers that are asked each second; beside it without probes what there is to compare."""
    def take(bench, kind):
        asked, silent = bench.probed()
        return asked[what], silent.get(what)
    return take


def measure_probed(bench, asks):
    with web_server(bench.tools) as (port, times):
        Probed.web = port if asks else None
        one = Probed(bench.tools, PROBED)
        one.await_all()
        await_size(one.other(), 1)
        if asks:
            await_size(times, 3 * PROBED * STAMP.size)
        else:
            time.sleep(1)
        found = {}
        if asks:
            # Whole periods: each probe is then counted as often as any other.
            found = measure_asking(one, times, PROBED_S // 3 if bench.quick else PROBED_S)
        found["restart"] = statistics.median(
            kill_other(one) for _ in range(KILLS // 3 if bench.quick else KILLS))
        one.stop()
    return found


@contextlib.contextmanager
def web_server(tools):
    """Its port, and the file of the moments at which it was asked."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="fosterd-bench.") as directory:
        times = pathlib.Path(directory) / "times"
        server = subprocess.Popen([str(tools / "answer"), str(port), str(times)])
        try:
            await_listening(port)
            yield port, times
        finally:
            server.kill()
            server.wait()


def await_size(path, size, limit=60):
    end = time.monotonic() + limit
    while path.stat().st_size < size:
        if time.monotonic() > end:
            raise TimeoutError(f"{path}: {path.stat().st_size} of {size} bytes, and no more")
        time.sleep(POLL_S)


def measure_asking(one, times, seconds):
    """Share of a processor that fosterd and the prober take, in percent; and how many are asked within 10 ms."""
    prober = one.prober()
    begun, size = time.monotonic_ns(), times.stat().st_size
    before = one.cpu_ns(), cpu_of(prober)
    time.sleep(seconds)
    took = time.monotonic_ns() - begun
    shares = [100 * (now - then) / took for now, then in zip((one.cpu_ns(), cpu_of(prober)), before)]
    moments = [at for at, in STAMP.iter_unpack(times.read_bytes()[size:])]
    return {"fosterd": shares[0], "prober": shares[1], "rate": len(moments) * 1e9 / took,
            "spread": most_within(sorted(moments), 10_000_000)}


def most_within(moments, span):
    most = first = 0
    for last, at in enumerate(moments):
        while at - moments[first] > span:
            first += 1
        most = max(most, last - first + 1)
    return most


def kill_other(one):
    """us from the kill of the worker that is never asked to the first instruction of the next."""
    path = one.other()
    time.sleep(LIVED_S)
    size = path.stat().st_size
    _, pid = RECORD.unpack(path.read_bytes()[-RECORD.size:])
    begun = time.monotonic_ns()
    os.kill(pid, signal.SIGKILL)
    await_size(path, size + RECORD.size, 10)
    return (RECORD.unpack(path.read_bytes()[-RECORD.size:])[0] - begun) / 1e3


class Figure:
    """What it is called, and the limit: of the ratio to bare, or of the number itself."""

    def __init__(self, name, unit, take, limit=None, **more):
        self.name, self.unit, self.take, self.limit = name, unit, take, limit
        self.least = more.get("least", False)        # the limit is a lower one
        self.absolute = more.get("absolute", False)  # of the number, not of the ratio
        self.peers = more.get("peers", False)
        self.slow = more.get("slow", False)          # not with QUICK
        self.root = more.get("root", False)          # wants root
        self.gross = more.get("gross", 2)            # with QUICK the limit is that much wider


FIGURES = (
    Figure("restart", "us", restart(0), 1.5, peers=True),
    Figure("restart-1000", "us", restart(999), slow=True),
    Figure("start-1000", "ms", start(1000), 1.5, peers=True),
    Figure("start-5000", "ms", start(5000), 1.6, slow=True),
    Figure("storm", "restarts/s", storm(200), 0.75, least=True, peers=True),
    Figure("stop-1000", "ms", stop(1000), 1.3, peers=True),
    Figure("stop-levels", "ms", stop_levels, 1.5),
    Figure("start-chain", "ms", start_chain, 1.6),
    Figure("memory-first", "KiB", memory_first, 1536, absolute=True, peers=True, gross=1),
    Figure("memory-more", "KiB", memory_more, 1.5, absolute=True, peers=True, gross=1),
    Figure("idle", "switches", idle, 0, absolute=True, gross=1),
    Figure("livez", "answers/s", serving, 0.9, least=True),
    Figure("probes-fosterd", "%", probes("fosterd"), 5, absolute=True),
    Figure("probes-prober", "%", probes("prober"), 40, absolute=True),
    Figure("probes-rate", "questions/s", probes("rate"), 950, least=True, absolute=True, gross=1),
    Figure("probes-spread", "within 10 ms", probes("spread"), 60, absolute=True, gross=3),
    Figure("probes-restart", "us", probes("restart"), 1.3),
    Figure("scale-start-cpu", "x", scale("start_cpu", 100), 1.3, absolute=True, slow=True),
    Figure("scale-memory", "x", scale("memory", 1000), 1.3, absolute=True, slow=True),
    Figure("scale-stop-cpu", "x", scale("stop_cpu", 100, plain=True), 1.3, absolute=True, slow=True),
    Figure("restart-user", "us", restart(0, USER), slow=True, root=True),
    Figure("start-1000-user", "ms", start(1000, USER), slow=True, root=True),
    Figure("storm-user", "restarts/s", storm(200, USER), slow=True, root=True),
    Figure("stop-1000-user", "ms", stop(1000, USER), slow=True, root=True),
)
