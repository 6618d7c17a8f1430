"""holes - servers that answer at once and write down when they were asked, beside places that never
answer.

  holes.py serve LOG PORTS [RESOLVER]   until it is ended
      writes the ports "http redis deaf full" to PORTS; to LOG a line "NAME SECONDS" for each request.
      http: GET /NAME. redis: AUTH NAME. deaf: takes connections and never reads. full: its queue of
      connections is full, the network drops what comes. RESOLVER: an address whose port 53 hears and
      never answers.
  holes.py late LOG SECONDS             how late they were asked, in ms: per name, worst first
      a line "NAME ASKED LATE". All were to be asked at the same moment of each second, which is the
      earliest at which one was.
"""
import asyncio
import collections
import socket
import sys
import time


def listener(backlog):
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(backlog)
    return sock


def port_of(sock):
    return sock.getsockname()[1]


def full_listener():
    """Its queue has room for one, who is there."""
    sock = listener(0)
    waiting = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(sock.getsockname())
        waiting.append(client)
    return sock, waiting


async def serve(log_path, ports_path, resolver):
    log = open(log_path, "a", buffering=1)

    def note(name):
        log.write(f"{name} {time.monotonic():.6f}\n")

    async def on_http(reader, writer):
        line = await reader.readline()
        note(line.split()[1][1:].decode())
        while (await reader.readline()).strip():
            pass
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    async def on_redis(reader, writer):
        words = [await reader.readline() for _ in range(5)]
        note(words[4].decode().split()[0])
        writer.write(b"+OK\r\n+PONG\r\n")
        await writer.drain()
        await reader.read()
        writer.close()

    def careful(handler):
        async def run(reader, writer):
            try:
                await handler(reader, writer)
            except (ConnectionError, IndexError):
                writer.close()

        return run

    http = await asyncio.start_server(careful(on_http), "127.0.0.1", 0, backlog=512)
    redis = await asyncio.start_server(careful(on_redis), "127.0.0.1", 0, backlog=512)
    deaf = listener(4096)
    full, waiting = full_listener()
    dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if resolver:
        dns.bind((resolver, 53))
    ports = [port_of(http.sockets[0]), port_of(redis.sockets[0]), port_of(deaf), port_of(full)]
    with open(ports_path, "w") as out:
        out.write(" ".join(map(str, ports)) + "\n")
    await asyncio.Event().wait()
    del waiting


def late(log_path, seconds):
    asked = collections.defaultdict(list)
    for line in open(log_path):
        name, at = line.split()
        asked[name].append(float(at))
    first = min(times[0] for times in asked.values())
    start = min(t - round(t - first) for times in asked.values() for t in times)
    worst = {}
    for name, times in asked.items():
        times = [t for t in times if t - start < seconds - 0.5]
        lateness = [t - start - i for i, t in enumerate(times)]
        worst[name] = (len(times), 1000 * max(lateness))
    for name, (count, ms) in sorted(worst.items(), key=lambda item: -item[1][1]):
        print(f"{name} {count} {ms:.1f}")


if sys.argv[1] == "serve":
    asyncio.run(serve(sys.argv[2], sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else None))
else:
    late(sys.argv[2], float(sys.argv[3]))
