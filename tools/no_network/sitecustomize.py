"""Found by every Python that `tools.offline` starts: no way to other computers."""

import errno
import socket

_LOCAL = ("127.", "::1", "localhost")


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    return host in (None, "") or str(host).startswith(_LOCAL)


def _guarded(method):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(
            address[0]
        ):
            raise OSError(errno.ENETUNREACH, f"no network for {address[0]}")
        return method(self, address)

    return connect


def _resolve(host, *arguments, **settings):
    if not _is_local(host):
        raise socket.gaierror(socket.EAI_NONAME, f"no network for {host}")
    return _getaddrinfo(host, *arguments, **settings)


_getaddrinfo, socket.getaddrinfo = socket.getaddrinfo, _resolve
for _name in ("connect", "connect_ex"):
    setattr(socket.socket, _name, _guarded(getattr(socket.socket, _name)))
