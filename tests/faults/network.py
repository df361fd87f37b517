"""Faults of a network, met by `get_photos`; the server is one of our own."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import io
import os
import socket
import ssl
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import tornado

from helpers.sources import downloads, get_photos
from helpers.sources.downloads import PhotoSet
from tests.things.killed import killed

from . import Scene, fault, script
from .archives import PETS

GROUP = "network"
PAGE = b"<!DOCTYPE html><p>log in"
ELSE = "\nOr take an archive from a disk: name its path in place of the address."
BROKE = r"the connection broke\. Nothing is kept of it; try again\." + ELSE


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in PETS.items():
            made.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def server(scene: Scene, answer: Callable, cipher: bool = False) -> str:
    """Start a server that gives one answer to everything; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        do_GET = do_CONNECT = answer

        def log_message(self, *_: object) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.handle_error = lambda *_: None  # the other side has hung up
    if cipher:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Signed by itself, for tests; no key needs to lie in our own folder.
        there = Path(tornado.__file__).parent / "test"
        context.load_cert_chain(there / "test.crt", there / "test.key")
        running.socket = context.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    scene.later.callback(running.server_close)
    scene.later.callback(running.shutdown)
    return f"http{'s' * cipher}://127.0.0.1:{running.server_port}"


def reply(handler: http.server.BaseHTTPRequestHandler, body: bytes, sent: int = -1):
    """Promise the whole body; send it, or a part of it."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[:sent] if sent >= 0 else body)


def fetch(scene: Scene, address: str) -> Callable[[], object]:
    scene.patch.setattr(downloads, "DOWNLOADS", scene.folder / "downloads")
    scene.patch.setattr(downloads, "LARGEST", 300_000)  # bytes
    folder = scene.folder / "photos"
    return lambda: get_photos(address, folder, timeout=0.4, progress=False)


def _gone(handler) -> None:
    handler.send_error(404)


def _forbidden(handler) -> None:
    handler.send_error(403)


def _busy(handler) -> None:
    handler.send_error(503)


def _says(status: int) -> Callable:
    return lambda handler: handler.send_error(status)


def _drips_headers(handler) -> None:
    handler.send_response(200)
    handler.flush_headers()
    for _ in range(60):
        handler.wfile.write(b"X")
        time.sleep(0.05)


def _continues(handler) -> None:
    for _ in range(300):
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


def _endless(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(bytes(1 << 16))


def _boasts(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "9" * 17)
    handler.end_headers()


def _packed(handler) -> None:
    body = gzip.compress(bytes(3_000_000))
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _babbles(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1e30")
    handler.end_headers()
    handler.wfile.write(PAGE)


def _moved(handler) -> None:
    if handler.path == "/login":
        reply(handler, PAGE)
    else:
        handler.send_response(302)
        handler.send_header("Location", "/login")
        handler.end_headers()


def _circle(handler) -> None:
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.end_headers()


def _late(handler) -> None:
    time.sleep(1)


def _drops(handler) -> None:
    reply(handler, _archive(), sent=1000)


def _stalls(handler) -> None:
    reply(handler, _archive(), sent=1000)
    time.sleep(1)


def _drips(handler) -> None:
    reply(handler, _archive(), sent=0)
    for byte in _archive()[:60]:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.1)


def _drips_on(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for byte in _archive()[:60]:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.1)


def _spoils(handler) -> None:
    body = _archive()
    reply(handler, body[:100] + b"\xff" * 100 + body[200:])


def _page(handler) -> None:
    reply(handler, PAGE)


def _nothing(handler) -> None:
    reply(handler, b"")


def _nonsense(handler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


SENT = "sent no archive: "

for name, answer, sees in (
    (
        "401",
        _says(401),
        r"the server asks for a name and a password \(401\)",
    ),
    (
        "403",
        _forbidden,
        r"the server refuses it \(403\)\. Open it in a browser, wh",
    ),
    (
        "404",
        _gone,
        r"there is nothing at this address \(404\)\. Has the file moved\? Op",
    ),
    (
        "429",
        _says(429),
        r"the server is asked by too many at once \(429\), a w",
    ),
    ("503", _busy, r"the server is too busy or being mended \(503\)\. Try again later"),
    ("418", _says(418), r"the server answers 418\. Open it in a browser\." + ELSE),
    ("headers that drip", _drips_headers, r"the server does not answer in time\. Try"),
    (
        "100 Continue without end",
        _continues,
        r"the server does not answer in time\. Tr",
    ),
    (
        "more than expected",
        _endless,
        r"the file is larger than expected \(more than 0 MB\)",
    ),
    (
        "a size beyond all measure",
        _boasts,
        r"the file is larger than expected \(more than 0 MB\)",
    ),
    (
        "a body packed to a hundredth",
        _packed,
        r"the file is larger than expected \(more than 0 MB\)",
    ),
    ("a size that is no number", _babbles, SENT + "it is a web page, which a login or"),
    ("a redirect to HTML", _moved, SENT + "it is a web page, which a login or a prox"),
    ("a login page", _page, SENT + "it is a web page, which a login or a proxy sent"),
    ("an empty answer", _nothing, SENT + "it is empty"),
    (
        "redirects in a circle",
        _circle,
        r"the server sends on more than 5 times\. Open it in a browser\." + ELSE,
    ),
    ("a server that never answers", _late, "the server does not answer in time"),
    ("a connection that drops in the middle", _drops, BROKE),
    ("a connection that stalls in the middle", _stalls, BROKE),
    ("a server that drips", _drips, r"the server does not answer in time\. Try again"),
    ("a server that drips, and tells no size", _drips_on, "does not answer in time"),
    ("bytes spoiled on the way", _spoils, "is a damaged archive"),
    ("an answer that is no HTTP", _nonsense, BROKE),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, answer: Callable = answer):
        return fetch(scene, f"{server(scene, answer)}/pets.zip")


@fault(GROUP, "a certificate that nobody signed", "the server's certificate is not tru")
def _(scene: Scene):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        scene.patch.delenv(name, raising=False)
    return fetch(scene, f"{server(scene, _page, cipher=True)}/pets.zip")


@fault(
    GROUP, "a certificate that is named and not there", r"school\.pem cannot be read: "
)
def _(scene: Scene):
    scene.patch.setenv("REQUESTS_CA_BUNDLE", str(scene.folder / "school.pem"))
    return fetch(scene, f"{server(scene, _page, cipher=True)}/pets.zip")


def _named(variable: str, name: str, page: Callable, make: Callable, **how) -> Callable:
    def set_up(scene: Scene) -> str:
        make(scene, scene.folder / name)
        scene.patch.setenv(variable, str(scene.folder / name))
        return f"{server(scene, page, **how)}/pets.zip"

    return set_up


def _certificates(make: Callable[[Scene, Path], object]) -> Callable:
    return _named("REQUESTS_CA_BUNDLE", "school.pem", _page, make, cipher=True)


def _passwords(make: Callable[[Scene, Path], object]) -> Callable:
    return _named("NETRC", "passwords", lambda h: reply(h, _archive()), make)


def _proxy(proxy: str) -> Callable:
    def set_up(scene: Scene) -> str:
        for name in ("no_proxy", "NO_PROXY"):
            scene.patch.delenv(name, raising=False)
        scene.patch.setenv("http_proxy", proxy)
        return "http://example.org/pets.zip"

    return set_up


def _pipe(scene: Scene, path: Path) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
    else:
        path.touch()
        real = os.path.isfile
        scene.patch.setattr(os.path, "isfile", lambda p: p != str(path) and real(p))


READ = r"school\.pem cannot be read: "
PIPE = r"the file of your passwords, .*passwords, is a device or a pipe\. Move it away"
NO_PROXY = r"the proxy that is set \(.*\) is of no kind that is known here: expected ht"


def _nowhere(_: Scene, path: Path) -> None:
    try:
        path.symlink_to(os.devnull)
    except OSError:  # Windows gives this right to few
        path.mkdir()


SECRET = "default login me password 猫"
# Settings that somebody has made for other work.
for name, sees, set_up in (
    (
        "certificates that are none",
        READ + "it holds none",
        _certificates(lambda _, path: path.touch()),
    ),
    ("a pipe for certificates", READ + "it is a device", _certificates(_pipe)),
    ("a pipe for a file of passwords", PIPE, _passwords(_pipe)),
    (
        "a password that no server can be sent",
        r"the file of your passwords \(\.netrc\) holds letters that no server can be",
        _passwords(lambda _, path: path.write_text(SECRET, encoding="utf-8")),
    ),
    (
        "a folder for a file of passwords",
        "works: passed over",
        _passwords(lambda _, path: path.mkdir()),
    ),
    ("no passwords, on purpose", "works: passed over", _passwords(_nowhere)),
    ("a proxy of another kind (SOCKS)", NO_PROXY, _proxy("socks5://127.0.0.1:9")),
    ("a proxy without a name", NO_PROXY, _proxy("http://")),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, set_up: Callable = set_up):
        return fetch(scene, set_up(scene))


@fault(GROUP, "no network", r"there is no way to the server\. Are you online\?" + ELSE)
def _(scene: Scene):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    scene.patch.setattr(socket, "getaddrinfo", unknown)
    return fetch(scene, "http://example.org/pets.zip")


@fault(GROUP, "a name that is never resolved", r"the server does not answer in time\.")
def _(scene: Scene):
    def hang(*_: object, **__: object) -> None:
        time.sleep(5)

    scene.patch.setattr(socket, "getaddrinfo", hang)
    return fetch(scene, "http://example.org/pets.zip")


@fault(
    GROUP, "a connection that is refused", "there is no way to the server. Are you o"
)
def _(scene: Scene):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return fetch(scene, f"http://127.0.0.1:{port}/pets.zip")


def _through(scene: Scene, proxy: str, address: str) -> Callable[[], object]:
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY"):
        scene.patch.delenv(name, raising=False)
    scene.patch.setenv("http_proxy", proxy)
    scene.patch.setenv("https_proxy", proxy)
    return fetch(scene, address)


@fault(
    GROUP, "a proxy that asks to log in", SENT + "it is a web page, which a login or"
)
def _(scene: Scene):
    return _through(scene, server(scene, _page), "http://example.org/pets.zip")


@fault(GROUP, "a proxy that refuses", r"the proxy refuses\. Check HTTPS_PROXY, or ask ")
def _(scene: Scene):
    return _through(scene, server(scene, _forbidden), "https://example.org/pets.zip")


@fault(
    GROUP, "an address of 5,000 letters", r"/x+…x+\.zip: there is no way to the serv"
)
def _(scene: Scene):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return fetch(scene, f"http://127.0.0.1:{port}/{'x' * 5000}.zip")


for address in ("http://", "https://[::1/a.zip", "http://a b/a.zip"):

    @fault(GROUP, f"{address} for an address", r"^could not download http.*\." + ELSE)
    def _(scene: Scene, address: str = address):
        return fetch(scene, address)


@fault(GROUP, "another file than the published one", r"not what was published \(its SH")
def _(scene: Scene):
    address = server(scene, lambda handler: reply(handler, _archive()))
    wanted = PhotoSet((f"{address}/pets.zip",), "0" * 64, 1, "for tests")
    scene.patch.setitem(downloads.SETS, "oxford", wanted)
    return fetch(scene, "oxford")


@fault(GROUP, "a name of 300 letters in an address", "works: it is cut")
def _(scene: Scene):
    address = server(scene, lambda handler: reply(handler, _archive()))
    return fetch(scene, f"{address}/{'x' * 300}.zip")


@fault(
    GROUP, "a password in an address", r"^could not download http://127\.0\.0\.1:\d+/p"
)
def _(scene: Scene):
    address = server(scene, _gone).replace("//", "//me:secret@")
    return fetch(scene, f"{address}/pets.zip;at=secret?token=secret")


@fault(
    GROUP, "a password with a slash in it", r"^could not download http://127\.0\.0\.1"
)
def _(scene: Scene):
    address = server(scene, _gone).replace("//", "//me:se/cr?et@")
    return fetch(scene, f"{address}/pets.zip")


@fault(GROUP, "a redirect with a body without end", "works: it is not read")
def _(scene: Scene):
    def answer(handler) -> None:
        if handler.path == "/moved.zip":
            return reply(handler, _archive())
        handler.send_response(302)
        handler.send_header("Location", "/moved.zip")
        handler.end_headers()
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(bytes(1 << 16))

    return fetch(scene, f"{server(scene, answer)}/pets.zip")


@fault(GROUP, "the first of two addresses gone", "works: the second one is asked")
def _(scene: Scene):
    gone = server(scene, _gone)
    good = server(scene, lambda handler: reply(handler, _archive()))
    addresses = (f"{gone}/pets.zip", f"{good}/pets.zip")
    two = PhotoSet(addresses, None, 1, "for tests")
    scene.patch.setitem(downloads.SETS, "filtered", two)
    return fetch(scene, "filtered")


@fault(GROUP, "what a killed download left", "works: cleared by the next one")
def _(scene: Scene):
    address = server(scene, lambda handler: reply(handler, _archive()))
    call = fetch(scene, f"{address}/pets.zip")
    killed(scene.folder / "downloads" / "pets.zip")

    def and_look() -> None:
        call()
        (left,) = (scene.folder / "downloads").iterdir()
        assert left.name.endswith("-pets.zip")

    return and_look


@fault(GROUP, "a server with another version each time", "works: the last two are kept")
def _(scene: Scene):
    versions = iter(range(1000))

    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("ETag", f'"{next(versions)}"')
        handler.send_header("Content-Length", str(len(_archive())))
        handler.end_headers()
        handler.wfile.write(_archive())

    call = fetch(scene, f"{server(scene, answer)}/pets.zip")
    (scene.folder / "downloads").mkdir()
    (scene.folder / "downloads" / "pets.zip").write_bytes(b"mine")

    def and_look() -> None:
        for _ in range(4):
            call()
        names = sorted(path.name for path in (scene.folder / "downloads").iterdir())
        mine, *ours = [name for name in names if not name.startswith(".")][::-1]
        assert mine == "pets.zip"
        assert len(ours) == 2

    return and_look


@fault(
    GROUP, "no way out, on the command line", "^could not download https://example.o"
)
def _(scene: Scene):
    there = ("--folder", scene.folder / "photos")
    address = "https://example.org/pets.zip"
    nowhere = dict.fromkeys(("https_proxy", "HTTPS_PROXY"), "http://127.0.0.1:9")
    return lambda: script("get_photos", address, *there, **nowhere)
