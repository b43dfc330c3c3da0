"""Tokens of an identity provider: signed, of that issuer, for us, not over; then who it is.

Needs the extra ``oidc``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt

from klartecken.api.auth import Subjects
from klartecken.api.settings import Oidc
from klartecken.desk.desk import Desk
from klartecken.desk.errors import StorageError, Unauthenticated
from klartecken.desk.people.accounts import person_of
from klartecken.desk.people.roles import Person
from klartecken.desk.storage.tables.people import PEOPLE
from klartecken.desk.work import find
from klartecken.errors import InputError
from klartecken.feed.keys import fetch_keys as fetch

LEEWAY = 30  # seconds that two clocks may differ
FRESH = timedelta(minutes=10)  # that a key set is used
AGAIN = timedelta(seconds=30)  # between two fetches, whatever tokens name
SHARED = ("HS", "none")  # never: a shared secret, or nothing
Keys = Callable[[], Mapping[str, Any]]


class KeySet:
    """The provider's public keys, fetched anew when they are old or one is unknown."""

    def __init__(self, fetch_keys: Keys) -> None:
        self._fetch, self._lock = fetch_keys, threading.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._at: datetime | None = None

    def key(self, ident: str, now: datetime) -> jwt.PyJWK | None:
        """The key of an id, or None.

        Raises:
            StorageError: there is none yet, and they cannot be fetched.
        """
        with self._lock:
            old = self._at is None or now - self._at > FRESH
            unknown = ident not in self._keys and (self._at is None or now - self._at > AGAIN)
            if old or unknown:
                self._renew(now)
            return self._keys.get(ident)

    def _renew(self, now: datetime) -> None:
        try:
            found = self._fetch()
        except InputError as err:
            if self._at is None:
                raise StorageError(
                    f"the keys of the identity provider cannot be had ({err.line()})"
                ) from err
            self._at = now - FRESH + AGAIN  # those of before will do until the next attempt
            return
        keys = {}
        for one in found["keys"]:
            if isinstance(one, Mapping) and one.get("use", "sig") == "sig" and one.get("kid"):
                try:
                    keys[str(one["kid"])] = jwt.PyJWK(dict(one))
                except jwt.PyJWTError:
                    continue  # of a kind that we do not know
        self._keys, self._at = keys, now


def oidc_subjects(settings: Oidc, fetch_keys: Keys | None = None) -> Subjects:
    """Finds the person that a token of the provider stands for.

    Raises:
        InputError: an algorithm with a shared secret, or none.
    """
    for name in settings.algorithms:
        if name.startswith(SHARED) or not settings.algorithms:
            raise InputError(f"{name} is no signature by a public key", where="oidc algorithms")
    keys = KeySet(fetch_keys or (lambda: fetch(settings.issuer, settings.keys)))

    def person(desk: Desk, token: str) -> Person:
        now = desk.clock()
        claims = read_token(token, settings, keys, now)
        with desk.read() as connection:
            rows = find(connection, PEOPLE, oidc_subject=claims["sub"], active=True)
        if not rows:
            raise Unauthenticated("nobody at this desk has this subject",
                                  next_step="Ask an admin to add it")  # fmt: skip
        return person_of(rows[0])

    return person


def read_token(token: str, settings: Oidc, keys: KeySet, now: datetime) -> dict[str, Any]:
    """The claims of a token that holds.

    Raises:
        Unauthenticated: it does not; which part of it is not told.
    """
    try:
        head = jwt.get_unverified_header(token)
        if head.get("alg") not in settings.algorithms or "crit" in head:
            raise jwt.InvalidAlgorithmError
        key = keys.key(str(head.get("kid", "")), now)
        if key is None:
            raise jwt.InvalidKeyError
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[str(head["alg"])], audience=settings.audience,
            issuer=settings.issuer,
            options={"require": ["exp", "iat", "iss", "aud", "sub"], "verify_exp": False,
                     "verify_nbf": False, "verify_iat": False},
        )  # fmt: skip
        _in_time(claims, now.timestamp())
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise jwt.InvalidTokenError
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as err:
        raise Unauthenticated("the token is not valid") from err
    if not claims["sub"].isprintable():
        raise Unauthenticated("the token is not valid")
    return claims


def _in_time(claims: Mapping[str, Any], now: float) -> None:
    """The desk's own clock decides, so that it is the same in the ledger."""
    for name in ("exp", "iat", "nbf"):
        if name in claims and (isinstance(claims[name], bool)
                               or not isinstance(claims[name], (int, float))):  # fmt: skip
            raise jwt.DecodeError
    if not claims["exp"] > now - LEEWAY:
        raise jwt.ExpiredSignatureError
    if max(claims["iat"], claims.get("nbf", 0)) > now + LEEWAY:
        raise jwt.ImmatureSignatureError
