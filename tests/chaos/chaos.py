"""chaos - storms over a fosterd; after each all must be as it was before.

usage: chaos.py SEED SECONDS    started by tests/chaos/chaos, which says what is in the environment

The seed decides the plan: which blows fall together, and all that these decide. What they hit depends on the moment.
After a storm calm is awaited: every instance ready and its process the one that /status names, jobs completed, every task run since, one prober
and no further children, no zombie, no descriptor more than at the start, readiness, every check healthy. Some storms end with SIGTERM; then
fosterd ends in time with the right code, leaves nobody behind, has run the lifespan's stop once, and a new one is started.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

SEED, SECONDS = int(sys.argv[1]), float(sys.argv[2])
os.environ["REFUSE"] = os.path.join(os.getcwd(), "refuse")
os.makedirs(os.environ["REFUSE"], exist_ok=True)

import blows  # noqa: E402: it looks at the environment
from watch import SLACK, Watch, children_of  # noqa: E402

LOG, CONFIG = os.environ["LOG"], os.environ["CONFIG"]
CALM_S, END_S = 25 * SLACK, 18 * SLACK
KILLED = 11  # the exit code when the drain had to kill somebody
UNSTOPPED = 13  # ... when the lifespan's stop could not be run
REFUSERS = {blows.refuse, blows.starve}


class Trouble(Exception):
    pass


def left_over():
    """Who lost every parent comes to the nursery, where this stands as well."""
    mine = {os.getpid(), os.getppid()}
    return [pid for pid in children_of(os.environ["NURSERY_PID"]) if pid not in mine]


class Scene:
    def __init__(self):
        self.port = int(os.environ["PORT"])
        self.daemon = None
        self.ground = []  # what the lifespan's step should have written

    def start(self):
        environment = dict(os.environ, LD_PRELOAD=os.environ["IT"] + "/refuse.so")
        with open(LOG, "a") as log:
            self.daemon = subprocess.Popen([os.environ["FOSTERD"], "-c", CONFIG], env=environment,
                                           stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.watch = Watch(self.daemon.pid, os.environ["HTTP"], restless=["flapper"],
                           fleeting=["examine", "errand"], jobs=["once"])
        self.before = self.names = None
        self.ground.append("start")
        self.await_calm()
        # Who has read the configuration again leaves a pipe until the next time.
        self.daemon.send_signal(signal.SIGHUP)
        time.sleep(0.3)  # until the connections of before are gone
        self.await_idle()
        self.before, self.names = self.watch.resources(), self.watch.names()
        self.tasks = list(self.runs())

    def await_idle(self):
        """A moment at which no task has a pipe."""
        end = time.monotonic() + CALM_S
        while any(task["state"] != "idle" for task in self.watch.status()["tasks"]):
            if time.monotonic() > end:
                raise Trouble("tasks are never idle")
            time.sleep(0.005)

    def complaints(self, runs):
        if self.daemon.poll() is not None:
            raise Trouble(f"fosterd has ended: {self.daemon.returncode}")
        try:
            names, before = self.names or self.watch.names(), self.before or self.watch.resources()
            wrong = self.watch.complaints(names, before) + self.watch.strange_checks()
            wrong += self.watch.strange_tasks(runs, failing=["again"])
            return wrong if wrong or self.watch.is_ready() else ["it is not ready"]
        except (OSError, ValueError) as error:
            return [f"no answer: {error!r}"]

    def runs(self):
        """Of each task; none when there is no answer yet."""
        try:
            return self.watch.runs_of_tasks()
        except (OSError, ValueError):
            return {}

    def await_calm(self):
        begin = time.monotonic()
        runs = self.runs()
        while wrong := self.complaints(runs):
            if time.monotonic() > begin + CALM_S:
                raise Trouble("\n".join(wrong))
            time.sleep(0.05)
        return time.monotonic() - begin

    def stop(self, codes, chance):
        """SIGTERM, and at times more of them; it ends in time, with one of the codes, and nobody is left."""
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            self.daemon.send_signal(chance.choice([signal.SIGTERM, signal.SIGINT]))
            time.sleep(chance.choice([0, 0.1, 0.6]))  # within 500 ms they count once
        try:
            code = self.daemon.wait(END_S)
        except subprocess.TimeoutExpired:
            raise Trouble("the drain does not end") from None
        if code not in codes:
            raise Trouble(f"exit code {code}, wanted one of {codes}")
        if left := left_over():
            raise Trouble(f"left running: {left}")
        with open("ground") as file:
            written = file.read().split()
        if code != UNSTOPPED or written[-1] == "stop":
            self.ground.append("stop")
        if written != self.ground:
            raise Trouble(f"the lifespan: {written[-4:]}, wanted {self.ground[-4:]}; exit code {code}")


def storm(scene, chance, kinds, ends):
    """Returns the seconds until calm."""
    with contextlib.ExitStack() as stack:
        for kind in kinds:
            stack.enter_context(kind(scene, chance))
        if ends:
            scene.stop((0, KILLED, UNSTOPPED) if REFUSERS & set(kinds) else (0, KILLED), chance)
    if ends:
        scene.start()
        return 0
    return scene.await_calm()


def main():
    print(f"SEED={SEED}", flush=True)
    plan, scene = random.Random(SEED), Scene()
    begin = time.monotonic()
    scene.start()
    number = restarts = 0
    try:
        while time.monotonic() < begin + SECONDS:
            number += 1
            kinds = dict.fromkeys(plan.sample(blows.BLOWS, plan.randint(1, 3)))
            seed = plan.getrandbits(32)
            ends = plan.random() < 0.1
            what = " ".join(kind.__name__ for kind in kinds) + " end" * ends
            print(f"{number}: {what}:", end=" ", flush=True)
            took = storm(scene, random.Random(seed), kinds, ends)
            print(f"calm after {took:.1f} s", flush=True)
        restarts = sum(i["restarts"] for i in scene.watch.instances())
        scene.stop((KILLED,), plan)  # there is one who does not hear SIGTERM
    except Trouble as trouble:
        sys.exit(f"\nSEED={SEED}, storm {number}: {trouble}")
    finally:
        scene.daemon.send_signal(signal.SIGCONT)
        scene.daemon.kill()
    print(f"{number} storms in {time.monotonic() - begin:.0f} s, {restarts} restarts by the last fosterd")


main()
