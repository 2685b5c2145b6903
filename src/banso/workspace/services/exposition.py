"""One text for Prometheus: this process, the worker, and what the database says."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

from banso.kit import clock
from banso.workspace.models import WorkerHeartbeat
from banso.workspace.services import gauges
from banso.workspace.types import DEAD_AFTER

logger = logging.getLogger(__name__)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Families:
    """Families of metrics in the way that the library collects them."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> list[Metric]:
        return self._families


def exposition() -> str:
    """Everything that is counted, timed and read; the label ``process`` says where."""
    registry = CollectorRegistry(auto_describe=False)
    processes = [("web", gauges.own_text()), ("worker", _worker_text())]
    registry.register(_Families([*_merged(processes), *_read()]))
    return generate_latest(registry).decode()


def _worker_text() -> str:
    """What the worker that began last has counted; empty while none runs."""
    living = WorkerHeartbeat.objects.filter(seen_at__gt=clock.now() - DEAD_AFTER)
    newest = living.order_by("-started_at").values_list("figures", flat=True).first()
    return newest or ""


def _merged(processes: Iterable[tuple[str, str]]) -> list[Metric]:
    """Families by name; a name that two processes use stands once, with the samples of both."""
    found: dict[str, Metric] = {}
    for process, text in processes:
        for family in text_string_to_metric_families(text):
            kept = found.setdefault(
                family.name, Metric(family.name, family.documentation, family.type)
            )
            for sample in family.samples:
                labels = {**sample.labels, "process": process}
                kept.add_sample(sample.name, labels, sample.value)
    return list(found.values())


def _read() -> list[Metric]:
    """What the database says; a reading that fails is left out, and logged."""
    families: list[Metric] = []
    for one in gauges.readings():
        family = GaugeMetricFamily(one.name, one.text, labels=one.labels)
        try:
            for values, figure in one.read().items():
                family.add_metric(values, figure)
        except Exception:
            logger.exception("the figure %s could not be read", one.name)
            continue
        families.append(family)
    return families
