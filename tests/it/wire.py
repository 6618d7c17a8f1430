"""wire - the messages between fosterd and a prober, as include/model/wire.h has them."""

import collections
import struct

ASK, DROP, PING, ANSWER, PONG = range(5)
HTTP, TCP, EXEC, REDIS, POSTGRES = range(5)
UNKNOWN, SUCCESS, FAILURE = range(3)
STATUS_WORDS = 19
PASSWORD, BODY = 1, 2
MOST = 16384

Question = collections.namedtuple("Question", "probe serial driver timeout target")
WELL = [0] * STATUS_WORDS
for code in range(200, 400):
    WELL[code // 32] |= 1 << code % 32


def ask(probe, serial, driver, target, timeout, headers=b"", password=None, body=None, statuses=None, verify=0):
    has = (PASSWORD if password is not None else 0) | (BODY if body is not None else 0)
    texts = [target, headers] + [text for text in (password, body) if text is not None]
    return struct.pack(f"=IIIIq{STATUS_WORDS}III", ASK, probe, serial, driver, timeout,
                       *(statuses or WELL), verify, has) + b"".join(text + b"\0" for text in texts)


def drop(probe, serial):
    return struct.pack("=III", DROP, probe, serial)


def ping(serial):
    return struct.pack("=II", PING, serial)


def pong(serial):
    return struct.pack("=II", PONG, serial)


def answer(probe, serial, result, latency=0, error=b""):
    return struct.pack("=IIIIq", ANSWER, probe, serial, result, latency) + error + b"\0"


def read_question(message):
    """An ASK; None for anything else."""
    if struct.unpack_from("=I", message)[0] != ASK:
        return None
    _, probe, serial, driver, timeout = struct.unpack_from("=IIIIq", message)
    texts = message[struct.calcsize(f"=IIIIq{STATUS_WORDS}III"):]
    return Question(probe, serial, driver, timeout, texts.partition(b"\0")[0])


def read_answer(message):
    """(probe, serial, result, latency, error) of an ANSWER; None for anything else."""
    if struct.unpack_from("=I", message)[0] != ANSWER:
        return None
    _, probe, serial, result, latency = struct.unpack_from("=IIIIq", message)
    return probe, serial, result, latency, message[24:-1]
