"""ask_prober - the real prober at the other end of a socket, asked as fosterd asks it.

usage: ask_prober.py PROGRAM WEB DIRECTORY TRY...    WEB, DIRECTORY: of answers.py; TRY: a function try_... below
"""

import os
import resource
import select
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import wire

PROGRAM, WEB, DIRECTORY = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SLACK = int(os.environ.get("SLACK", "1"))
HERE = f"http://127.0.0.1:{WEB}"
MOST_AT_ONCE = 20000


class Prober:
    def __init__(self, *arguments, descriptor=3, **how):
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(10 * SLACK)
        self.serial = 0
        number = theirs.fileno()
        self.process = subprocess.Popen([PROGRAM, *(arguments or ("-",))], stdin=subprocess.DEVNULL, close_fds=False,
                                        stderr=subprocess.PIPE, text=True, preexec_fn=lambda: os.dup2(number, descriptor),
                                        **how)
        theirs.close()

    def answer(self):
        """The next one; None: it has gone."""
        try:
            message = self.socket.recv(1 << 16)
        except ConnectionResetError:
            return None
        return wire.read_answer(message) if message else None

    def begin(self, driver, target, timeout=5.0, probe=7, **what):
        self.serial += 1
        self.socket.send(wire.ask(probe, self.serial, driver, target.encode(), int(timeout * 1e9), **what))

    def ask(self, driver, target, **what):
        """(result, error, seconds) of one question."""
        self.begin(driver, target, **what)
        probe, serial, result, latency, error = self.answer()
        equal((probe, serial), (what.get("probe", 7), self.serial), f"answer {result} {latency} {error} to")
        return result, error.decode(), latency / 1e9

    def good(self, driver, target, **what):
        equal(self.ask(driver, target, **what)[:2], (wire.SUCCESS, ""), target)

    def bad(self, driver, target, error, **what):
        result, got, _ = self.ask(driver, target, **what)
        if result != wire.FAILURE or error not in got or not got:
            raise AssertionError(f"{target}: {result} {got!r}, wanted {error!r}")

    def is_there(self):
        self.serial += 1
        self.socket.send(wire.ping(self.serial))
        equal(self.socket.recv(1 << 16), wire.pong(self.serial), "pong")

    def end(self, code=0):
        self.socket.close()
        self.ended(code)

    def ended(self, code, said=""):
        equal(self.process.wait(10 * SLACK), code, "exit code")
        # A build for coverage, run by who may not write into it, says so.
        words = "".join(line for line in self.process.stderr.read().splitlines(keepends=True)
                        if not line.startswith("profiling:"))
        if said not in words or (not said and words):
            raise AssertionError(f"it said {words!r}, wanted {said!r}")


def equal(got, wanted, what="value"):
    if got != wanted:
        raise AssertionError(f"{what}: got {got!r}, wanted {wanted!r}")


def listener(family=socket.AF_INET, host="127.0.0.1", backlog=100):
    server = socket.socket(family, socket.SOCK_STREAM)
    server.bind((host, 0) if family != socket.AF_UNIX else host)
    server.listen(backlog)
    return server


def serve(server, answer):
    """Each client's request to the function, its answer to the client."""
    def run():
        while True:
            client = server.accept()[0]
            with client:
                request = b""
                while b"\r\n\r\n" not in request and (more := client.recv(65536)):
                    request += more
                for part in answer(request):
                    client.sendall(part)

    threading.Thread(target=run, daemon=True).start()
    return server


