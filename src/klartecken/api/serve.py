"""Serving: one process with the desk that is given, or several that each open it by URL."""

from __future__ import annotations

import gc
import ipaddress
import json
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from klartecken.api.app import create_app
from klartecken.api.metrics import TOGETHER
from klartecken.api.models.determinations import OneQuestion
from klartecken.api.settings import Oidc, Settings
from klartecken.api.watch import Watch
from klartecken.desk.desk import open_desk
from klartecken.errors import InputError

PORT = 8470
GIVEN = "KLARTECKEN_SERVE"  # how a worker is told what to serve
STOPPING = 20  # seconds that requests under way may still take


@dataclass(frozen=True, slots=True)
class Listen:
    """Where and how to listen.

    Attributes:
        host, port: by default on this machine alone.
        workers: processes.
        certificate, key: files for HTTPS.
        behind_proxy: something in front speaks HTTPS; its word on who asks is taken.
        proxies: addresses of what stands in front.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    workers: int = 1
    certificate: str = ""
    key: str = ""
    behind_proxy: bool = False
    proxies: str = "127.0.0.1"


def utc_now() -> datetime:
    """The clock of a desk that is served."""
    return datetime.now(UTC)


def serve(
    url: str, home: str | None = None, listen: Listen | None = None,
    settings: Settings | None = None,
) -> None:  # fmt: skip
    """Serve a desk until stopped.

    Args:
        url: of its database.
        home: folder of the lists, decisions, register and owners.

    Raises:
        InputError: tokens would go over the network unencrypted, or no such certificate.
        StorageError: the database cannot be used, or is not set up.
    """
    listen, settings = listen or Listen(), settings or Settings(deliver=2.0)
    refuse_open(listen)
    open_desk(url, home, clock=utc_now).close()  # what is wrong with it is said here, once
    given = {"url": str(url), "home": home, "settings": asdict(settings)}
    with tempfile.TemporaryDirectory(prefix="klartecken-") as folder:
        os.environ[GIVEN] = json.dumps(given)
        if listen.workers > 1:
            os.environ[TOGETHER] = folder
        try:
            uvicorn.run("klartecken.api.serve:served", factory=True, **_options(listen))
        finally:
            os.environ.pop(GIVEN, None)
            os.environ.pop(TOGETHER, None)


def _options(listen: Listen) -> dict[str, Any]:
    return {
        "host": listen.host, "port": listen.port, "workers": listen.workers,
        "ssl_certfile": listen.certificate or None, "ssl_keyfile": listen.key or None,
        "proxy_headers": listen.behind_proxy, "forwarded_allow_ips": listen.proxies,
        "server_header": False, "date_header": True, "access_log": False,
        "log_config": None, "timeout_graceful_shutdown": STOPPING, "timeout_keep_alive": 30,
        "timeout_worker_healthcheck": 60,  # a busy machine may take a while to begin
        "h11_max_incomplete_event_size": 65536, "ws": "none", "lifespan": "on",
    }  # fmt: skip


def refuse_open(listen: Listen) -> None:
    """Refuse to send tokens over a network in the clear.

    Raises:
        InputError: another address than this machine's, and no HTTPS.
    """
    if not 1 <= listen.workers <= 64 or not 0 <= listen.port < 65536:
        raise InputError("needs 1 to 64 workers, and a port below 65536", where="serve")
    for file in (listen.certificate, listen.key):
        if file and not Path(file).is_file():
            raise InputError("there is no such file", where=file)
    if bool(listen.certificate) != bool(listen.key):
        raise InputError("a certificate needs its key, and a key its certificate", where="serve")
    try:
        local = ipaddress.ip_address(listen.host).is_loopback
    except ValueError:
        local = listen.host == "localhost"
    if not (local or listen.certificate or listen.behind_proxy):
        raise InputError(
            f"{listen.host} is not this machine alone, and tokens would travel unencrypted",
            where="--host",
            next_step="Give a certificate, or put a proxy with HTTPS in front and say so",
        )


def served() -> FastAPI:
    """The app of one worker, as :func:`serve` says through the environment."""
    given = json.loads(os.environ[GIVEN])
    said = dict(given["settings"])
    oidc = said.pop("oidc")
    if oidc is not None:
        oidc = Oidc(**{**oidc, "algorithms": tuple(oidc["algorithms"])})
    _log_plainly()
    desk = open_desk(given["url"], given["home"], clock=utc_now)
    app = create_app(desk, Settings(**said, oidc=oidc))
    watch = Watch(desk)
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[Any]:
        watch.start()
        async with inner(app) as state:
            yield state
        watch.stop()
        desk.close()

    app.router.lifespan_context = life
    _settle(app)
    return app


def _settle(app: FastAPI) -> None:
    """Load law and catalogue before the first request, and spare them from being looked through
    for garbage again and again: it would hold up everything for tens of milliseconds.
    """
    app.state.determiner.one(OneQuestion(item="nvidia-h20", to="CN"))
    gc.collect()
    gc.freeze()


def _log_plainly() -> None:
    """Plain lines on standard error, with the moment in UTC in front."""
    handler = logging.StreamHandler(sys.stderr)
    layout = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s",
                               "%Y-%m-%dT%H:%M:%S")  # fmt: skip
    layout.converter = _utc
    handler.setFormatter(layout)
    for name in ("klartecken", "uvicorn"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.INFO)


def _utc(seconds: float | None) -> Any:
    return datetime.fromtimestamp(seconds or 0, UTC).timetuple()
