"""impatience - one to three signals at random moments of fosterd's life, many times.

usage: impatience.py COUNT SPREAD_MS    of SPREAD_MS the first signal comes somewhen, from exec on

Each fosterd has a lifespan of one step, three workers that depend on each other, and a task. Whatever comes when: the
step's stop has run exactly once if its start had begun, else never; exit code 0, or 11 where a third signal may have
killed; nothing is left. Death by the signal is forgiven only where it was not blocked yet just before it was sent.
SEED of the moments is printed; JOBS at the same time (default 8).
"""

import collections
import concurrent.futures
import os
import random
import shlex
import signal
import subprocess
import sys
import time

COUNT, SPREAD_MS = int(sys.argv[1]), float(sys.argv[2])
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
JOBS = int(os.environ.get("JOBS", "8"))
SLACK = int(os.environ.get("SLACK", "1"))
WRAP = shlex.split(os.environ.get("FOSTERD_WRAP", ""))

CONFIG = """name: it
listen: ["unix:{dir}/http.sock"]
drain: {{delay: 150ms}}
lifespan:
  - name: step
    start: {{command: {act} step.start {start}}}
    stop: {{command: {act} step.stop --after 30}}
workers:
  db: {{command: {act} db --slow-ready 10 {stop}, ready: {{when: notify}}}}
  app: {{command: {act} app --slow-ready 10, ready: {{when: notify}}, depends_on: [db]}}
  web: {{command: {act} web --stop-slow 50, depends_on: [app]}}
tasks:
  sweep: {{command: {act} sweep --after 20, every: 100ms, jitter: 20ms, run_at_start: true}}
"""
# Some take their time, and leave it to a third signal to kill them.
STARTS = ["--after 30"] * 4 + ["--after 1300 --ignore-term"]
STOPS = ["--stop-slow 200"] * 2 + ["--stop-slow 1300"]


class Wrong(Exception):
    pass


def blocks_sigterm(pid):
    with open(f"/proc/{pid}/status") as file:
        mask = next(line.split()[1] for line in file if line.startswith("SigBlk:"))
    return bool(int(mask, 16) & 1 << signal.SIGTERM - 1)


def plan(rng):
    """The moments, in seconds after exec, and the signals."""
    count, moments = rng.choice((1, 2, 3)), [rng.uniform(0, SPREAD_MS / 1000)]
    while len(moments) < count:
        moments.append(moments[-1] + rng.choice((rng.uniform(0, 0.1), rng.uniform(0.45, 0.6), rng.uniform(0.51, 0.55))))
    return [(moment, rng.choice((signal.SIGTERM, signal.SIGINT))) for moment in moments]


def prepare(number, rng):
    place = os.path.join(os.getcwd(), f"run{number}")
    for name in ("", "/run", "/state", "/logs"):
        os.mkdir(place + name)
    act = f"{os.environ['MISBEHAVE']} --stamp {place}/stamps --as"
    with open(f"{place}/fosterd.yaml", "w") as file:
        file.write(CONFIG.format(dir=place, act=act, start=rng.choice(STARTS), stop=rng.choice(STOPS)))
    return place


def launch(place):
    env = dict(os.environ, RUNTIME_DIRECTORY=f"{place}/run", STATE_DIRECTORY=f"{place}/state",
               LOGS_DIRECTORY=f"{place}/logs")
    # Returns when the program has been executed.
    with open(f"{place}/log", "w") as log:
        return subprocess.Popen([*WRAP, os.environ["FOSTERD"], "-c", f"{place}/fosterd.yaml"],
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)


def disturb(daemon, place, moments):
    """Returns the exit code, and whether main() had surely begun before the first signal."""
    begin, begun = time.monotonic(), None
    for moment, signo in moments:
        time.sleep(max(0.0, begin + moment - time.monotonic()))
        if daemon.poll() is not None:
            break
        if begun is None:
            begun = os.path.getsize(f"{place}/log") > 0 if WRAP else blocks_sigterm(daemon.pid)
        daemon.send_signal(signo)
    try:
        return daemon.wait(15 * SLACK), begun
    except subprocess.TimeoutExpired:
        daemon.kill()
        raise Wrong("it does not end") from None


def stamps_of(place):
    """Who did what, in order: (pid, event, name)."""
    try:
        with open(f"{place}/stamps") as file:
            return [(int(pid), event, name) for _, pid, event, name in map(str.split, file)]
    except FileNotFoundError:
        return []


def is_left(pid, place):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return place in file.read()
    except (FileNotFoundError, ProcessLookupError):
        return False


def verify(place, moments, code, begun):
    stamps = stamps_of(place)
    with open(f"{place}/log") as file:
        said = file.read()
    began = collections.Counter(name for _, event, name in stamps if event == "start")
    if code not in (0, 11) and (begun or code not in (-signal.SIGTERM, -signal.SIGINT)):
        raise Wrong(f"exit code {code}")
    if (code == 11) != (' killed"' in said) or (code == 11 and len(moments) < 3):
        raise Wrong(f"exit code {code}, and somebody was killed, or nobody; or there was no third signal for it")
    if began["step.start"] > 1 or began["step.stop"] > 1:
        raise Wrong("half of the step ran twice")
    if began["step.stop"] != (began["step.start"] or "step=step" in said):
        raise Wrong(f"starts {began['step.start']}, stops {began['step.stop']}")
    if began["step.stop"] and [event for _, event, name in stamps if name == "step.stop"] != ["start", "exit"]:
        raise Wrong("the stop was disturbed")
    if began["step.stop"] and stamps[-1][2] != "step.stop":
        raise Wrong("the stop was not the last of all")
    if left := [pid for pid, _, _ in stamps if is_left(pid, place)]:
        raise Wrong(f"left running: {left}")
    if code < 0:
        return "died before main()"
    return "killed" if code else "stopped" if began["db"] else "no worker" if began["step.start"] else "nothing begun"


def one(number):
    rng = random.Random(f"{SEED} {number}")
    moments = plan(rng)
    place = prepare(number, rng)
    try:
        return verify(place, moments, *disturb(launch(place), place, moments))
    except Wrong as wrong:
        told = ", ".join(f"{signo.name} at {moment * 1000:.1f} ms" for moment, signo in moments)
        for name in ("log", "stamps"):
            print(f"--- {name}:", file=sys.stderr)
            if os.path.exists(f"{place}/{name}"):
                with open(f"{place}/{name}") as file:
                    sys.stderr.write(file.read())
        raise Wrong(f"run {number} of SEED={SEED}, {told}: {wrong}") from None


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"SEED={SEED}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        running = [pool.submit(one, number) for number in range(COUNT)]
        try:
            results = collections.Counter(done.result() for done in concurrent.futures.as_completed(running))
        except Wrong as wrong:
            pool.shutdown(cancel_futures=True)
            sys.exit(str(wrong))
    print(f"{COUNT} runs: {dict(results)}")
    if not results["stopped"]:
        sys.exit("no signal came when there were workers")


main()
