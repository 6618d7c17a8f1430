"""fuzz_prober - the real prober, asked what nobody should ask, of servers that answer what nobody should answer.

usage: fuzz_prober.py PROGRAM COUNT    SEED in the environment repeats a run's choices

After each batch it must answer a ping, or, when one of it was no message, have ended with 70; no question may be
answered twice, nor one that was never asked.
"""

import fcntl
import os
import random
import socket
import struct
import sys
import threading
import time

import wire

PROGRAM, COUNT = sys.argv[1], int(sys.argv[2])
SEED = int(os.environ.get("SEED") or random.randrange(1 << 32))
CHANCE = random.Random(SEED)
SLACK = int(os.environ.get("SLACK", "1"))
BATCH = 50
NOT_A_MESSAGE = 70
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

REPLIES = [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 302 X\r\nLocation: ", b"HTTP/1.0 ", b"Content-Length: -1\r\n",
           b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", b"+PONG\r\n", b"-LOADING x\r\n", b"-NOAUTH x\r\n",
           b"$99999999999\r\n", b"*1000000000\r\n", b":1\r\n", b"$-1\r\n", b"R\0\0\0\x08\0\0\0\0", b"R\0\0\0\x08\0\0\0\x03",
           b"E\0\0\0\x10SFATAL\0C0\0\0", b"Z\0\0\0\x05I", b"S", b"N", b"T\0\0\0\x06\0\0", b"K\0\0\0\x0c\0\0\0\0\0\0\0\0",
           b"\r\n", b"\0" * 8, b"\xff" * 8]


def up():
    """The loopback device of this network, which is nobody else's."""
    with socket.socket() as one:
        name = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(one, SIOCGIFFLAGS, name))[1]
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def converse(client, chance):
    with client:
        try:
            client.settimeout(0.2)
            for _ in range(chance.randint(0, 4)):
                if chance.random() < 0.7:
                    client.recv(4096)
                client.sendall(b"".join(chance.choices(REPLIES, k=chance.randint(0, 6))))
                if chance.random() < 0.2:
                    client.sendall(chance.randbytes(chance.choice([1, 100, 20000])))
        except OSError:
            pass


def serve(server):
    chance = random.Random(SEED + 1)
    while True:
        client = server.accept()[0]
        threading.Thread(target=converse, args=(client, random.Random(chance.random())), daemon=True).start()


def mutated(text):
    text = bytearray(text)
    for _ in range(CHANCE.choice([0, 0, 0, 1, 1, 5])):
        at = CHANCE.randrange(len(text) + 1)
        what = CHANCE.choice([b"", b"%", b"@", b":", b"/", b"[", b"?", b" ", b"=", b"'", b"\\", b"\xff", b"\x01", b"9" * 30])
        text[at:at + CHANCE.randint(0, 3)] = what
    return bytes(text).replace(b"\0", b"")


def targets(port):
    here = b"127.0.0.1:%d" % port
    return {wire.HTTP: [b"http://%s/" % here, b"https://%s/x" % here, b"http://[::1]:%d/" % port, b"unix:/no/such:/x",
                        b"http://localhost:%d/?q=%%41" % port, b"file:///etc/passwd", b"gopher://%s/" % here, b""],
            wire.TCP: [here, b"[::1]:%d" % port, b"unix:/no/such", b"localhost:%d" % port, b"no.such.name.invalid:80"],
            wire.REDIS: [b"redis://%s/0" % here, b"redis://user@%s/3" % here, b"unix:///no/such?db=1", b"redis://"],
            wire.POSTGRES: [b"host=127.0.0.1 port=%d dbname=x" % port, b"postgres://me@%s/x?sslmode=prefer" % here,
                            b"host=/no/such", b"postgresql://%s,%s/" % (here, here), b"service=x", b"host='"]}


