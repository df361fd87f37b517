"""Found by every Python that `tools.offline` starts: no way to other computers.

An audit hook sees every call of the system's socket functions, by whatever module, and
cannot be taken off again.
"""

import errno
import ipaddress
import socket
import sys

_TO_AN_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_ABOUT_A_NAME = {
    *("socket.getaddrinfo", "socket.gethostbyname"),
    *("socket.gethostbyaddr", "socket.getnameinfo"),  # they ask others, too
}


def _is_local(host: object) -> bool:
    if isinstance(host, (bytes, bytearray)):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:  # fe80::1%eth0 names the way out as well
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:  # a name, such as 127.evil.example
        return False
    return address.is_loopback


def _hold_back(event: str, arguments: tuple) -> None:
    if event in _ABOUT_A_NAME:
        host = arguments[0]
        host = host[0] if isinstance(host, tuple) else host  # with a port
        if not _is_local(host):
            message = f"no network for {host}"
            raise socket.gaierror(socket.EAI_NONAME, message)
    elif event in _TO_AN_ADDRESS:
        asked, address = arguments[:2]
        # Other families stay in this computer; a message without an address goes where
        # its socket was connected to, which was looked at then.
        inet = asked.family in (socket.AF_INET, socket.AF_INET6)
        if inet and address and not _is_local(address[0]):
            raise OSError(errno.ENETUNREACH, f"no network for {address[0]}")


sys.addaudithook(_hold_back)