def codes(*wanted):
    words = [0] * wire.STATUS_WORDS
    for code in wanted:
        words[code // 32] |= 1 << code % 32
    return words


# ---- http


def try_answers():
    """What each answer means, and that none does harm."""
    prober = Prober()
    good, bad = prober.good, prober.bad
    for word in ("ok", "399", "302-same", "302-relative", "302-elsewhere", "302-loop", "302-nowhere", "302-file", "huge-body"):
        good(wire.HTTP, f"{HERE}/as/{word}")
    for word, error in (("400", "HTTP 400"), ("404", "HTTP 404"), ("500", "HTTP 500"), ("302-bad", "HTTP 500"),
                        ("endless-headers", "more than 64 KiB of headers"), ("endless-header", "headers"),
                        ("reset", "connection reset by peer"), ("garbage", "no HTTP"),
                        ("nothing", "closed without an answer"), ("short", "ended too early"), ("600", "HTTP 600")):
        bad(wire.HTTP, f"{HERE}/as/{word}", error)
    for word in ("never", "slow-body"):
        bad(wire.HTTP, f"{HERE}/as/{word}", "timeout: no answer within 200ms", timeout=0.2)
    good(wire.HTTP, f"{HERE}/as/404", statuses=codes(404, 410))
    bad(wire.HTTP, f"{HERE}/as/ok", "HTTP 200", statuses=codes(404))
    bad(wire.HTTP, f"{HERE}/as/999", "HTTP 999")
    good(wire.HTTP, f"{HERE}/as/302-bad", statuses=codes(302))
    bad(wire.HTTP, f"{HERE}/as/302-elsewhere", "HTTP 302", statuses=codes(200))
    good(wire.HTTP, f"{HERE}/as/302-same", statuses=codes(200))
    good(wire.HTTP, f"{HERE}/as/needle", body=b"needle")
    good(wire.HTTP, f"{HERE}/as/200", body=b"")
    bad(wire.HTTP, f"{HERE}/as/ok", '"needle" is not in its 2 bytes', body=b"needle")
    bad(wire.HTTP, f"{HERE}/as/needle-far", "first 10240 bytes", body=b"needle")
    bad(wire.HTTP, f"{HERE}/as/greeted", "HTTP 400")
    good(wire.HTTP, f"{HERE}/as/greeted", headers="X-Probe: a %é\n".encode())
    good(wire.HTTP, f"unix:{DIRECTORY}/http.sock:/as/ok")
    bad(wire.HTTP, f"unix:{DIRECTORY}/http.sock:/as/500", "HTTP 500")
    bad(wire.HTTP, f"unix:{DIRECTORY}/none.sock", "no such file")
    bad(wire.HTTP, "http://127.0.0.1:1/", "connection refused")
    bad(wire.HTTP, f"ftp://127.0.0.1:{WEB}/", "")
    bad(wire.HTTP, "file:///etc/passwd", "")
    bad(wire.HTTP, f"https://127.0.0.1:{WEB}/as/ok", "", timeout=0.2)
    prober.end()


def try_request():
    """What a server sees: as the target and the headers say, and nothing from the surroundings."""
    seen = []

    def note(request):
        seen.append(request.decode())
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    server = serve(listener(), note)
    port = server.getsockname()[1]
    proxy = "http://127.0.0.1:1"
    prober = Prober(env=dict(os.environ, http_proxy=proxy, all_proxy=proxy, HOME=DIRECTORY))
    with open(f"{DIRECTORY}/.netrc", "w", encoding="ascii") as netrc:
        netrc.write("machine 127.0.0.1 login a password b\n")
    prober.good(wire.HTTP, f"http://127.0.0.1:{port}/a/../b?c=d#e")
    lines = seen[0].split("\r\n")
    equal(lines[0], "GET /a/../b?c=d HTTP/1.1")
    equal(sorted(line.partition(":")[0] for line in lines[1:] if line), ["Accept", "Connection", "Host", "User-Agent"])
    equal([line for line in lines if line.startswith(("Host", "Acc", "Conn"))],
          [f"Host: 127.0.0.1:{port}", "Accept: */*", "Connection: close"])
    prober.good(wire.HTTP, f"http://localhost:{port}", headers=b"Host: shop\nAccept: text/plain\nX-Empty:\n")
    lines = seen[1].split("\r\n")
    for line in ("Host: shop", "Accept: text/plain", "X-Empty:"):
        equal(lines.count(line), 1, line)
    prober.good(wire.HTTP, f"http://127.0.0.1:{port}")
    equal("X-Empty" in seen[2] or "shop" in seen[2], False, "headers of another question")
    prober.good(wire.HTTP, f"http://localhost:{port}/")
    equal(f"\r\nHost: localhost:{port}\r\n" in seen[3], True, "Host of a name")
    prober.good(wire.HTTP, f"http://127.0.0.1:{port}/", headers=b"connection: keep-alive\n")
    equal([line for line in seen.pop().lower().split("\r\n") if line.startswith("connection")], ["connection: keep-alive"])
    path = f"{DIRECTORY}/seen.sock"
    serve(listener(socket.AF_UNIX, path), note)
    prober.good(wire.HTTP, f"unix:{path}")
    equal(seen[4].startswith("GET / HTTP/1.1\r\nHost: localhost\r\n"), True, seen[4])
    prober.end()


def try_parts():
    """A text is found wherever it is cut; what follows a redirect is counted."""
    def answer(request):
        word = request.split(b" ")[1][1:]
        if word == b"parts":
            yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            for letter in b"the needle":
                yield b"1\r\n%c\r\n" % letter
                time.sleep(0.002)
            yield b"0\r\n\r\n"
        elif word.isdigit() and word != b"0":
            yield b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: /%d\r\n\r\n" % (int(word) - 1)
        elif word == b"long":
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + 10240 * b"x"
            time.sleep(5 * SLACK)
        elif word == b"ftp":
            yield b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: ftp://127.0.0.1/\r\n\r\n"
        elif word == b"elsewhere":
            yield b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: %s/as/ok\r\n\r\n" % HERE.encode()
        else:
            yield b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"

    server = serve(listener(), answer)
    here = f"http://127.0.0.1:{server.getsockname()[1]}"
    prober = Prober()
    prober.good(wire.HTTP, f"{here}/parts", body=b"needle")
    prober.bad(wire.HTTP, f"{here}/10", "HTTP 500")
    prober.good(wire.HTTP, f"{here}/11")
    prober.good(wire.HTTP, f"{here}/ftp")
    prober.good(wire.HTTP, f"{here}/elsewhere")  # the same host: another port is followed
    prober.good(wire.HTTP, f"{here}/elsewhere", body=b"ok")
    prober.good(wire.HTTP, f"{here}/long", timeout=3 * SLACK)  # what is behind 10 KiB is not waited for
    prober.end()


def try_tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{DIRECTORY}/cert.pem", f"{DIRECTORY}/key.pem")
    plain = listener()

    def run():
        while True:
            client = plain.accept()[0]
            try:
                with context.wrap_socket(client, server_side=True) as secure:
                    secure.recv(65536)
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                pass

    threading.Thread(target=run, daemon=True).start()
    target = f"https://localhost:{plain.getsockname()[1]}/"
    prober = Prober()
    prober.good(wire.HTTP, target)
    prober.bad(wire.HTTP, target, "certificate not accepted: SSL certificate problem: self", verify=1)
    prober.good(wire.HTTP, target)
    prober.end()
    prober = Prober(env=dict(os.environ, SSL_CERT_FILE=f"{DIRECTORY}/cert.pem"))
    prober.good(wire.HTTP, target, verify=1)
    prober.bad(wire.HTTP, target.replace("localhost", "127.0.0.1"), "certificate not accepted", verify=1)
    prober.end()


# ---- tcp


def try_tcp():
    prober = Prober()
    four, six = listener(), listener(socket.AF_INET6, "::1")
    path = f"{DIRECTORY}/tcp.sock"
    local = listener(socket.AF_UNIX, path, 0)
    prober.good(wire.TCP, f"127.0.0.1:{four.getsockname()[1]}")
    prober.good(wire.TCP, f"localhost:{four.getsockname()[1]}")
    prober.good(wire.TCP, f"[::1]:{six.getsockname()[1]}")
    prober.good(wire.TCP, f"localhost:{six.getsockname()[1]}")  # the second address
    prober.bad(wire.TCP, "127.0.0.1:1", "connection refused")
    prober.bad(wire.TCP, "localhost:1", "connection refused")
    for target in ("127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", ":80", "", "unix:x", "a" * 300 + ":80"):
        prober.bad(wire.TCP, target, "")
    prober.bad(wire.TCP, "unix:" + "/x" * 100, "file name too long")
    # A queue that is full: the next one waits until somebody has been let in.
    prober.good(wire.TCP, f"unix:{path}")
    prober.bad(wire.TCP, f"unix:{path}", "timeout: no answer within 100ms", timeout=0.1)
    prober.begin(wire.TCP, f"unix:{path}")
    local.accept()[0].close()
    equal(prober.answer()[2], wire.SUCCESS)
    prober.end()


# ---- names: in a network and with files of its own, where the name server never answers


def try_names():
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 53))
    server = listener()
    port = server.getsockname()[1]
    prober = Prober()
    prober.good(wire.TCP, f"one.example:{port}")
    prober.good(wire.TCP, f"several.example:{port}")  # of two addresses the second
    web = serve(listener(), lambda request: [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])
    prober.good(wire.HTTP, f"http://one.example:{web.getsockname()[1]}/")
    for number in range(7):
        prober.begin(wire.TCP, f"dead{number}.example:{port}", probe=100 + number, timeout=2)
    prober.begin(wire.HTTP, f"http://dead0.example:{port}/", probe=107, timeout=2)
    prober.good(wire.TCP, f"two.example:{port}")
    # The eighth thread.
    prober.bad(wire.TCP, f"dead7.example:{port}", "within 100ms (resolving dead7.example)", timeout=0.1)
    prober.bad(wire.TCP, f"three.example:{port}", "within 100ms (resolving three.example)", timeout=0.1)
    began = time.monotonic()
    prober.good(wire.TCP, f"127.0.0.1:{port}")
    prober.good(wire.TCP, f"localhost:{port}")
    assert time.monotonic() - began < 0.1 * SLACK
    for _ in range(8):
        probe, _, result, latency, error = prober.answer()
        equal((result, error), (wire.FAILURE, b"timeout: no answer within 2s (resolving dead%d.example)" % ((probe - 100) % 7)))
        assert 2e9 <= latency < (2 + 0.2 * SLACK) * 1e9, latency
    began = time.monotonic()
    prober.end()  # though threads hang
    assert time.monotonic() - began < SLACK