class Prober:
    def __init__(self):
        self.socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(10 * SLACK)
        self.asked, self.pinged = set(), 0
        with other:
            self.pid = os.posix_spawn(PROGRAM, [PROGRAM, "-"], os.environ, file_actions=[
                (os.POSIX_SPAWN_DUP2, other.fileno(), 3), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])

    def send(self, message):
        """False when it has ended."""
        try:
            self.socket.send(message)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def take(self, message):
        if answer := wire.read_answer(message):
            probe, serial, result, latency, error = answer
            if (probe, serial) not in self.asked:
                raise ValueError(f"nobody asked {probe} {serial}")
            self.asked.remove((probe, serial))
            if result > wire.FAILURE or latency < 0 or len(error) > 511 or b"secret-password" in error:
                raise ValueError(f"not an answer: {answer}")
            error.decode()

    def is_well(self):
        """It answers a ping, behind all that it has said before."""
        self.pinged += 1
        if not self.send(wire.ping(self.pinged)):
            return False
        try:
            while message := self.socket.recv(1 << 16):
                if message == wire.pong(self.pinged):
                    return True
                self.take(message)
        except ConnectionResetError:  # it has ended, and not all was read
            pass
        return False

    def end(self):
        """Its exit code; of a signal less than 0."""
        self.socket.close()
        end = time.monotonic() + 10 * SLACK
        while not (ended := os.waitpid(self.pid, os.WNOHANG))[0]:
            if time.monotonic() > end:
                sys.exit(f"SEED={SEED}: it does not end")
            time.sleep(0.001)
        return os.waitstatus_to_exitcode(ended[1])


def question(prober, port):
    driver = CHANCE.choice([wire.HTTP, wire.TCP, wire.REDIS, wire.POSTGRES])
    target = mutated(CHANCE.choice(targets(port)[driver]))
    probe, serial = CHANCE.randrange(200), CHANCE.getrandbits(32)
    prober.asked.add((probe, serial))
    return wire.ask(probe, serial, driver, target, CHANCE.choice([1, 1000, 10**6, 10**8, 10**9, (1 << 63) - 1]),
                    headers=mutated(CHANCE.choice([b"", b"X-A: b\n", b"Host: x\n", b"no colon\n" * 20, b"\n\n"])),
                    password=CHANCE.choice([None, b"secret-password", mutated(b"secret-password")]),
                    body=CHANCE.choice([None, b"", b"needle" * 100]),
                    statuses=[CHANCE.getrandbits(32) for _ in range(wire.STATUS_WORDS)], verify=CHANCE.randint(0, 1))


def none():
    whole = wire.ask(1, 2, wire.TCP, b"127.0.0.1:1", 10**9)
    return CHANCE.choice([lambda: whole[:CHANCE.randint(1, len(whole) - 1)], lambda: whole + b"x",
                          lambda: CHANCE.randbytes(CHANCE.randint(1, 60000))[:-1] + b"x",
                          lambda: wire.ask(1, 2, wire.EXEC, b"x", 1), lambda: wire.ask(1, 2, wire.TCP, b"x", 0),
                          lambda: wire.ask(1, 2, 99, b"x", 1), lambda: struct.pack("=I", 77)])()


def main():
    print(f"SEED={SEED}", flush=True)
    if os.environ.get("OWN_NETWORK"):
        up()
    server = socket.create_server(("127.0.0.1", 0), backlog=1000)
    threading.Thread(target=serve, args=(server,), daemon=True).start()
    port, prober, sent, ended = server.getsockname()[1], Prober(), 0, 0
    while sent < COUNT:
        for _ in range(BATCH):
            sent += 1
            prober.send(question(prober, port))
            if CHANCE.random() < 0.1 and prober.asked:
                dropped = CHANCE.choice(sorted(prober.asked))
                prober.send(wire.drop(*dropped))
            if CHANCE.random() < 0.02:
                prober.send(wire.drop(CHANCE.getrandbits(32), CHANCE.getrandbits(32)))
        wrong = CHANCE.random() < 0.2
        if wrong:
            sent += 1
            prober.send(none())
        if prober.is_well() == wrong:
            sys.exit(f"SEED={SEED}: after {sent}: it has " + ("gone on" if wrong else f"ended: {prober.end()}"))
        if wrong:
            ended += 1
            if (code := prober.end()) != NOT_A_MESSAGE:
                sys.exit(f"SEED={SEED}: after {sent}: it ended with {code}")
            prober = Prober()
    if (code := prober.end()) != 0:
        sys.exit(f"SEED={SEED}: it ended with {code}")
    print(f"{sent} messages, of which {ended} were none")


main()
