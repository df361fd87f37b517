"""What `requests` takes from this computer: passwords, certificates, a proxy.

Whoever has set them up has done so for other work. What is wrong with them would be
taken for a fault of the address or of the server, and who reads from a pipe waits.
"""

from __future__ import annotations

import os
import ssl

import requests
from requests.adapters import HTTPAdapter
from requests.utils import NETRC_FILES, get_netrc_auth, select_proxy

from helpers.plumbing import shown


class Unusable(requests.RequestException):
    """A setting that no request can be made with; its text says what to do."""


def refuse_settings(session: requests.Session, address: str) -> None:
    """Refuse settings of this computer that spoil a request, before it is made.

    Args:
        session: Which will make the request.
        address: What it will ask for.

    Raises:
        Unusable: if one of them cannot be used.
        requests.RequestException: if the address is none.
        ValueError: the same.

    Example:
        >>> session = requests.Session()
        >>> session.proxies["http"] = "socks5://127.0.0.1:9"
        >>> refuse_settings(session, "http://example.org/pets.zip")
        Traceback (most recent call last):
        ...
        helpers.sources.settings.Unusable: the proxy that is set (in HTTPS_PROXY, ...
    """
    alone = requests.Request("GET", address).prepare()
    _refuse_passwords(alone.url)
    found = session.merge_environment_settings(alone.url, {}, None, None, None)
    if isinstance(found["verify"], str) and alone.url.startswith("https:"):
        _refuse_certificates(found["verify"])
    if select_proxy(alone.url, found["proxies"]):
        _refuse_proxy(alone, found["proxies"])


def _refuse_passwords(address: str) -> None:
    given = os.environ.get("NETRC")
    names = [f"~/{name}" for name in NETRC_FILES] if given is None else [given]
    for path in map(os.path.expanduser, names):
        if os.path.exists(path) and not _is_harmless(path):
            raise Unusable(
                f"the file of your passwords, {shown(path)}, is a device or a pipe. "
                "Move it away, and run the same command again."
            )
    try:
        requests.Request("GET", address, auth=get_netrc_auth(address)).prepare()
    except UnicodeError:
        raise Unusable(
            "the file of your passwords (.netrc) holds letters that no server can be "
            "sent. Save it as plain text, in Latin letters, or move it away."
        ) from None


def _is_harmless(path: str) -> bool:
    """Whether it can be read to an end, or is passed over by `requests`."""
    none = os.path.realpath(path) == os.path.realpath(os.devnull)
    return none or os.path.isfile(path) or os.path.isdir(path)


def _refuse_certificates(place: str) -> None:
    if os.path.isdir(place):
        return
    try:
        if not os.path.isfile(place):
            there = os.path.exists(place)
            why = "it is a device or a pipe" if there else "there is no such file"
            raise OSError(why)
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(place)
    except OSError as error:
        none = isinstance(error, ssl.SSLError)
        why = "it holds none" if none else error.strerror or error
        raise Unusable(
            f"the certificates of {shown(place)} cannot be read: {why}. The file is "
            "named in REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE: see that it is there, and "
            "that it is the one that your administrator gave you."
        ) from None


def _refuse_proxy(alone: requests.PreparedRequest, proxies: dict) -> None:
    try:  # nothing is sent yet
        HTTPAdapter().get_connection_with_tls_context(alone, True, proxies)
    except (requests.RequestException, ValueError):
        raise Unusable(
            "the proxy that is set (in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is of no "
            "kind that is known here: expected http://NAME:NUMBER. Correct it, or ask "
            "its administrator."
        ) from None
