"""A connection to a server that may be slow, broken or hostile."""

from __future__ import annotations

import contextlib
import queue
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter

from helpers.sources.settings import Unusable, refuse_settings

PACE = 10_000  # bytes a second; a server that falls behind is given up
REDIRECTS = 5


class TooLarge(Exception):
    """More than was expected; its text says how much that is."""


class Watch(HTTPAdapter):
    """Ends a connection at a set time, also one on which something always drips.

    The time-outs of a socket begin anew with each byte; this one does not.

    Args:
        patience: How many seconds a server may take to answer.
    """

    def __init__(self, patience: float) -> None:
        super().__init__()
        self.late = False
        self._patience = patience
        self._connections: list[Any] = []
        self._response: requests.Response | None = None
        self._timer: threading.Timer | None = None

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        pool = super().get_connection_with_tls_context(*args, **options)
        kind = pool.ConnectionCls

        def connect(*args: Any, **options: Any) -> Any:
            self._connections.append(kind(*args, **options))
            return self._connections[-1]

        pool.ConnectionCls = connect
        return pool

    def end_in(self, seconds: float | None) -> None:
        """Set the time anew; None for no more watching."""
        if self._timer:
            self._timer.cancel()
        if seconds is not None:
            self._timer = threading.Timer(seconds, self._end)
            self._timer.daemon = True
            self._timer.start()

    def expect(self, response: requests.Response, limit: float) -> int | None:
        """The size of a body that is about to come, if it is told and not too large."""
        told = response.headers.get("Content-Length", "")
        length = int(told) if re.fullmatch(r"\d{1,18}", told) else None
        if length is not None and length > limit:
            raise TooLarge(f"{limit / 1e6:,.0f} MB")
        self._response = response
        self.end_in(2 * self._patience)  # a stall is for the socket to see
        return length

    def pieces(self, response: requests.Response, limit: float) -> Iterator[bytes]:
        """The body, unpacked if it was packed on the way, up to a limit.

        What has come earns the time for what is to come: who drips has soon none left.
        """
        total, began = 0, time.monotonic()
        for piece in response.iter_content(1 << 16):
            total += len(piece)
            if total > limit:
                raise TooLarge(f"{limit / 1e6:,.0f} MB")
            self.end_in(began + 2 * self._patience + total / PACE - time.monotonic())
            yield piece
        if self.late:
            raise requests.Timeout

    def _end(self) -> None:
        self.late = True
        # Done this moment; or not yet connected: then the socket's own time-out acts.
        with contextlib.suppress(ValueError, RuntimeError, OSError, AttributeError):
            if self._response is not None:
                self._response.raw.shutdown()
        for connection in self._connections:
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)


class _Unled(requests.Session):
    """Follows no redirect by itself: it would read the body of each to its end."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


@contextlib.contextmanager
def answered(address: str, timeout: float) -> Iterator[tuple[requests.Response, Watch]]:
    """A server's answer to a request, its body not yet read.

    Args:
        address: What is asked for; at most five redirects are followed, unread.
        timeout: How many seconds the server may take to begin, and again to answer.

    Yields:
        The response, and the watch that ends it in time.

    Raises:
        requests.RequestException: if there is no answer, none in time, or a refusal.
    """
    watch = Watch(timeout)
    with _Unled() as session:
        session.mount("http://", watch)
        session.mount("https://", watch)
        try:
            watch.end_in(2 * timeout)
            for _ in range(REDIRECTS + 1):
                response = _asked(session, address, timeout)
                with contextlib.closing(response):
                    if watch.late:  # what was cut short looks like an empty answer
                        raise requests.Timeout
                    if not response.is_redirect:
                        response.raise_for_status()
                        yield response, watch
                        return
                    target = requests.Session.get_redirect_target(session, response)
                    address = urljoin(address, target or "")
            raise requests.TooManyRedirects
        except (requests.RequestException, ValueError) as error:
            if watch.late:
                raise requests.Timeout(error) from error
            raise
        finally:
            watch.end_in(None)


def _asked(session: requests.Session, address: str, timeout: float) -> Any:
    """Ask in a thread of its own, which is left behind if a name is never resolved.

    No time-out ends the system's question for a server's number, nor does Ctrl-C.
    """
    answers: queue.SimpleQueue = queue.SimpleQueue()

    def ask() -> None:
        try:
            refuse_settings(session, address)
            response = session.get(
                address,
                stream=True,
                timeout=timeout,
                allow_redirects=False,
                # A server that packs once more on the way would spoil the checksum.
                headers={"Accept-Encoding": "identity"},
            )
        except Exception as error:  # raised where somebody waits
            answers.put(error)
        else:
            answers.put(response)

    threading.Thread(target=ask, daemon=True).start()
    end = time.monotonic() + 3 * timeout  # the watch comes first, if there is a socket
    while time.monotonic() < end:
        with contextlib.suppress(queue.Empty):
            # Not long at a time: on Windows, Ctrl-C comes between two.
            answer = answers.get(timeout=0.2)
            if isinstance(answer, Exception):
                raise answer
            return answer
    raise requests.Timeout


MEANT = {
    401: "the server asks for a name and a password (401). Download it in a browser.",
    403: "the server refuses it (403). Open it in a browser, where you may have to log "
    "in or to accept a licence.",
    404: "there is nothing at this address (404). Has the file moved? Open it in a "
    "browser.",
    410: "the file has been taken away (410). Look for another place to get it from.",
    429: "the server is asked by too many at once (429), a whole class perhaps. Wait "
    "some minutes; or fetch it once, and hand it on from disk to disk.",
    502: "the server has a fault (502). Try again later.",
    503: "the server is too busy or being mended (503). Try again later.",
    504: "the server has a fault (504). Try again later.",
}
BROKE = "the connection broke. Nothing is kept of it; try again."
LATE = "the server does not answer in time. Try again, or from another network."


def reason(error: Exception) -> str:
    """What a failed download means, and what to do about it; no address is in it."""
    errors = requests.exceptions
    if isinstance(error, Unusable):
        return str(error)
    if isinstance(error, TooLarge):
        return f"the file is larger than expected (more than {error}). Nothing is kept."
    if isinstance(error, errors.SSLError):
        return (
            "the server's certificate is not trusted. A school's or company's proxy "
            "opens encrypted connections: ask its administrator for the certificate, "
            "and name the file in REQUESTS_CA_BUNDLE. Never switch the check off."
        )
    if isinstance(error, errors.ProxyError):
        return "the proxy refuses. Check HTTPS_PROXY, or ask its administrator."
    if isinstance(error, errors.HTTPError):
        status = error.response.status_code
        plain = f"the server answers {status}. Open it in a browser."
        return MEANT.get(status, plain)
    if isinstance(error, errors.TooManyRedirects):
        return f"the server sends on more than {REDIRECTS} times. Open it in a browser."
    if isinstance(error, errors.Timeout):
        return LATE
    if isinstance(error, errors.ChunkedEncodingError | errors.ContentDecodingError):
        return BROKE
    if isinstance(error, errors.ConnectionError):
        if re.search("IncompleteRead|Read timed out|Connection aborted", str(error)):
            return BROKE
        return "there is no way to the server. Are you online?"
    if "published SHA-256" in str(error):
        return (
            "what came is not what was published (its SHA-256 differs). Nothing is "
            "kept of it; try again, or from another network."
        )
    return "the address is not that of a file on the web. Check its spelling."
