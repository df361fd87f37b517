"""A server on this computer that answers a download in every wrong way."""

from __future__ import annotations

import contextlib
import functools
import gzip
import random
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from helpers.sources import downloads, get_photos

from .files import NAME, _archives
from .spoil import spoiled_bytes

PATIENCE = 0.3  # seconds, in place of 20
LARGEST = 3_000_000  # bytes, in place of 4 GB
LONGEST = 5  # seconds that a server goes on: far longer than it will be listened to
STATUS = (
    *("200 OK", "200", "206 Part", "204 None", "301 Moved", "302 F", "304 No", "307 T"),
    *("401 No", "403 No", "404 No", "407 P", "416 R", "429 M", "500 E", "503 B", "999"),
)
HEADERS = (
    *(b"Content-Length: %d", b"Content-Length: -1", b"Content-Length: 1e30", b"X"),
    *(b"Content-Length: " + b"9" * 17, b"Content-Length: 5\r\nContent-Length: 6"),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b": "),
    *(b"Content-Encoding: gzip", b"Content-Encoding: br", b"Content-Encoding: zstd"),
    *(b"Location: /", b"Location: /login", b"Location: file:///etc/passwd"),
    *(b"Location: http://127.0.0.1:1/", b"Location: //[", b"Location: ftp://x/"),
    *(b"Location: http://" + b"a" * 300, b"ETag: " + b"e" * 60_000, b"ETag: \xff\0"),
    *(b"Set-Cookie: a=b; domain=.", b"Content-Type: text/html", b"X: " + b"y" * 70_000),
    *(b"Connection: close", b"Connection: upgrade", b"Content-Range: bytes 5-1/0"),
)


def _answer(rng: random.Random) -> list[bytes | float]:
    """What a server sends, piece by piece, and how many seconds it pauses between."""
    if rng.random() < 0.1:
        return [rng.randbytes(rng.randint(0, 3000)), rng.choice((0.0, 1.0))]
    body = rng.choice(_archives()) if rng.random() < 0.7 else b"<html>log in</html>"
    if rng.random() < 0.5:
        body = spoiled_bytes(body, rng)
    if rng.random() < 0.1:
        body = rng.choice((gzip.compress, bytes))(bytes(2 * LARGEST))
    lines = [b"HTTP/1.1 " + rng.choice(STATUS).encode()]
    for line in rng.sample(HEADERS, rng.randint(0, 4)):
        lines.append(line % len(body) if b"%d" in line else line)
    lines += [b"Y: z"] * rng.choice((0, 0, 0, 90, 150))
    head = b"\r\n".join(lines) + b"\r\n\r\n"
    if b"chunked" in head and rng.random() < 0.7:
        size = rng.choice((b"%x" % len(body), b"-5", b"fffffffff", b"zz", b""))
        body = size + b"\r\n" + body + b"\r\n0\r\n\r\n"
    if rng.random() < 0.15:  # a head that comes byte by byte
        return [x for b in head[:60] for x in (bytes([b]), 0.05)]
    if rng.random() < 0.1:
        head = b"HTTP/1.1 100 Continue\r\n\r\n" * rng.choice((1, 50, 5000)) + head
    cut = len(body) if rng.random() < 0.6 else rng.randint(0, len(body))
    pause = rng.choice((0.0, 0.0, 0.0, 0.1, 1.0))
    sent: list[bytes | float] = [head, pause, body[:cut]]
    if rng.random() < 0.1:
        sent += [x for b in body[:60] for x in (bytes([b]), 0.05)]
    if rng.random() < 0.05:
        sent += [bytes(1 << 16)] * 1000  # without an end, as far as anybody looks
    return sent


class _Server:
    """One socket for the whole process; each try sets what it answers."""

    def __init__(self) -> None:
        self.answer: list[bytes | float] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/{NAME}.zip"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            arguments = (connection, self.answer)
            threading.Thread(target=self._talk, args=arguments, daemon=True).start()

    def _talk(self, connection: socket.socket, answer: list[bytes | float]) -> None:
        end = time.monotonic() + LONGEST
        with contextlib.suppress(OSError), connection:
            connection.recv(65536)
            for part in answer:
                if time.monotonic() > end:
                    return
                if isinstance(part, float):
                    time.sleep(part)
                else:
                    connection.sendall(part)


@functools.cache
def _server() -> _Server:
    return _Server()


def of_download(rng: random.Random, folder: Path) -> Callable[[], None]:
    server = _server()
    server.answer = _answer(rng)
    downloads.DOWNLOADS, downloads.LARGEST = folder / "downloads", LARGEST

    def read() -> None:
        # Its pictures are noise, so that even the best of them is refused in the end;
        # what is read is a download that could be unpacked.
        get_photos(server.address, folder / "photos", PATIENCE, progress=False)

    return read
