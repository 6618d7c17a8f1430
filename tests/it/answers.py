"""answers - a web server that answers as the path says: well, badly, or not at all.

usage: answers.py PORT DIRECTORY    PORT 0: any; also on the unix socket DIRECTORY/http.sock

/as/WORD is answered in that way, see WAYS, whatever the query; a number is a status code. /by/NAME is answered as the word in the file
DIRECTORY/NAME says at that moment, `ok` without one. Each request is a line `monotonic_ns path user-agent` in
DIRECTORY/requests. DIRECTORY/port holds the port as soon as it listens.
"""

import asyncio
import pathlib
import socket
import struct
import sys
import time

DIRECTORY = pathlib.Path(sys.argv[2])
SERVER = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=1000)
PORT = SERVER.getsockname()[1]
HERE = f"http://127.0.0.1:{PORT}"
GIB = 1 << 30


def whole(code, body=b"", *headers):
    lines = [f"HTTP/1.1 {code} Whatever", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def to(place):
    return whole(302, b"", f"Location: {place}")


def needle(position):
    return whole(200, b"." * position + b"needle" + b"." * 100)


async def slow_body(reader, writer, asked):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless_headers(reader, writer, asked):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: %s\r\n" % (b"y" * 1000))
        await writer.drain()


async def endless_header(reader, writer, asked):
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        writer.write(b"y" * 65536)
        await writer.drain()


async def huge_body(reader, writer, asked):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % GIB)
    for _ in range(GIB // 65536):
        writer.write(b"z" * 65536)
        await writer.drain()


async def reset(reader, writer, asked):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def never(reader, writer, asked):
    await reader.read()


async def greeted(reader, writer, asked):
    writer.write(whole(200 if b"\r\nX-Probe: a %\xc3\xa9" in asked else 400))


WAYS = {
    "ok": whole(200, b"ok"),
    "302-same": to(f"{HERE}/as/ok"),
    "302-relative": to("/as/ok"),
    "302-bad": to("/as/500"),
    "302-loop": to("/as/302-loop"),
    "302-elsewhere": to("http://elsewhere.invalid/"),
    "302-nowhere": whole(302),
    "302-file": to("file:///etc/passwd"),
    "needle": needle(10),
    "needle-far": needle(20000),
    "slow-body": slow_body,
    "endless-headers": endless_headers,
    "endless-header": endless_header,
    "huge-body": huge_body,
    "reset": reset,
    "garbage": b"\x00\xff\x1b[31m" * 1000,
    "short": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
    "nothing": b"",
    "never": never,
    "greeted": greeted,
}


def way(path):
    kind, _, word = path[1:].partition("?")[0].partition("/")
    if kind == "by":
        try:
            word = (DIRECTORY / word).read_text().strip()
        except FileNotFoundError:
            word = "ok"
    return WAYS[word] if word in WAYS else whole(int(word))


async def serve(reader, writer):
    try:
        asked = await reader.readuntil(b"\r\n\r\n")
        path = asked.split()[1].decode()
        agent = asked.partition(b"\r\nUser-Agent: ")[2].partition(b"\r\n")[0].decode()
        requests.write(f"{time.monotonic_ns()} {path} {agent}\n")
        answer = way(path)
        if callable(answer):
            await answer(reader, writer, asked)
        else:
            writer.write(answer)
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    async with await asyncio.start_server(serve, sock=SERVER, backlog=1000), \
            await asyncio.start_unix_server(serve, str(DIRECTORY / "http.sock"), backlog=1000):
        (DIRECTORY / "http.sock").chmod(0o777)
        (DIRECTORY / "port").write_text(f"{PORT}\n")
        await asyncio.Event().wait()


with open(DIRECTORY / "requests", "a", buffering=1) as requests:
    asyncio.run(main())
