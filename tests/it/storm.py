"""storm - kill workers and send signals at random; then everything must be as it was.

usage: storm.py PID SOCKET    PID of fosterd, unix socket of its HTTP

Each instance is known by SLOT=NAME in its environment. Environment: STORM_SEED, KILLS, SIGNALS, SLACK.
"""

import http.client
import json
import os
import random
import signal
import socket
import sys
import time

PID, SOCKET = int(sys.argv[1]), sys.argv[2]
SLACK = int(os.environ.get("SLACK", "1"))
SETTLE_S = 10 * SLACK
RSS_GROWTH_KB = 4096
with open(os.environ["FOSTERD"], "rb") as file:
    KEEPS_WHAT_IS_FREED = b"__asan_init" in file.read()
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


def status():
    connection = http.client.HTTPConnection("fosterd", timeout=5 * SLACK)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(5 * SLACK)
    connection.sock.connect(SOCKET)
    connection.request("GET", "/status")
    answer = json.load(connection.getresponse())
    connection.close()
    return answer


def instances():
    return [i for worker in status()["workers"] for i in worker["instances"]]


def children():
    return [int(pid) for pid in read(f"/proc/{PID}/task/{PID}/children").split()]


def stat(pid):
    """State letter, parent, group, session; None when it is gone."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (fields[0], *map(int, fields[1:4])) if fields else None


def slot(pid):
    for entry in read(f"/proc/{pid}/environ", "rb").split(b"\0"):
        if entry.startswith(b"SLOT="):
            return entry[5:].decode()
    return None


def mains():
    """The sessions' leaders among fosterd's children, by the name of their instance."""
    found = {}
    for pid in children():
        now = stat(pid)
        if now and now[0] not in "ZX" and now[3] == pid:
            found.setdefault(slot(pid), []).append(pid)
    return found


def zombies():
    return [pid for pid in children() if (stat(pid) or "?")[0] == "Z"]


def resources():
    fields = dict(line.split(":", 1) for line in read(f"/proc/{PID}/status").splitlines())
    return {"descriptors": len(os.listdir(f"/proc/{PID}/fd")),
            "threads": len(os.listdir(f"/proc/{PID}/task")),
            "rss_kb": int(fields["VmRSS"].split()[0])}


def complaints(names, before):
    """What is not as it should be, once all is calm."""
    now = resources()
    found = instances()
    wrong = [f"{i['name']} is {i['state']}" for i in found if i["state"] != "ready"]
    if sorted(i["name"] for i in found) != names:
        wrong.append("the instances are not those of before")
    running = mains()
    for i in found:
        pids = running.pop(i["name"], [])
        if pids != [i["pid"]]:
            wrong.append(f"{i['name']} is {i['pid']} in /status and {pids} in /proc")
    wrong += [f"nobody's: {name} {pids}" for name, pids in running.items()]
    wrong += [f"zombie {pid}" for pid in zombies()]
    wrong += [f"{now[key]} {key}, before {before[key]}" for key in ("descriptors", "threads")
              if now[key] != before[key]]
    if not KEEPS_WHAT_IS_FREED and now["rss_kb"] > before["rss_kb"] + RSS_GROWTH_KB:
        wrong.append(f"{now['rss_kb']} kB of memory, before {before['rss_kb']}")
    return wrong


def storm(chance, kills, signals):
    blows = ["kill"] * kills + ["signal"] * signals
    chance.shuffle(blows)
    for blow in blows:
        if blow == "signal":
            os.kill(PID, chance.choice(UNMEANT))
            continue
        while not (victims := [pid for pid in children() if (stat(pid) or "Z")[0] not in "ZX"]):
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
    names = sorted(i["name"] for i in instances())
    time.sleep(0.5)  # until the connections of before are gone
    before = resources()
    if before["threads"] != 1:
        sys.exit(f"{before['threads']} threads")
    begin = time.monotonic()
    storm(random.Random(seed), kills, signals)
    end = time.monotonic()
    while (wrong := complaints(names, before)) and time.monotonic() < end + SETTLE_S:
        time.sleep(0.1)
    restarts = sum(i["restarts"] for i in instances())
    print(f"{len(names)} instances, {kills} kills and {signals} signals in {end - begin:.1f} s, "
          f"calm after {time.monotonic() - end:.1f} s, {restarts} restarts, {resources()}")
    if restarts < kills // 3:
        wrong.append("too few restarts for a storm")
    if wrong:
        sys.exit("\n".join(wrong))


main()
