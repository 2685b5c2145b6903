"""Whether the work gets done: the worker, its lease, the inbox of events, the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from banso.config.cli.findings import Finding, good

#: What waits longer than this waits for something that does not come by itself.
LATE_SECONDS = 60
_AT_WORK = "./banso serve starts a worker; its log says what keeps it."


def worker() -> Iterator[Finding]:
    from banso.workspace.selectors import live_workers

    count = live_workers()
    if count:
        yield good("Worker", f"{count} running")
    else:
        yield Finding("Worker", "warn", "none is running", "./banso serve")


def worker_lease() -> Iterator[Finding]:
    """Where several machines share the database: who may write."""
    from banso.workspace.services import lease

    if not lease.is_needed():
        return
    row = lease.lease()
    if row is None or not row.holder:
        yield Finding("Worker lease", "warn", "nobody holds it", "./banso serve")
    else:
        yield good("Worker lease", f"{row.holder}, renewed at {row.renewed_at:%H:%M:%S} UTC")


def inbox() -> Iterator[Finding]:
    from banso.usage.services import readings

    messages, lag = readings.inbox_messages(), readings.inbox_lag()[()]
    waiting, set_aside = int(messages["waiting",]), int(messages["set_aside",])
    detail = f"{waiting:,} messages wait, the oldest {lag:,.0f} s"
    if lag > LATE_SECONDS:
        yield Finding("Inbox", "warn", detail, _AT_WORK)
    else:
        yield good("Inbox", detail)
    if set_aside:
        remedy = "Settings → Data sources shows why, and takes them up again."
        yield Finding("Inbox", "warn", f"{set_aside:,} messages were set aside", remedy)


def warehouse() -> Iterator[Finding]:
    from banso.usage.services import readings

    waiting, lag = int(readings.unprojected()[()]), readings.warehouse_lag()[()]
    if not waiting:
        yield good("Warehouse", "has every batch")
        return
    detail = f"{waiting:,} batches behind, the oldest by {lag:,.0f} s"
    state = "warn" if lag > LATE_SECONDS else "ok"
    yield Finding("Warehouse", state, detail, _AT_WORK if state == "warn" else "")


WORK: tuple[Callable[[], Iterator[Finding]], ...] = (worker, worker_lease, inbox, warehouse)
