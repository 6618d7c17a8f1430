"""poll - asks a fosterd on 127.0.0.1 about itself, around the moment in which it is told to stop.

  poll.py steady PORT PID           SIGTERM amid polling, with a new connection for each request
  poll.py rounds PORT N COMMAND...  start COMMAND, SIGTERM it right before two requests; N times

Fails when readiness is 200 in an answer to a request that was made after the signal had been sent,
or when liveness is anything else than 200 before the listener has closed.
"""
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time

PERIOD_S = 0.005
LIMIT_S = 20 * int(os.environ.get("SLACK", "1"))


def connect(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)
    connection.connect()
    return connection


def ask(connection, path):
    """The status code; None when the connection was closed instead of an answer."""
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return None


def ask_anew(port, path):
    """The same on a connection of its own."""
    try:
        connection = connect(port)
    except OSError:
        return None
    code = ask(connection, path)
    connection.close()
    return code


def require(condition, text):
    if not condition:
        sys.exit("poll: " + text)


def steady(port, pid):
    """Poll until nobody listens; meanwhile, at some moment, send the signal."""
    sent = []

    def send():
        time.sleep(0.2 + random.random() * 0.1)
        os.kill(pid, signal.SIGTERM)
        sent.append(time.monotonic())

    threading.Thread(target=send).start()
    before, after, live = [], [], []
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        begun = time.monotonic()
        ready = ask_anew(port, "/readyz")
        (after if sent and begun > sent[0] else before).append(ready)
        live.append(ask_anew(port, "/livez"))
        if live[-1] is None:
            break
        time.sleep(PERIOD_S)
    while live and live[-1] is None:
        live.pop()
    while after and after[-1] is None:
        after.pop()
    print(f"{len(before)} answers before the signal, {len(after)} after it, first: {after[:1]}")
    # The last one before may have been under way when the signal was sent.
    require(before and set(before[:-1]) == {200}, f"readiness before: {before}")
    require(len(after) > 10 and set(after) == {503}, f"readiness after: {after}")
    require(set(live) == {200}, f"liveness: {live}")


def wait_ready(port, child):
    end = time.monotonic() + LIMIT_S
    while ask_anew(port, "/readyz") != 200:
        require(child.poll() is None, "fosterd ended at its start")
        require(time.monotonic() < end, "not ready")
        time.sleep(0.002)


def round_of(port, command):
    """Returns the answers on a connection that was open already, and on a new one."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        wait_ready(port, child)
        kept = connect(port)
        require(ask(kept, "/readyz") == 200, "not ready any more")
        time.sleep(random.random() * 0.003)
        child.send_signal(signal.SIGTERM)
        answers = ask(kept, "/readyz"), ask_anew(port, "/readyz")
        require(child.wait(LIMIT_S) == 0, f"exit code of fosterd: {child.returncode}")
        kept.close()
        return answers
    finally:
        child.kill()


def rounds(port, count, command):
    answers = [round_of(port, command) for _ in range(count)]
    for name, given in zip(("kept", "new"), zip(*answers)):
        print(f"{name} connection: {given.count(503)} of {count} were answered")
        require(set(given) <= {503, None}, f"{name} connection: {given}")
        require(given.count(503) >= count / 2, f"{name} connection: hardly any answer: {given}")


if sys.argv[1] == "steady":
    steady(int(sys.argv[2]), int(sys.argv[3]))
else:
    rounds(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
