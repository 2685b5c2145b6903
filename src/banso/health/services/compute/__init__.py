"""From the warehouse to what the pages show: values, scores, signals, the book of business."""

from banso.health.services.compute.current import Current, compute_current
from banso.health.services.compute.report import score_rows
from banso.health.services.compute.runs import (
    fill_and_refresh,
    nightly,
    rebuild,
    refresh,
    refresh_everything,
)
from banso.health.services.compute.trials import try_metric, try_rule
from banso.health.services.sync import sync_warehouse

__all__ = [
    "Current",
    "compute_current",
    "fill_and_refresh",
    "nightly",
    "rebuild",
    "refresh",
    "refresh_everything",
    "score_rows",
    "sync_warehouse",
    "try_metric",
    "try_rule",
]
