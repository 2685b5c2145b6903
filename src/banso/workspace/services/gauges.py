"""What operators watch: counted and timed in each process, put together for one reader.

Every room declares its meters as module constants. A web process shows its own, what the workers
wrote with their last sign of life, and figures that are read from the database when somebody asks.
Names follow Prometheus: base units, ``_total`` for what only grows, few values per label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

disable_created_metrics()  # type: ignore[no-untyped-call]
#: Without the figures of Python itself, which say nothing about Banso.
REGISTRY = CollectorRegistry(auto_describe=False)
#: From a page out of memory to a request that somebody gives up.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
#: Label values to figure; the empty tuple where a reading has no labels.
Figures = Mapping[tuple[str, ...], float]


class Reading:
    """A figure that is read when somebody asks, such as the number of waiting jobs."""

    def __init__(
        self, name: str, text: str, labels: Sequence[str], read: Callable[[], Figures]
    ) -> None:
        self.name, self.text, self.labels, self.read = name, text, tuple(labels), read


_readings: dict[str, Reading] = {}


def counter(name: str, text: str, labels: Iterable[str] = ()) -> Counter:
    """A figure that only grows; ``.inc(n)``, with labels ``.labels(value).inc(n)``."""
    return Counter(name, text, tuple(labels), registry=REGISTRY)


def gauge(name: str, text: str, labels: Iterable[str] = ()) -> Gauge:
    """A figure that goes up and down; ``.set(x)``."""
    return Gauge(name, text, tuple(labels), registry=REGISTRY)


def timer(
    name: str, text: str, labels: Iterable[str] = (), *, buckets: Sequence[float] = SECONDS
) -> Histogram:
    """How long something takes, in seconds; ``.observe(seconds)`` or ``with timer.time():``."""
    return Histogram(name, text, tuple(labels), registry=REGISTRY, buckets=buckets)


def reading(name: str, text: str, read: Callable[[], Figures], labels: Sequence[str] = ()) -> None:
    """Offer a figure from the database; called by a room's ``apps``.

    Args:
        read: label values to figure, e.g. ``{("queued",): 3}``; ``{(): 3}`` without labels. It must
            be cheap, for it is read every few seconds.
    """
    _readings[name] = Reading(name, text, labels, read)


def readings() -> list[Reading]:
    """All figures that are read when somebody asks, by name."""
    return [_readings[name] for name in sorted(_readings)]


def own_text() -> str:
    """The meters of this process in the text format of Prometheus."""
    return generate_latest(REGISTRY).decode()