# ---- the program


def try_drop():
    prober = Prober()
    silent = listener(backlog=1000)
    for probe in range(100):
        prober.begin(wire.HTTP, f"http://127.0.0.1:{silent.getsockname()[1]}/", probe=probe, timeout=0.5)
    prober.socket.send(wire.drop(0, 999))  # another's serial
    for probe in range(1, 100):
        prober.socket.send(wire.drop(probe, prober.serial - 99 + probe))
    prober.socket.send(wire.drop(4000, 1))
    equal(prober.answer()[:3], (0, prober.serial - 99, wire.FAILURE))
    prober.is_there()
    # Asked again about the same probe: the first has no answer.
    prober.begin(wire.HTTP, f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.1)
    prober.good(wire.TCP, f"127.0.0.1:{WEB}")
    time.sleep(0.3)
    prober.is_there()
    prober.end()


def try_end():
    """It ends when fosterd does, whatever is under way, and by nothing else."""
    prober = Prober()
    for sent in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE):
        prober.is_there()
        prober.process.send_signal(sent)
    prober.is_there()
    silent = listener(backlog=1000)
    for probe in range(100):
        prober.begin(probe % 4 if probe % 4 != wire.EXEC else wire.HTTP, f"http://127.0.0.1:{silent.getsockname()[1]}/", probe=probe)
    prober.end()


