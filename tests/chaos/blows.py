"""blows - what can happen to a fosterd. Each is a context: it happens on entry, and is over on exit.

blow(scene, chance) with scene.watch (see watch.py) and scene.port; chance decides all that there is to decide.
"""

import contextlib
import http.client
import os
import pathlib
import resource
import shutil
import signal
import socket
import time

import hostile
from watch import PROBER, UNMEANT, lives, name_of, stat

RUNTIME = pathlib.Path(os.environ["RUNTIME_DIRECTORY"])
CONTROL = os.path.join(os.getcwd(), "control.sock")
REFUSE = pathlib.Path(os.environ["REFUSE"])


def send(pid, signo):
    try:
        os.kill(pid, signo)
    except ProcessLookupError:
        pass


def processes(scene):
    return list(filter(lives, scene.watch.children()))


def some(scene, chance, most, wanted=lambda pid: True):
    """As many as most of fosterd's children."""
    found = list(filter(wanted, processes(scene)))
    return chance.sample(found, min(len(found), chance.randint(1, most)))


@contextlib.contextmanager
def kill(scene, chance):
    for _ in range(chance.randint(1, 5)):
        for pid in some(scene, chance, 20):
            send(pid, signal.SIGKILL)
        time.sleep(chance.random() * 0.05)
    yield


@contextlib.contextmanager
def unasked(scene, chance):
    """Those who ask are killed as often as they come, or stand still."""
    signo = chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP])
    for _ in range(chance.randint(1, 20)):
        for pid in filter(lambda pid: name_of(pid) == PROBER, processes(scene)):
            send(pid, signo)
        time.sleep(chance.random() * 0.1)
    yield


@contextlib.contextmanager
def end(scene, chance):
    """They go as if they had been told to, or by a fault of their own."""
    for pid in some(scene, chance, 20):
        send(pid, chance.choice([signal.SIGTERM, signal.SIGSEGV, signal.SIGHUP, signal.SIGABRT]))
    yield


@contextlib.contextmanager
def part(scene, chance):
    """Of a group: all but the main process, or the main process alone."""
    def is_main(pid):
        return (stat(pid) or [0] * 4)[3] == pid

    mains = chance.random() < 0.5
    for pid in some(scene, chance, 10, lambda pid: is_main(pid) == mains):
        send(pid, signal.SIGKILL)
    yield


@contextlib.contextmanager
def freeze(scene, chance):
    frozen = some(scene, chance, 15)
    for pid in frozen:
        send(pid, signal.SIGSTOP)
    time.sleep(chance.choice([0.05, 0.5, 1.5]))
    yield
    for pid in frozen:
        send(pid, signal.SIGCONT)


@contextlib.contextmanager
def stall(scene, chance):
    """fosterd itself stands still, and the clock goes on."""
    send(scene.watch.pid, signal.SIGSTOP)
    for pid in some(scene, chance, 5):
        send(pid, signal.SIGKILL)
    time.sleep(chance.random() * 1.5)
    send(scene.watch.pid, signal.SIGCONT)
    yield


@contextlib.contextmanager
def signals(scene, chance):
    for _ in range(chance.randint(1, 300)):
        send(scene.watch.pid, chance.choice(UNMEANT))
        if chance.random() < 0.02:
            send(scene.watch.pid, signal.SIGHUP)
            time.sleep(0.005)
    yield


@contextlib.contextmanager
def refuse(scene, chance):
    """The system refuses a kind of call, each or every second one; see refuse.c."""
    kinds = chance.sample(["fork", "pipe2", "mmap", "accept4", "malloc", "open", "write"], chance.randint(1, 2))
    for kind in kinds:
        (REFUSE / kind).touch(chance.choice([0o700, 0o600]))
    for pid in some(scene, chance, 10):
        send(pid, signal.SIGKILL)
    send(scene.watch.pid, signal.SIGUSR2)
    time.sleep(chance.random() * 0.5)
    yield
    for kind in kinds:
        (REFUSE / kind).unlink(missing_ok=True)


def fill(directory):
    """Not a byte and not a file more."""
    try:
        with open(directory / "full", "wb", 0) as file:
            while file.write(b"x" * 4096):
                pass
    except OSError:
        pass
    try:
        for n in range(1000):
            (directory / f"full{n}").touch()
    except OSError:
        pass


@contextlib.contextmanager
def full(scene, chance):
    """The runtime directory has no room. Only where it is a file system of its own."""
    if os.path.ismount(RUNTIME):
        fill(RUNTIME)
    for pid in some(scene, chance, 20):
        send(pid, signal.SIGKILL)
    time.sleep(chance.random() * 0.5)
    yield
    for path in RUNTIME.glob("full*"):
        path.unlink()


@contextlib.contextmanager
def vanish(scene, chance):
    """What is in the runtime directory is gone; who has lost a socket is started anew."""
    for path in RUNTIME.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)  # meanwhile fosterd makes new ones
        else:
            path.unlink(missing_ok=True)
    yield
    for pids in scene.watch.mains().values():
        for pid in pids:
            send(pid, signal.SIGKILL)


@contextlib.contextmanager
def starve(scene, chance):
    """There are as many descriptors as are open, or a few more."""
    pid = scene.watch.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    used = max(int(fd) for fd in os.listdir(f"/proc/{pid}/fd")) + 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + chance.choice([-5, 0, 1, 5]), before[1]))
    for victim in some(scene, chance, 10):
        send(victim, signal.SIGKILL)
    time.sleep(chance.random() * 0.5)
    yield
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


@contextlib.contextmanager
def clients(scene, chance):
    """Of bad manners, but for those who have half closed: they are waited for until their time is over."""
    manners = [manner for manner in hostile.MANNERS if manner is not hostile.half_close]
    kept = []
    for _ in range(chance.choice([20, 100, 400])):
        try:
            kept.append(hostile.open_one(scene.port))
            chance.choice(manners)(kept[-1], chance)
        except OSError:
            pass
    yield
    for connection in kept:
        if connection.fileno() != -1:
            hostile.reset(connection)


@contextlib.contextmanager
def errands(scene, chance):
    """Tasks run by hand, and those that run are killed."""
    for _ in range(chance.randint(1, 20)):
        command(scene, "run", chance.choice(scene.tasks), "tasks")
        for pid in filter(lambda pid: name_of(pid) == "errand", processes(scene)):
            if chance.random() < 0.3:
                send(pid, signal.SIGKILL)
        time.sleep(chance.random() * 0.1)
    yield


def command(scene, verb, name, kind="workers"):
    """By the control socket; whether it is taken depends on the moment."""
    connection = http.client.HTTPConnection("fosterd", timeout=5)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(5)
    try:
        connection.sock.connect(CONTROL)
        connection.request("POST", f"/v1/{kind}/{name}/{verb}")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()


@contextlib.contextmanager
def hand(scene, chance):
    """Wishes by hand, the opposite before the first is fulfilled as well; in the end all are to run."""
    names = scene.names + [name.partition(".")[0] for name in scene.names]
    verbs = ["stop", "start", "restart", "stop", "stop?with_dependents=1", "signal?name=USR1"]
    wished = [(chance.choice(verbs), chance.choice(names))
              for _ in range(chance.randint(1, 40))]
    for verb, name in wished:
        command(scene, verb, name)
        time.sleep(chance.choice([0, 0, 0.02]))
    yield
    for name in names:
        command(scene, "start", name)


BLOWS = [hand, hand, kill, kill, unasked, end, part, freeze, stall, signals, refuse, refuse, refuse, full, vanish, starve, clients,
         errands]
