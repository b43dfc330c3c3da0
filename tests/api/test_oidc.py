"""Tokens of an identity provider: only those that it signed, for us, in time, for somebody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient

from klartecken.api.app import create_app
from klartecken.api.oidc import AGAIN, FRESH, oidc_subjects
from klartecken.api.settings import Oidc, Settings
from klartecken.desk.desk import Desk
from klartecken.desk.people.accounts import add_person, change_person
from klartecken.desk.people.roles import DESK
from klartecken.errors import InputError
from tests.api.asking import Asking, assert_problem
from tests.api.conftest import only_sqlite
from tests.desk.clock import Clock
from tests.desk.world import HERE
from tests.feed.conftest import Answer, Web, web  # noqa: F401

pytestmark = only_sqlite
RSA = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
Sign = Callable[..., str]


def public(key: Any, ident: str, algorithm: str) -> dict[str, Any]:
    kind = jwt.algorithms.get_default_algorithms()[algorithm]
    return {**json.loads(kind.to_jwk(key.public_key())), "kid": ident, "use": "sig"}


@pytest.fixture
def provider(web: Web) -> Web:  # noqa: F811
    about = {"issuer": web.base, "jwks_uri": web.url("/keys")}
    keys = {"keys": [public(RSA, "r", "RS256"), public(CURVE, "e", "ES256"),
                     {"kty": "odd", "kid": "x"}, "nonsense"]}  # fmt: skip
    web.answers["/.well-known/openid-configuration"] = Answer(json.dumps(about).encode())
    web.answers["/keys"] = Answer(json.dumps(keys).encode(),
                                  headers={"Content-Type": "application/jwk-set+json"})  # fmt: skip
    return web


@pytest.fixture
def sign(provider: Web, clock: Clock) -> Sign:
    def signed(key: Any = RSA, kid: str | None = "r", algorithm: str = "RS256", **claims: Any
               ) -> str:  # fmt: skip
        now = int(clock.now.timestamp())
        body = {"iss": provider.base, "aud": "desk", "sub": "subject-1", "iat": now,
                "exp": now + 300, **claims}  # fmt: skip
        body = {name: value for name, value in body.items() if value is not None}
        return jwt.encode(body, key, algorithm, headers={} if kid is None else {"kid": kid})

    return signed


@pytest.fixture
def client(desk: Desk, provider: Web) -> Iterator[TestClient]:
    with desk.work(DESK, HERE) as work:
        add_person(work, "Zoe", ["viewer"], oidc_subject="subject-1")
    settings = Settings(oidc=Oidc(provider.base, "desk"))
    with TestClient(create_app(desk, settings)) as held:
        yield held


def test_who_it_is(client: TestClient, sign: Sign, provider: Web) -> None:
    for token in (sign(), sign(CURVE, "e", "ES256"), sign(aud=["other", "desk"])):
        assert Asking(client, token).get("/me").json()["name"] == "Zoe"
    fetched = [path for path, _ in provider.asked]
    assert fetched == ["/.well-known/openid-configuration", "/keys"]  # once for all


def test_tokens_of_our_own_still_count(client: TestClient, tokens: dict[str, str]) -> None:
    assert Asking(client, tokens["Ada"]).get("/me").json()["name"] == "Ada"


def wrong_tokens(sign: Sign, clock: Clock) -> dict[str, str]:
    now = int(clock.now.timestamp())
    pem = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    good = sign()
    head, body, mark = good.split(".")
    return {
        "another key": sign(OTHER), "unknown key": sign(OTHER, "z"), "no key": sign(kid=None),
        "key of another kind": sign(CURVE, "r", "ES256"),
        "none": jwt.encode(jwt.decode(good, options={"verify_signature": False}), "", "none",
                           headers={"kid": "r"}),
        "shared secret": sign("a" * 64, "r", "HS256"),
        "public key as secret": _hmac_with(pem, body),
        "over": sign(exp=now - 60), "no end": sign(exp=None), "endless": sign(exp="never"),
        "not a number": sign(exp=float("nan")),
        "not yet": sign(nbf=now + 600), "from the future": sign(iat=now + 600),
        "another issuer": sign(iss="https://other.example"), "for another": sign(aud="other"),
        "for nobody": sign(aud=None), "no subject": sign(sub=None),
        "unknown": sign(sub="subject-2"), "cut": good[:-3],
        "body changed": f"{head}.{body[:-2]}.{mark}", "no mark": f"{head}.{body}.",
        "two": f"{good}.{good}", "nothing": "..", "text": "hello",
    }  # fmt: skip


def _hmac_with(pem: bytes, body: str) -> str:
    """The old trick: the public key taken as the secret of an HMAC."""
    import base64
    import hashlib
    import hmac

    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"r","typ":"JWT"}').rstrip(b"=").decode()
    mark = hmac.new(pem, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def test_wrong_tokens(client: TestClient, sign: Sign, clock: Clock) -> None:
    assert Asking(client, sign()).get("/me").status_code == 200
    for what, token in wrong_tokens(sign, clock).items():
        answer = Asking(client, token).get("/me")
        assert answer.status_code == 401, (what, answer.text)


def test_who_has_left(client: TestClient, desk: Desk, sign: Sign) -> None:
    with desk.work(DESK, HERE) as work:
        change_person(work, 11, active=False)
    assert_problem(Asking(client, sign()).get("/me"), 401, "unauthenticated")


def test_a_new_key_is_fetched_but_not_for_ever(client: TestClient, sign: Sign, provider: Web,
                                               clock: Clock) -> None:  # fmt: skip
    assert Asking(client, sign()).get("/me").status_code == 200
    provider.answers["/keys"] = Answer(json.dumps({"keys": [public(OTHER, "n", "RS256")]}).encode())
    count = len(provider.asked)
    assert Asking(client, sign(OTHER, "n")).get("/me").status_code == 401  # asked just now
    assert len(provider.asked) == count
    clock.now += AGAIN + AGAIN
    assert Asking(client, sign(OTHER, "n")).get("/me").status_code == 200
    assert Asking(client, sign()).get("/me").status_code == 401  # that one was withdrawn


def test_the_provider_is_away(client: TestClient, sign: Sign, provider: Web, clock: Clock) -> None:
    provider.answers.clear()
    assert_problem(Asking(client, sign()).get("/me"), 503, "unavailable")
    provider.answers["/.well-known/openid-configuration"] = Answer(b'{"issuer": "https://evil"}')
    assert_problem(Asking(client, sign()).get("/me"), 503, "unavailable")


def test_away_later(client: TestClient, sign: Sign, provider: Web, clock: Clock) -> None:
    assert Asking(client, sign()).get("/me").status_code == 200
    provider.answers.clear()
    clock.now += FRESH + AGAIN
    assert Asking(client, sign()).get("/me").status_code == 200  # the keys of before still do


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_algorithms_that_are_refused(algorithm: str, kind: str) -> None:
    with pytest.raises(InputError):
        oidc_subjects(Oidc("https://id.example", "desk", algorithms=(algorithm,)))
