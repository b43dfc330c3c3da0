"""The public keys of an identity provider, fetched over HTTPS."""

from __future__ import annotations

import json
from typing import Any

from klartecken.errors import InputError
from klartecken.feed.download import download

CAP = 1_000_000  # bytes


def fetch_keys(issuer: str, address: str = "", timeout: float = 10) -> dict[str, Any]:
    """The key set (JWKS) of an issuer.

    Args:
        issuer: as its tokens name it.
        address: of the key set; by default what the issuer's own description says.

    Raises:
        InputError: it cannot be fetched, or is none.
    """
    if not address:
        where = issuer.rstrip("/") + "/.well-known/openid-configuration"
        about = _fetch(where, timeout)
        if about.get("issuer") != issuer:
            raise InputError("the description names another issuer", where=where)
        address = about.get("jwks_uri", "")
    keys = _fetch(str(address), timeout)
    if not isinstance(keys.get("keys"), list):
        raise InputError("is no set of keys", where=str(address)[:200])
    return keys


def _fetch(address: str, timeout: float) -> dict[str, Any]:
    got = download(address, timeout=timeout, limit=timeout, cap=CAP)
    try:
        found = json.loads(got.data)
    except ValueError as err:
        raise InputError("is no JSON", where=address[:200]) from err
    if not isinstance(found, dict):
        raise InputError("is no JSON object", where=address[:200])
    return found
