"""The app: a desk behind FastAPI."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from klartecken.api.approve import Decider, deciders_of
from klartecken.api.auth import Authenticator, authenticator
from klartecken.api.deliveries import Deliveries
from klartecken.api.determine import Determiner
from klartecken.api.gate import Gatekeeper, GuardedRoute
from klartecken.api.metrics import Counts
from klartecken.api.problems import handle_errors
from klartecken.api.routes import SUBJECTS
from klartecken.api.settings import Settings
from klartecken.api.shell import Shell
from klartecken.api.specification import ABOUT, specify
from klartecken.api.subject import add_subject
from klartecken.desk.desk import Desk
from klartecken.version import __version__


def create_app(
    desk: Desk, settings: Settings | None = None, *,
    deciders: Mapping[tuple[str, str], Decider] | None = None,
    fetch_keys: Callable[[], Mapping[str, Any]] | None = None,
) -> FastAPI:  # fmt: skip
    """The API of a desk.

    Args:
        desk: open; whoever calls closes it.
        settings: how it is set up.
        deciders: how approvals are decided, by table and what of it; by default all that the
            desk knows.
        fetch_keys: gives the key set of the identity provider; by default it is fetched.
    """
    settings = settings or Settings()
    others = None
    if settings.oidc is not None:
        from klartecken.api.oidc import oidc_subjects  # needs the extra `oidc`

        others = oidc_subjects(settings.oidc, fetch_keys)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = settings.threads
        deliveries = Deliveries(app.state.desk, settings)
        deliveries.start()
        try:
            yield
        finally:
            deliveries.stop()

    app = FastAPI(
        title="Klartecken, the licence desk", version=__version__, description=ABOUT,
        openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=life,
    )  # fmt: skip
    app.router.route_class = GuardedRoute
    at_work(app, desk, settings, authenticator(others), deciders)
    handle_errors(app)
    for subject in SUBJECTS:
        add_subject(app, subject)
    files = [one.path for subject in SUBJECTS for one in subject.endpoints if one.takes]
    app.add_middleware(Shell, limit=settings.body_limit, file_limit=settings.file_limit,
                       files=files)  # fmt: skip
    specify(app, SUBJECTS)
    return app


def at_work(
    app: FastAPI, desk: Desk, settings: Settings, known: Authenticator,
    deciders: Mapping[tuple[str, str], Decider] | None = None,
) -> None:  # fmt: skip
    """Put an app to work at a desk; all that it knows of before is gone."""
    app.state.keeper = Gatekeeper(desk, settings, known)
    app.state.desk, app.state.counts = desk, Counts()
    app.state.determiner = Determiner(desk, settings.answers)
    app.state.deciders = deciders_of(desk) if deciders is None else deciders
