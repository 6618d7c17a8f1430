"""hostile - thousands of connections of bad manners; meanwhile a client of good ones is answered at once.

usage: hostile.py PID PORT    of fosterd on 127.0.0.1

The good client is a process of its own. Every new connection of its is to be answered by 200 within LIMIT_MS, not
counting the time that fosterd or the client could have run and had no processor: a test is not alone on its machine.
Environment: HOSTILE_SEED, HOSTILE how many (10000; each makes at least one request, or half of one), SLACK.
"""

import collections
import json
import multiprocessing
import os
import random
import socket
import struct
import sys
import time

SLACK = int(os.environ.get("SLACK", "1"))
COUNT = int(os.environ.get("HOSTILE") or 10000)
LIMIT_MS = 100 * SLACK
KEPT = 200  # connections that are left open behind our back
PAGES = [b"/livez", b"/readyz?verbose", b"/status", b"/healthz", b"/nowhere", b"/readyz/web.1"]


def request(page=b"/livez", more=b""):
    return b"GET " + page + b" HTTP/1.1\r\nHost: x\r\n" + more + b"\r\n"


# ---- the good client

def starved_ms(pid):
    """How long fosterd and this process have waited for a processor, ever: the second number of schedstat."""
    waited = 0
    for each in pid, "self":
        with open(f"/proc/{each}/schedstat") as file:
            waited += int(file.read().split()[1])
    return waited / 1e6


def ask(pid, port):
    """The code of one answer on a connection of its own; milliseconds in all, and of these without a processor."""
    begin, starved = time.monotonic(), starved_ms(pid)
    try:
        with socket.create_connection(("127.0.0.1", port), 10 * SLACK) as s:
            s.sendall(request(more=b"Connection: close\r\n"))
            answer = b""
            while part := s.recv(4096):
                answer += part
    except OSError as error:
        answer = str(error).encode()
    code = answer[9:12].decode() if answer.startswith(b"HTTP/1.1 ") else answer[:60].decode()
    whole = (time.monotonic() - begin) * 1000
    return code, whole, whole - min(whole, starved_ms(pid) - starved)


def ask_all_the_time(pid, port, over, pipe):
    if os.geteuid() == 0:
        os.nice(-10)  # what is measured is how long fosterd takes, and not how long this waits for a processor
    codes, whole, took = collections.Counter(), [], []
    while not over.is_set():
        code, in_all, ms = ask(pid, port)
        codes[code] += 1
        whole.append(in_all)
        took.append(ms)
        time.sleep(0.003)
    pipe.send((dict(codes), max(whole), sorted(took)))


# ---- the bad ones: each takes a new connection that does not block

def send(s, data):
    """As much as goes."""
    try:
        return s.send(data)
    except (BlockingIOError, ConnectionError):
        return 0


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def slow(s, chance):
    for byte in request(chance.choice(PAGES))[:chance.randrange(40)]:
        send(s, bytes([byte]))


def huge_headers(s, chance):
    send(s, chance.choice([b"GET /livez HTTP/1.1\r\nX: " + b"a" * 100000, request(b"/" + b"a" * 100000),
                           b"GET /livez HTTP/1.1\r\n" + b"X: y\r\n" * 17000]))


def pipeline(s, chance):
    send(s, request(chance.choice(PAGES)) * 1000)


def garbage(s, chance):
    send(s, chance.randbytes(chance.choice([1, 100, 5000])) + chance.choice([b"", b"\r\n\r\n"]))


def malformed(s, chance):
    send(s, chance.choice([
        b"POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 9000,
        request(more=b"Transfer-Encoding: chunked\r\n") + b"ffffffffffffffff\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /livez HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"\r\n" * 2000,
        request(b"/%zz?exclude=%00"), request(b"/readyz?" + b"exclude=a&" * 300), b"GET /livez\nHost: x\n\n"]))


def half_close(s, chance):
    send(s, chance.choice([b"", b"GET /li", request(), request() * 5]))
    try:
        s.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def never_reads(s, chance):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    send(s, request(b"/status") * 40)


def resets(s, chance):
    send(s, chance.choice([b"", b"G", request()[:-1], request(b"/status"), request(b"/status") * 20]))
    if chance.random() < 0.3:
        time.sleep(0.001)
    reset(s)


def says_nothing(s, chance):
    pass


MANNERS = {slow: 30, huge_headers: 15, pipeline: 1, garbage: 15, malformed: 15, half_close: 30, never_reads: 15,
           resets: 30, says_nothing: 15}


def open_one(port):
    s = socket.create_connection(("127.0.0.1", port), 10 * SLACK)
    s.setblocking(False)
    return s


def flood(port, chance):
    """All manners in any order, and at first and now and then more connections at once than there may be."""
    os.nice(5)  # the worst of clients are on machines of their own
    kept, counts = collections.deque(), collections.Counter()
    while counts.total() < COUNT:
        for _ in range(300 if chance.random() < 0.002 or not counts else 1):
            manner, = chance.choices(list(MANNERS), MANNERS.values())
            counts[manner.__name__] += 1
            s = open_one(port)
            manner(s, chance)
            if s.fileno() != -1:
                kept.append(s)
        while len(kept) > KEPT:
            chance.choice([socket.socket.close, reset])(kept.popleft())
    for s in kept:
        s.close()
    return counts


def main():
    pid, port = map(int, sys.argv[1:])
    seed = int(os.environ.get("HOSTILE_SEED") or random.randrange(1 << 32))
    print(f"HOSTILE_SEED={seed}", flush=True)
    here, there = multiprocessing.Pipe()
    over = multiprocessing.Event()
    good = multiprocessing.Process(target=ask_all_the_time, args=(pid, port, over, there), daemon=True)
    good.start()
    begin = time.monotonic()
    counts = flood(port, random.Random(seed))
    spent = time.monotonic() - begin
    over.set()
    codes, whole, took = here.recv()
    good.join()
    print(f"{counts.total()} connections in {spent:.1f} s: {json.dumps(counts)}")
    print(f"{len(took)} answers to a good client: median {took[len(took) // 2]:.2f} ms, "
          f"p99 {took[len(took) * 99 // 100]:.2f} ms, worst {took[-1]:.2f} ms "
          f"({whole:.2f} ms in all), codes {codes}")
    if set(codes) != {"200"} or len(took) < COUNT / 500 or took[-1] > LIMIT_MS:
        sys.exit(f"wanted are 200s alone, each within {LIMIT_MS} ms")


if __name__ == "__main__":
    main()
