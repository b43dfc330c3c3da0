"""What Prometheus is told: counted here, or looked up in the desk when it asks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import func, select

from klartecken.desk.desk import Desk
from klartecken.desk.hooks.deliver import FAILED, WAITING
from klartecken.desk.machines.line import LINE
from klartecken.desk.storage.tables.ledger import LEDGER
from klartecken.desk.storage.tables.orders import LINES
from klartecken.desk.storage.tables.plumbing import DELIVERIES
from klartecken.version import __version__

MEDIA = "text/plain; version=0.0.4"
TOGETHER = "PROMETHEUS_MULTIPROC_DIR"  # a folder, where several processes count together
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Counts:
    """What one process counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "klartecken_requests", "Requests by route and status", ("route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "klartecken_request_seconds", "Time that a request took", ("route",),
            buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._determinations = Counter(
            "klartecken_determinations", "Determinations by outcome", ("outcome",),
            registry=self.registry,
        )  # fmt: skip

    def request(self, route: str, status: int, seconds: float) -> None:
        """A request that is over; ``route`` is its template, so that there are few."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def determined(self, outcome: str, count: int = 1) -> None:
        """Questions that were answered."""
        self._determinations.labels(outcome).inc(count)


class _Looked:
    """What the desk itself knows, as a collector."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterator[Metric]:
        return iter(self._metrics)


def exposition(desk: Desk, counts: Counts) -> bytes:
    """All metrics, as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(_Looked(_of_desk(desk)))
    if os.environ.get(TOGETHER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(counts.registry) + generate_latest(registry)


def _of_desk(desk: Desk) -> Iterator[Metric]:
    with desk.read() as connection:
        head = connection.execute(select(func.max(LEDGER.c.seq))).scalar() or 0
        states: dict[str, int] = dict(
            connection.execute(select(LINES.c.state, func.count()).group_by(LINES.c.state)).all()
        )
        held: dict[str, int] = dict(
            connection.execute(
                select(DELIVERIES.c.state, func.count())
                .where(DELIVERIES.c.state.in_((WAITING, FAILED)))
                .group_by(DELIVERIES.c.state)
            ).all()
        )
    yield GaugeMetricFamily("klartecken_ledger_head", "Number of the last entry", value=head)
    lines = GaugeMetricFamily("klartecken_lines", "Order lines by state", labels=["state"])
    for state in LINE.states:
        lines.add_metric([state], states.get(state, 0))
    yield lines
    waits = GaugeMetricFamily("klartecken_deliveries", "Webhook deliveries", labels=["state"])
    for state in (WAITING, FAILED):
        waits.add_metric([state], held.get(state, 0))
    yield waits
    about = GaugeMetricFamily("klartecken_info", "Program and law", labels=["version", "law"])
    about.add_metric([__version__, desk.world.hash[:12]], 1)
    yield about
