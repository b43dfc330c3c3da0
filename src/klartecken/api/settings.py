"""How the API is set up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Oidc:
    """An identity provider whose tokens are taken beside our own.

    Attributes:
        issuer: as its tokens name it.
        audience: whom its tokens must be for.
        keys: address of its key set; empty: as its own description says.
        algorithms: how its tokens may be signed; never with a shared secret, never ``none``.
    """

    issuer: str
    audience: str
    keys: str = ""
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256", "EdDSA")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the API is set up.

    Attributes:
        body_limit: bytes that a request may have.
        file_limit: bytes that a file may have that is sent to be attached.
        threads: requests that a process works on at once.
        inside_hooks: may webhooks lead to addresses of the inside, and to http?
        deliver: seconds between two looks at what webhooks are to be told; 0: never.
        kept_keys: days after which an idempotency key is forgotten.
        answers: determinations that are kept, for a question that comes again.
        oidc: an identity provider.
    """

    body_limit: int = 8_000_000
    file_limit: int = 25 * 1024 * 1024
    threads: int = 12
    inside_hooks: bool = False
    deliver: float = 0
    kept_keys: int = 30
    answers: int = 4096
    oidc: Oidc | None = None
