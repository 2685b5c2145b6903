"""Requests that nobody can take among many that are good, and how late those are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

import pyarrow as pa

from tests.reliability.failing_disk import event
from tests.reliability.installation import Installation
from tests.reliability.projections import kept_events
from tests.reliability.service import MAKE_SOURCE, Service, wait_until
from tests.reliability.traffic import Traffic

STEPS = 10
#: As if their bytes had been damaged: they say that they are compressed and are not.
POISON = """
from banso.kit import clock
from banso.usage.models import EventSource, InboxBatch
InboxBatch.objects.bulk_create(
    InboxBatch(source=EventSource.objects.get(), route="batch", received_at=clock.now(),
               body=b"poison", is_gzip=True, messages=1)
    for _ in range({count})
)
"""
GOOD = "SELECT count(*) FROM usage_inboxbatch WHERE is_gzip = false"
TRIES = "SELECT count(*), max(attempts) FROM usage_inboxbatch WHERE set_aside_at IS NOT NULL"
UNDECIDED = "SELECT count(*) FROM usage_inboxbatch WHERE set_aside_at IS NULL"


@dataclass(slots=True)
class Outcome:
    """Seconds from acknowledging an event to taking it, and what became of poison."""

    p50_seconds: float = 0
    p99_seconds: float = 0
    most_seconds: float = 0
    lost: int = 0
    set_aside: int = 0
    most_tries: int = 0


def send_with_poison(installation: Installation, *, requests: int, poison: int) -> Outcome:
    """Send requests, with poison laid between them in ten portions."""
    installation.command("audit")
    installation.python(MAKE_SOURCE)
    with (
        Service(installation) as service,
        Traffic(service.port, size=1, compose=event) as traffic,
    ):
        traffic.allow(1)
        wait_until(lambda: installation.query("SELECT 1 FROM accounts_account") != [], service)
        for number in range(STEPS):
            traffic.allow((number + 1) * requests // STEPS)
            if poison:
                installation.python(POISON.format(count=poison // STEPS))
            wait_until(traffic.is_done, service, seconds=300)
        wait_until(lambda: installation.query(GOOD) == [(0,)], service)
        outcome = _measured(installation, traffic)
        # The pauses between five tries take two minutes and a half.
        wait_until(lambda: installation.query(UNDECIDED) == [(0,)], service, seconds=300)
        ((outcome.set_aside, most),) = installation.query(TRIES)
        outcome.most_tries = most or 0
    return outcome


def _measured(installation: Installation, traffic: Traffic) -> Outcome:
    delays = sorted(
        max(0.0, taken - traffic.acknowledged[number]) for number, taken in _moments(installation)
    )
    cuts = quantiles(delays, n=100)
    expected = {f"m{number}" for number in range(1, traffic.allowed)}
    lost = len(expected - kept_events(installation).keys())
    return Outcome(round(cuts[49], 3), round(cuts[98], 3), round(delays[-1], 3), lost)


def _moments(installation: Installation) -> Iterator[tuple[int, float]]:
    """Number of each event and the moment at which the worker kept it."""
    for payload, kept in installation.query(
        "SELECT payload, created_at FROM usage_usagebatch WHERE kind = 'live'"
    ):
        moment = datetime.fromisoformat(f"{kept}+00:00").timestamp()
        for key in pa.ipc.open_stream(bytes(payload)).read_all()["message_key"].to_pylist():
            yield int(key[1:]), moment
