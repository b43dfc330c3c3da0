"""One file over HTTPS: conditional, capped, with a time limit; a short answer is an error."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import IO, Any

from klartecken.errors import InputError
from klartecken.version import __version__

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
REDIRECTS = 5
CAP = 300_000_000  # bytes; the whole list as JSON is well below a tenth of it
TYPES = frozenset({
    "", "application/json", "text/json", "application/jwk-set+json",
    "text/csv", "application/csv", "text/plain",
    "text/tab-separated-values", "application/octet-stream", "binary/octet-stream",
    "application/gzip", "application/x-gzip", "application/vnd.ms-excel",
})  # fmt: skip
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave.

    Attributes:
        unchanged: the server says that nothing changed since the last time; no data then.
        etag, last_modified: to ask with the next time; empty where the server gives none.
    """

    url: str
    unchanged: bool
    data: bytes = field(repr=False)
    etag: str = ""
    last_modified: str = ""


def download(
    url: str, *, etag: str = "", last_modified: str = "", timeout: float = 30,
    limit: float = 600, cap: int = CAP,
) -> Fetched:  # fmt: skip
    """Fetch an address.

    Args:
        etag, last_modified: of the last time, to ask only for something newer.
        timeout: seconds without a byte.
        limit: seconds in all.
        cap: bytes.

    Raises:
        InputError: anything but a whole file of a fitting type (the reason is one line).
    """
    check_address(url)
    headers = {"User-Agent": f"klartecken/{__version__}", "Accept-Encoding": "identity"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    request = urllib.request.Request(url, headers=headers)
    try:
        with _opener(url).open(request, timeout=timeout) as answer:
            return _body(url, answer, time.monotonic() + limit, cap)
    except urllib.error.HTTPError as err:
        with err:
            if err.code == 304 and (etag or last_modified):
                return Fetched(url, True, b"", etag, last_modified)
            raise _failed(url, f"the server answers {err.code} {err.reason}") from err
    except TimeoutError as err:
        raise _failed(url, f"no answer within {timeout:g} seconds") from err
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as err:
        reason = getattr(err, "reason", None) or err
        if isinstance(reason, TimeoutError):
            raise _failed(url, f"no answer within {timeout:g} seconds") from err
        raise _failed(url, f"{type(reason).__name__}: {reason}") from err


def check_address(url: str, came_from: str = "") -> None:
    """Only https; http on this machine alone, and never after https.

    Raises:
        InputError: another address.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as err:
        raise _failed(url, f"is no address ({err})") from err
    if parts.username is not None:
        raise InputError("addresses with a password are not taken", where=host)
    local = parts.scheme == "http" and host in LOCAL
    if not host or not (parts.scheme == "https" or local):
        raise _failed(url, "only https addresses are taken")
    if came_from.startswith("https:") and parts.scheme != "https":
        raise _failed(url, "leads away from https")


def _failed(url: str, what: str) -> InputError:
    return InputError(" ".join(what.split())[:300], where=url[:200])


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only where an address would be taken, and five times at most."""

    max_redirections = REDIRECTS
    max_repeats = REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str,
        headers: Message, newurl: str,
    ) -> urllib.request.Request | None:  # fmt: skip
        """The next request, if its address will do."""
        check_address(newurl, came_from=req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _opener(url: str) -> urllib.request.OpenerDirector:
    """HTTP and HTTPS only; no proxy for this machine itself."""
    opener = urllib.request.OpenerDirector()
    local = urllib.parse.urlsplit(url).hostname in LOCAL
    handlers: tuple[Any, ...] = (
        urllib.request.ProxyHandler({} if local else None),
        urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    )  # fmt: skip
    for handler in handlers:
        opener.add_handler(handler)
    return opener


def _body(url: str, answer: Any, until: float, cap: int) -> Fetched:
    headers: Message = answer.headers
    kind = headers.get_content_type() if headers.get("Content-Type") else ""
    if kind not in TYPES:
        raise _failed(url, f"the answer is of type {kind}, not a list")
    if answer.status != 200:
        raise _failed(url, f"the server answers {answer.status}, not with the whole file")
    stated = headers.get("Content-Length", "").strip()
    if stated.isdigit() and int(stated) > cap:
        raise _failed(url, f"the file is larger than {cap:,} bytes")
    chunks: list[bytes] = []
    size = 0
    while chunk := answer.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > cap:
            raise _failed(url, f"the file is larger than {cap:,} bytes")
        if time.monotonic() > until:
            raise _failed(url, "the file takes too long to arrive")
    if stated.isdigit() and int(stated) != size:
        raise _failed(url, f"the file was cut short: {size:,} of {int(stated):,} bytes")
    data = b"".join(chunks)
    if not data.strip():
        raise _failed(url, "the file is empty")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise _failed(url, "the answer is a web page, not a list")
    return Fetched(
        url, False, data, headers.get("ETag", "") or "", headers.get("Last-Modified", "") or ""
    )
