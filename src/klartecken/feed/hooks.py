"""One POST to a webhook: no redirects, a time limit, and never to this network's inside.

The address is resolved once, checked, and connected to as resolved: a name that is answered
differently the second time leads nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException

from klartecken.errors import InputError
from klartecken.version import __version__

TIMEOUT = 10.0  # seconds for all of it
_EMBEDDED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 behind a translator, RFC 6052


def check_hook(url: str, inside: bool = False) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of an address that a webhook may have.

    Args:
        inside: may it be an address of the inside, and http?

    Raises:
        InputError: it may not be one.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as err:
        raise InputError(f"is no address ({err})", where="url") from err
    if parts.username is not None or parts.fragment:
        raise InputError("a password or fragment is not taken", where="url")
    if not host or parts.scheme not in (("https", "http") if inside else ("https",)):
        raise InputError("only https addresses are taken", where="url",
                         next_step="Write it like https://host/path")  # fmt: skip
    if port == 0 or len(host) > 253:
        raise InputError("is no address", where="url")
    path = parts.path or "/"
    literal = _literal(host)
    if literal is not None:
        _refuse_inside(literal, inside)
    elif not inside and (host == "localhost" or "." not in host or host.endswith(".local")):
        raise InputError(f"{host} is an address of the inside", where="url")
    elif not all(label and len(label) <= 63 for label in host.rstrip(".").split(".")):
        raise InputError("is no address", where="url")
    return (parts.scheme, host, port or {"https": 443, "http": 80}[parts.scheme],
            f"{path}?{parts.query}" if parts.query else path)  # fmt: skip


def post_hook(
    url: str, body: bytes, headers: Mapping[str, str], *, inside: bool = False,
    timeout: float = TIMEOUT, trust: ssl.SSLContext | None = None,
) -> int:  # fmt: skip
    """Post a body to a webhook.

    Args:
        inside: may it be an address of the inside?
        timeout: seconds for all of it.
        trust: whose certificates are trusted; by default the system's.

    Returns:
        The status of the answer; a redirect is not followed.

    Raises:
        InputError: it cannot be reached, or may not be.
    """
    scheme, host, port, path = check_hook(url, inside)
    until = time.monotonic() + timeout
    try:
        raw = _connect(host, port, inside, until)
        if scheme == "https":
            raw = (trust or ssl.create_default_context()).wrap_socket(
                raw, server_hostname=host, do_handshake_on_connect=False
            )
        with closing(raw), _at_most(raw, _left(until)):
            if isinstance(raw, ssl.SSLSocket):
                raw.do_handshake()
            connection = HTTPConnection(host, port)
            connection.sock = raw
            mine = {"User-Agent": f"klartecken/{__version__}", "Connection": "close"}
            connection.request("POST", path, body, {**headers, **mine})
            return connection.getresponse().status
    except TimeoutError as err:
        raise InputError(f"no answer within {timeout:g} seconds", where=host) from err
    except (OSError, HTTPException, UnicodeError, ValueError) as err:
        told = " ".join(str(err).split())[:200] or type(err).__name__
        raise InputError(f"cannot be reached ({told})", where=host) from err


def _connect(host: str, port: int, inside: bool, until: float) -> socket.socket:
    """A connection to an address that was checked: all that the name stands for must do."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        held = _literal(address)
        if held is None:
            raise InputError(f"{host} has an address that cannot be read", where="url")
        _refuse_inside(held, inside)
    failed: OSError | None = None
    for address in dict.fromkeys(addresses):
        try:
            return socket.create_connection((address, port), timeout=_left(until))
        except OSError as err:
            failed = err
    raise failed or OSError("the name has no address")


@contextmanager
def _at_most(raw: socket.socket, seconds: float) -> Iterator[None]:
    """Cut the connection after so many seconds, however slowly the other side drips."""
    raw.settimeout(seconds)
    cut = threading.Event()

    def stop() -> None:
        cut.set()
        with suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException) as err:
        if cut.is_set():
            raise TimeoutError from err
        raise
    finally:
        timer.cancel()


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _refuse_inside(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, inside: bool
) -> None:  # fmt: skip
    if inside:
        return
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if address in _EMBEDDED:
        mapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    for held in (address, mapped):
        if held is not None and (not held.is_global or held.is_multicast):
            raise InputError(
                f"{address} is an address of the inside", where="url",
                next_step="Only with the setting that allows it",
            )  # fmt: skip


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
