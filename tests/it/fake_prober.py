"""fake_prober - stands in for fosterd-prober: answers each question well, and what else it is told to.

usage: fake_prober.py lazy FILE           no answers while FILE is there, but to pings
       fake_prober.py wild FILE COUNT     beside each answer some that nobody wants, and messages that are none, until
                                          so many were sent; FILE holds a byte for each
"""

import os
import random
import socket
import struct
import sys

import wire

FOSTERD = socket.socket(fileno=3)
FOSTERD.setblocking(True)
SEED = int(os.environ.get("SEED") or random.randrange(1 << 32))
CHANCE = random.Random(SEED ^ os.getpid())
AT_ONCE = 40
LETTERS = "aé漢😀 \"\\{}<%"


def text(most):
    made = "".join(CHANCE.choice(LETTERS) for _ in range(CHANCE.randint(0, most))).encode()
    while len(made) > most:
        made = made.decode()[:-1].encode()
    return made


def number():
    return CHANCE.choice([0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, CHANCE.getrandbits(32)])


def span():
    return CHANCE.choice([0, 1, CHANCE.getrandbits(40), (1 << 63) - 1])


def unwanted(question):
    """A whole message that nothing may come of."""
    never = question.serial ^ (0x40000000 | CHANCE.getrandbits(28))
    result = CHANCE.choice([wire.UNKNOWN, wire.FAILURE, wire.FAILURE, wire.SUCCESS])
    return CHANCE.choice([
        lambda: wire.answer(question.probe, never, result, span(), text(511)),
        lambda: wire.answer(number() | 0x10000, question.serial, result, span(), text(511)),
        lambda: wire.answer(question.probe ^ 0x8000, question.serial, result, span(), text(511)),
        lambda: wire.pong(number()),
    ])()


def broken(question):
    """What is no message."""
    whole = wire.answer(question.probe, question.serial, wire.FAILURE, 5, b"a message that is broken")
    at = CHANCE.randrange(4)  # of the kind, so that it is none for sure
    return CHANCE.choice([
        lambda: CHANCE.randbytes(CHANCE.choice([1, 3, 7, 8, 24, 25, 500, 16384, 60000]))[:-1] + b"x",
        lambda: whole[:CHANCE.randint(1, len(whole) - 1)],
        lambda: whole + b"x",
        lambda: whole[:at] + bytes([whole[at] ^ 1 << CHANCE.randint(3, 7)]) + whole[at + 1:],
        lambda: wire.answer(question.probe, question.serial, CHANCE.randint(3, 0xffffffff)),
        lambda: wire.answer(question.probe, question.serial, wire.FAILURE, -CHANCE.getrandbits(62) - 1),
        lambda: wire.answer(question.probe, question.serial, wire.FAILURE, 1, b"x" * 512),
        lambda: wire.answer(question.probe, question.serial, wire.FAILURE, 1, CHANCE.choice(
            [b"\x1b[2J", b"a\nb", b"\xff\xfe", b"\xc3", b"a\0b", b"\x7f"])),
        lambda: wire.ask(question.probe, question.serial, wire.EXEC, b"x", 1),
        lambda: struct.pack("=II", CHANCE.randint(5, 0xffffffff), 0),
    ])()


def wild(question, path, count):
    sent = os.path.getsize(path)
    for _ in range(min(AT_ONCE, count - sent)):
        with open(path, "ab") as file:
            file.write(b"x")
        FOSTERD.send(unwanted(question))
    if sent < count and CHANCE.random() < 0.1:
        with open(path, "ab") as file:
            file.write(b"x")
        FOSTERD.send(broken(question))


def main():
    mode, path = sys.argv[1:3]
    while message := FOSTERD.recv(1 << 16):
        question = wire.read_question(message)
        if question is None and message[0] == wire.PING:
            FOSTERD.send(wire.pong(struct.unpack_from("=I", message, 4)[0]))
        if question is None or mode == "lazy" and os.path.exists(path):
            continue
        if mode == "wild":
            wild(question, path, int(sys.argv[3]))
        FOSTERD.send(wire.answer(question.probe, question.serial, wire.SUCCESS, 1000))


try:
    main()
except (BrokenPipeError, ConnectionResetError):
    pass