def try_garbage():
    whole = wire.ask(1, 2, wire.TCP, b"127.0.0.1:1", 10**9)
    for message in (b"x", whole[:-1], whole + b"x", whole.ljust(16384, b"x"), whole.ljust(16385, b"x"), wire.pong(1),
                    wire.answer(1, 2, wire.SUCCESS)):
        prober = Prober()
        prober.is_there()
        prober.socket.send(message)
        prober.ended(70, "fosterd-prober: ")
    for arguments in (("--help",), ("-", "-"), ("0", "0", "", "/", "x"), ("-1", "0", "", "/"), ("0", "4294967295", "", "/"),
                      ("0", "0", "1,", "/"), ("0", "0", ",", "/"), ("root", "0", "", "/"), ("", "0", "", "/")):
        Prober(*arguments).ended(64, "fosterd starts it by itself")
    prober = Prober(descriptor=9)
    prober.ended(64, "fosterd starts it by itself")


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return dict(line.rstrip("\n").split(":\t", 1) for line in status)


def try_rights():
    """As root: it is who it is told to be, for good."""
    for groups in ("", "7", "7,8,9"):
        prober = Prober("65534", "65533", groups, "/nowhere")
        prober.is_there()
        pid = prober.process.pid
        status = status_of(pid)
        equal(status["Uid"], "\t".join(["65534"] * 4))
        equal(status["Gid"], "\t".join(["65533"] * 4))
        equal(status["Groups"].split(), groups.replace(",", " ").split())
        equal([status[f"Cap{which}"] for which in ("Inh", "Prm", "Eff", "Amb")], ["0" * 16] * 4)
        equal(status["NoNewPrivs"], "1")
        equal(os.stat(f"/proc/{pid}/mem").st_uid, 0, "who may look into its memory")
        with open(f"/proc/{pid}/limits", encoding="ascii") as limits:
            soft, hard = next(line.split()[3:5] for line in limits if line.startswith("Max open files"))
        equal(soft, hard, "descriptors")
        prober.end()
    prober = Prober("65534", "65534", "", "/", user=65533, group=65533)
    prober.ended(71, "groups")
    # One that is started by a user without rights, as that user: there is no change that would do it.
    prober = Prober(user=65534, group=65533)
    prober.is_there()
    equal(status_of(prober.process.pid)["NoNewPrivs"], "1")
    equal(os.stat(f"/proc/{prober.process.pid}/mem").st_uid, 0, "who may look into the memory of his own")
    prober.end()


