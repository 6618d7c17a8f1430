"""fake_control - something on a control socket that is no good fosterd.

    fake_control.py SOCKET MODE [FILE...]

MODE: what it does with each request:
  garbage   bytes that are no HTTP          half    half of the body that it promised
  close     closes at once                  hang    accepts, and says nothing
  refuse    500, with words that are no JSON
  deny      403, with an error as fosterd words it
  text      200, with a body that is no JSON
  big       200, with 10 MB of nothing but white space and one document
  huge      200, with more than anybody wants
  list      200, with JSON that is no object
  play      GET: the next of the FILEs, the last again and again. POST: the first FILE.
            An empty FILE stands for the end: the socket is closed and removed.
Prints each request's first line on standard output.
"""
import json
import os
import socket
import sys

path, mode, files = sys.argv[1], sys.argv[2], sys.argv[3:]
listener = socket.socket(socket.AF_UNIX)
listener.bind(path + ".new")
listener.listen(16)
os.rename(path + ".new", path)


def answer(code, body, length=None):
    head = f"HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
    return (head + f"Content-Length: {length or len(body)}\r\n\r\n").encode() + body


def error(code, message, meant):
    return json.dumps({"error": {"code": code, "message": message, "did_you_mean": meant}}).encode()


def play(post):
    name = files[0]
    if not post and len(files) > 2:
        name = files.pop(1)
    elif not post:
        name = files[-1]
    with open(name, "rb") as file:
        body = file.read()
    if not body:
        os.unlink(path)
        sys.exit(0)
    return answer(202 if post else 200, body)


ANSWERS = {
    "garbage": lambda post: b"\x00\x01 this is no HTTP\r\n\r\n\xff" * 3,
    "half": lambda post: answer(200, b'{"workers": [', 4000),
    "close": lambda post: b"",
    "refuse": lambda post: answer(500, b"<html>so \x1b[31msorry</html>"),
    "deny": lambda post: answer(403, error("not_allowed", "you may\x1b[2J not", "ro\u009bot")),
    "text": lambda post: answer(200, b"it goes well"),
    "big": lambda post: answer(200, b'{"name": "big", "workers": []}' + b" " * 10_000_000),
    "huge": lambda post: answer(200, b'{"name": "big", "workers": []}' + b" " * 80_000_000),
    "list": lambda post: answer(200, b"[1, 2, 3]"),
    "play": play,
}

kept = []
while True:
    client = listener.accept()[0]
    request = b"" if mode == "close" else client.recv(65536)
    print(request.split(b"\r\n")[0].decode("ascii", "replace"), flush=True)
    if mode == "hang":
        kept.append(client)
        continue
    try:
        client.sendall(ANSWERS[mode](request.startswith(b"POST")))
    except (BrokenPipeError, ConnectionResetError):
        pass
    client.close()
