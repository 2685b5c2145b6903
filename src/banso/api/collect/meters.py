"""What the collection API counts of itself."""

from __future__ import annotations

from collections.abc import Iterable

from banso.workspace.services import gauges

_MESSAGES = gauges.counter(
    "banso_collect_messages_total",
    "Messages that arrived: accepted, repeated (within those accepted) or refused",
    ["outcome"],
)
_REFUSED = gauges.counter(
    "banso_collect_refused_total", "Messages refused one by one, by reason", ["code"]
)
_REQUESTS = gauges.counter(
    "banso_collect_requests_total", "Requests, by “kept” or why nothing of them was", ["outcome"]
)
_COMMITS = gauges.counter("banso_collect_commits_total", "Group commits", ["outcome"])
COMMIT_SECONDS = gauges.timer("banso_collect_commit_seconds", "How long a group commit takes")
WAITING = gauges.gauge("banso_collect_waiting_requests", "Requests waiting for the next commit")
#: Looked up once, because this is the busiest place of all.
_accepted, _repeated, _kept = (
    _MESSAGES.labels("accepted"),
    _MESSAGES.labels("repeated"),
    _REQUESTS.labels("kept"),
)
_committed, _failed = _COMMITS.labels("kept"), _COMMITS.labels("failed")


def count_kept(accepted: int, repeated: int, refused_codes: Iterable[str]) -> None:
    """A request that was kept, with what became of its messages."""
    _kept.inc()
    _accepted.inc(accepted)
    if repeated:
        _repeated.inc(repeated)
    for code in refused_codes:
        _MESSAGES.labels("refused").inc()
        _REFUSED.labels(code).inc()


def count_refused(code: str) -> None:
    """A request of which nothing was kept."""
    _REQUESTS.labels(code).inc()


def count_commit(is_kept: bool) -> None:
    """A group commit that succeeded or failed."""
    (_committed if is_kept else _failed).inc()