def try_descriptors():
    """As root: only what it needs stays open."""
    held = open("/dev/null", encoding="ascii")
    os.set_inheritable(held.fileno(), True)
    prober = Prober()
    prober.is_there()
    # Its epoll, and what libev wakes it by.
    names = [os.readlink(f"/proc/{prober.process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{prober.process.pid}/fd")]
    equal(names.count("/dev/null"), 1, "stdin")
    equal(len([name for name in names if name.startswith("socket:")]), 1, "sockets")
    for _ in range(3):
        prober.good(wire.HTTP, f"{HERE}/as/ok")
        prober.good(wire.TCP, f"127.0.0.1:{WEB}")
    after = os.listdir(f"/proc/{prober.process.pid}/fd")
    assert len(after) <= len(names) + 3, after
    # None left: nothing is known, and all is well again afterwards.
    limits = resource.prlimit(prober.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(prober.process.pid, resource.RLIMIT_NOFILE, (len(after), limits[1]))
    for target in (f"{HERE}/as/ok", "https://127.0.0.1:1"):
        silent = listener(backlog=1000)
        for probe in range(20):
            prober.begin(wire.TCP, f"127.0.0.1:{WEB}", probe=probe)
            prober.begin(wire.HTTP, target, probe=100 + probe)
        results = [prober.answer() for _ in range(40)]
        silent.close()
        unknown = [answer for answer in results if answer[2] == wire.UNKNOWN]
        wrong = [answer for answer in results if answer[2] == wire.FAILURE and b"refused" not in answer[4]]
        assert unknown and not wrong, wrong
    resource.prlimit(prober.process.pid, resource.RLIMIT_NOFILE, limits)
    prober.good(wire.TCP, f"127.0.0.1:{WEB}")
    prober.end()


def try_many():
    """More at once than it takes: what is above is unknown, each has one answer, and nothing is lost while nobody listens."""
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 53))
    prober = Prober()
    count = MOST_AT_ONCE + 500
    answers = []
    readable = select.poll()
    readable.register(prober.socket, select.POLLIN)
    for probe in range(count):
        prober.begin(wire.TCP, "dead.example:80", probe=probe, timeout=4 * SLACK)
        while readable.poll(0):
            answers.append(prober.answer())
    time.sleep(5 * SLACK)  # all are over, and wait to be heard
    while len(answers) < count:
        answers.append(prober.answer())
    prober.is_there()
    equal(len({answer[0] for answer in answers}), count, "answers")
    unknown = [answer for answer in answers if answer[2] == wire.UNKNOWN]
    equal({answer[4] for answer in unknown}, {b"too many questions at once"})
    equal(len(unknown), 500)
    prober.end()


for name in sys.argv[4:]:
    globals()[f"try_{name}"]()
    print(f"{name} is well", flush=True)
