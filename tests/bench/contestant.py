"""contestant - supervisors, each told in its own words to keep the same workers alive.

A contestant is started with a number of workers, and is measured from outside: by what its workers
append to a file on tmpfs, by /proc, and by when it ends.
"""

import atexit
import os
import pathlib
import shutil
import signal
import struct
import tempfile
import time

RECORD = struct.Struct("<qq")
AT_WORK = set()  # contestants that have not been stopped
POLL_S = 0.001


class Field:
    """A directory on tmpfs, with the file that workers append {ns, pid} to."""

    def __init__(self):
        shm = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="fosterd-bench.", dir=shm))
        self.path.chmod(0o755)
        self.records = self.path / "records"
        self.clear()

    def clear(self):
        self.records.write_bytes(b"")
        self.records.chmod(0o666)

    def count(self):
        return self.records.stat().st_size // RECORD.size

    def read(self, first=0):
        with open(self.records, "rb") as file:
            file.seek(first * RECORD.size)
            data = file.read()
        return list(RECORD.iter_unpack(data[:len(data) // RECORD.size * RECORD.size]))

    def await_count(self, count, pid, limit=60):
        """Until so many records are there; pid is whose work they are."""
        end = time.monotonic() + limit
        while self.count() < count:
            if time.monotonic() > end or not is_alive(pid):
                raise TimeoutError(f"{self.count()} of {count} workers, and no more")
            time.sleep(POLL_S)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Contestant:
    """One supervisor at work. Subclasses say how it is told."""

    name = ""
    programs = ()       # wanted in PATH
    package = ""        # of Debian
    most = 1 << 30      # workers
    parts = False       # it is more than one process

    def __init__(self, tools, count, mode=(), user=None):
        self.field, self.tools, self.count, self.user = Field(), tools, count, user
        self.log = open(self.field.path / "log", "w")
        self.command = [str(tools / "worker"), str(self.field.records), *mode]
        argv = self.prepare()
        env = dict(os.environ, **self.environment())
        self.begun = time.monotonic_ns()
        self.pid = os.posix_spawnp(argv[0], argv, env, file_actions=[
            (os.POSIX_SPAWN_DUP2, self.log.fileno(), 1), (os.POSIX_SPAWN_DUP2, self.log.fileno(), 2)],
            setsigdef=[signal.SIGPIPE])
        AT_WORK.add(self)

    @classmethod
    def is_here(cls):
        return all(shutil.which(program) for program in cls.programs)

    def prepare(self):
        """Write what it reads; its argv."""
        raise NotImplementedError

    def environment(self):
        return {}

    def await_all(self):
        self.field.await_count(self.count, self.pid)

    def cpu_ns(self):
        return sum(map(cpu_of, self.processes()))

    def dirty_kib(self):
        return sum(sum(int(line.split()[1]) for line in open(f"/proc/{pid}/smaps_rollup")
                       if line.startswith("Private_Dirty")) for pid in self.processes())

    def switches(self):
        return sum(int(line.split()[1]) for pid in self.processes()
                   for line in open(f"/proc/{pid}/status")
                   if line.startswith("voluntary_ctxt_switches"))

    def processes(self):
        """Its own, without the workers."""
        if not self.parts:
            return [self.pid]
        found, worker = [self.pid], self.tools / "worker"
        for pid in descendants(self.pid):
            try:
                if os.readlink(f"/proc/{pid}/exe") != str(worker):
                    found.append(pid)
            except OSError:
                pass
        return found

    def tell_to_stop(self):
        os.kill(self.pid, signal.SIGTERM)

    def stop(self):
        """ns from the signal until it has ended, and CPU ns that took; it has then been reaped."""
        cpu = self.cpu_ns()
        begun = time.monotonic_ns()
        self.tell_to_stop()
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        took = time.monotonic_ns() - begun
        cpu = 0 if self.parts else self.cpu_ns() - cpu
        os.waitpid(self.pid, 0)
        self.end()
        return took, cpu

    def end(self):
        AT_WORK.discard(self)
        self.log.close()
        self.field.remove()


@atexit.register
def end_all():
    """Whatever ended us: nobody is left at work."""
    for one in list(AT_WORK):
        for pid in (one.pid, *descendants(one.pid)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        one.end()


class Bare(Contestant):
    name = "bare"

    def prepare(self):
        return [str(self.tools / "bare"), str(self.count), *self.command]


class Fosterd(Contestant):
    name = "fosterd"
    port = None  # of HTTP on loopback; else it is a unix socket

    def prepare(self):
        path = self.field.path
        listen = f"127.0.0.1:{self.port}" if self.port else f"unix:{path}/http"
        (path / "fosterd.yaml").write_text(f"""\
listen: ["{listen}"]
drain: {{timeout: 60s}}
defaults: {{restart_delay: 0s, restart_delay_max: 0s}}
workers:
{self.workers()}
""".replace("'", '"'))
        return [os.environ["FOSTERD"], "-c", str(path / "fosterd.yaml")]

    def workers(self):
        """Lines of the configuration."""
        user = f", user: {self.user}" if self.user else ""
        return f"  w: {{command: {list(self.command)}, replicas: {self.count}{user}}}"

    def environment(self):
        places = {}
        for name in ("RUNTIME", "STATE", "LOGS"):
            place = self.field.path / name.lower()
            place.mkdir()
            places[f"{name}_DIRECTORY"] = str(place)
        return places


LEVELS = 10


class BareLevels(Bare):
    """Ends them level by level."""

    def prepare(self):
        return [str(self.tools / "bare"), "--levels", str(LEVELS), str(self.count), *self.command]


class Levels(Fosterd):
    """In as many levels, each of which needs the one below it to be ready."""

    width = None  # of a level; None: an equal part of all

    def workers(self):
        width = self.width or self.count // LEVELS
        return "\n".join(
            f"  w{level}: {{command: {list(self.command)}, replicas: {width}"
            + (f", depends_on: [w{level - 1}]" if level else "") + "}"
            for level in range(self.count // width))


class Chain(Levels):
    """Each needs the one before it."""

    width = 1


class Probed(Fosterd):
    """Each worker is asked by HTTP each second, or is not: what is compared. One more is never asked."""

    web = None  # the port that is asked; None: nobody is

    def workers(self):
        probe = f', readiness: {{http: "http://127.0.0.1:{self.web}/", period: 1s, timeout: 10s}}'
        return "\n".join([
            f"  w: {{command: {list(self.command)}, replicas: {self.count}{probe if self.web else ''}}}",
            f"  other: {{command: {[self.command[0], str(self.other())]}}}"])

    def other(self):
        """The file of that other one."""
        path = self.field.path / "other"
        path.touch()
        return path

    def prober(self):
        for pid in children(self.pid):
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "fosterd-prober":
                return pid
        raise ValueError("no prober runs")


def write_script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


class Runit(Contestant):
    name, package, programs, most, parts = "runit", "runit", ("runsvdir", "runsv"), 1000, True

    def prepare(self):
        for i in range(self.count):
            write_script(self.field.path / "sv" / f"w{i}" / "run",
                         f"#!/bin/sh\nexec {' '.join(self.command)}\n")
        return ["runsvdir", str(self.field.path / "sv")]

    def tell_to_stop(self):
        os.kill(self.pid, signal.SIGHUP)

    def stop(self):
        """runsvdir ends before its children: until the last of them is gone."""
        family = descendants(self.pid)
        took, _ = super().stop()
        begun = time.monotonic_ns()
        while any(is_alive(pid) for pid in family):
            time.sleep(POLL_S)
        return took + time.monotonic_ns() - begun, 0


class S6(Contestant):
    name, package, programs, parts = "s6", "s6", ("s6-svscan", "s6-supervise"), True

    def prepare(self):
        for i in range(self.count):
            write_script(self.field.path / "sv" / f"w{i}" / "run",
                         f"#!/bin/sh\nexec {' '.join(self.command)}\n")
        return ["s6-svscan", "-c", str(max(self.count + 10, 500)), str(self.field.path / "sv")]


class Supervisord(Contestant):
    name, package, programs = "supervisord", "supervisor", ("supervisord",)

    def prepare(self):
        path = self.field.path
        (path / "conf").write_text(f"""\
[supervisord]
nodaemon=true
user=root
logfile={path}/supervisord.log
pidfile={path}/pid
childlogdir={path}
minfds=20000
[program:w]
command={' '.join(self.command)}
process_name=%(program_name)s_%(process_num)d
numprocs={self.count}
autorestart=true
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
""")
        return ["supervisord", "-c", str(path / "conf")]


class Dinit(Contestant):
    name, package, programs = "dinit", "not in Debian 12", ("dinit",)

    def prepare(self):
        path = self.field.path / "dinit.d"
        path.mkdir()
        (path / "boot.d").mkdir()
        (path / "boot").write_text("type = internal\nwaits-for.d = boot.d\n")
        for i in range(self.count):
            (path / f"w{i}").write_text(f"""\
type = process
command = {' '.join(self.command)}
restart = true
smooth-recovery = true
restart-delay = 0
restart-limit-count = 0
""")
            (path / "boot.d" / f"w{i}").symlink_to(path / f"w{i}")
        return ["dinit", "-u", "-d", str(path), "-p", str(self.field.path / "control")]


PEERS = (Runit, S6, Supervisord, Dinit)


def cpu_of(pid):
    """ns of all its threads."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in pathlib.Path(f"/proc/{pid}/task").iterdir())


def children(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def descendants(pid):
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
