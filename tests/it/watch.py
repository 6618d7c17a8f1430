"""watch - a running fosterd from outside: what it says of itself, what /proc says, and where they differ.

Each instance is known by SLOT=NAME in its environment. Environment: FOSTERD the binary, FOSTERD_WRAP, SLACK.
"""

import collections
import http.client
import json
import os
import signal
import socket

SLACK = int(os.environ.get("SLACK", "1"))
SETTLE_S = 10 * SLACK
RSS_GROWTH_KB = 4096
PROBER = "fosterd-prober"
with open(os.environ["FOSTERD"], "rb") as file:
    KEEPS_WHAT_IS_FREED = b"__asan_init" in file.read()
# Signals that must change nothing.
UNMEANT = [signal.Signals[f"SIG{name}"] for name in (
    "USR1 USR2 ALRM WINCH CHLD PIPE QUIT CONT URG IO VTALRM PROF XCPU XFSZ PWR TTIN TTOU TSTP "
    "STKFLT RTMIN RTMAX").split()]
if "valgrind" in os.environ.get("FOSTERD_WRAP", ""):
    UNMEANT.remove(signal.SIGRTMAX)  # valgrind's own


def read(path, mode="r"):
    try:
        with open(path, mode) as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return "" if mode == "r" else b""


def stat(pid):
    """State letter, parent, group, session; None when it is gone."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (fields[0], *map(int, fields[1:4])) if fields else None


def open_files(pid):
    """What its descriptors are, numbers of sockets and pipes left out."""
    found = []
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{fd}").partition(":[")[0].removesuffix(" (deleted)"))
        except FileNotFoundError:
            pass
    return collections.Counter(found)


def lives(pid):
    return (stat(pid) or "X")[0] not in "ZX"


def children_of(pid):
    return [int(child) for child in read(f"/proc/{pid}/task/{pid}/children").split()]


def name_of(pid):
    return read(f"/proc/{pid}/comm").strip()


def slot(pid):
    for entry in read(f"/proc/{pid}/environ", "rb").split(b"\0"):
        if entry.startswith(b"SLOT="):
            return entry[5:].decode()
    return None


class Watch:
    def __init__(self, pid, path, restless=(), fleeting=(), jobs=()):
        """path: of its HTTP. restless: the workers that are never calm; what they are at a moment is not judged.
        fleeting: the programs of exec probes and tasks, which come and go. jobs: the workers that are done when all is calm."""
        self.pid, self.path, self.restless, self.fleeting, self.jobs = pid, path, restless, fleeting, jobs

    def get(self, page):
        """The code and the body of an answer."""
        connection = http.client.HTTPConnection("fosterd", timeout=5 * SLACK)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(5 * SLACK)
        connection.sock.connect(self.path)
        connection.request("GET", page)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def status(self):
        return json.loads(self.get("/status")[1])

    def is_ready(self):
        return self.get("/readyz")[0] == 200

    def instances(self):
        return [i for worker in self.status()["workers"] for i in worker["instances"]]

    def names(self):
        return sorted(i["name"] for i in self.instances())

    def children(self):
        return children_of(self.pid)

    def of_workers(self):
        """fosterd's children without those that ask, or are asked by."""
        return [pid for pid in self.children() if name_of(pid) not in (PROBER, *self.fleeting)]

    def mains(self):
        """The sessions' leaders among them, by the name of their instance."""
        found = {}
        for pid in self.of_workers():
            now = stat(pid)
            if now and now[0] not in "ZX" and now[3] == pid:
                found.setdefault(slot(pid), []).append(pid)
        return found

    def resources(self):
        fields = dict(line.split(":", 1) for line in read(f"/proc/{self.pid}/status").splitlines())
        return {"descriptors": open_files(self.pid),
                "threads": len(os.listdir(f"/proc/{self.pid}/task")),
                "rss_kb": int(fields["VmRSS"].split()[0])}

    def is_restless(self, name):
        return str(name).split(".")[0] in self.restless

    def strange_instances(self, names):
        found, running = self.instances(), self.mains()
        wrong = []
        if sorted(i["name"] for i in found) != names:
            wrong.append("the instances are not those of before")
        for i in found:
            pids = running.pop(i["name"], [])
            if self.is_restless(i["name"]):
                wrong += [f"{i['name']} runs more than once: {pids}"] * (len(pids) > 1)
                continue
            done = i["name"].split(".")[0] in self.jobs
            if i["state"] != ("completed" if done else "ready"):
                wrong.append(f"{i['name']} is {i['state']}")
            if pids != ([] if done else [i["pid"]]):
                wrong.append(f"{i['name']} is {i['pid']} in /status and {pids} in /proc")
        return wrong + [f"nobody's: {name} {pids}" for name, pids in running.items()]

    def strange_children(self):
        """Zombies, and processes that are in no instance's session. The restless have some at times."""
        wrong, known = [], {pid for pids in self.mains().values() for pid in pids}
        for pid in self.of_workers():
            now = stat(pid)
            if now and not self.is_restless(slot(pid)) and (now[0] == "Z" or now[3] not in known):
                wrong.append(f"{'zombie' if now[0] == 'Z' else 'left over:'} {pid}")
        return wrong

    def strange_probers(self):
        told = sorted(prober["pid"] or 0 for prober in self.status().get("probers", []))
        found = sorted(pid for pid in self.children() if name_of(pid) == PROBER)
        return [f"probers {told} in /status and {found} in /proc"] if told != found else []

    def strange_checks(self):
        return [f"{check['name']} is {check['status']}: {check['error']}" for check in self.status()["checks"]
                if check["status"] != "healthy"]

    def runs_of_tasks(self):
        return {task["name"]: task["runs"] for task in self.status()["tasks"]}

    def strange_tasks(self, runs, failing=()):
        """Those that have not run again since they had run so often, or are not as they should be."""
        wrong = []
        for task in self.status()["tasks"]:
            if task["runs"] <= runs.get(task["name"], 0):
                wrong.append(f"{task['name']} has not run again: {task['state']}")
            if (task["status"] == "healthy") == (task["name"] in failing):
                wrong.append(f"{task['name']} is {task['status']}")
        return wrong

    def complaints(self, names, before):
        """What is not as it should be, once all is calm."""
        now = self.resources()
        wrong = self.strange_instances(names) + self.strange_children() + self.strange_probers()
        if more := now["descriptors"] - before["descriptors"]:
            wrong.append(f"more descriptors than before: {dict(more)}")
        if now["threads"] != before["threads"]:
            wrong.append(f"{now['threads']} threads, before {before['threads']}")
        if not KEEPS_WHAT_IS_FREED and now["rss_kb"] > before["rss_kb"] + RSS_GROWTH_KB:
            wrong.append(f"{now['rss_kb']} kB of memory, before {before['rss_kb']}")
        return wrong
