"""One round of live work: what arrived goes into the warehouse, and accounts are judged by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import structlog

from banso.health.services.live import meters
from banso.health.services.live.agenda import Agenda
from banso.health.services.live.idle import Idle
from banso.health.services.live.judging import Judge
from banso.health.services.pending import Pending, pending
from banso.health.services.sync import sync_warehouse
from banso.health.services.warehouse import exclusive, warehouse
from banso.kit import clock
from banso.kit.errors import InvalidInputError
from banso.usage.rules.intake.seen import SeenKeys
from banso.usage.selectors.batches import first_live_batch
from banso.usage.services.batches import mark_projected, mark_refused
from banso.usage.services.intake import drain_inbox
from banso.workspace.selectors import business_day

logger = structlog.get_logger(__name__)
#: How long keys are remembered by which a message that comes twice is known.
MEMORY = timedelta(days=35)
#: How often keys that are older than that are forgotten.
FORGET_EVERY = timedelta(days=1)
#: Events that have waited so long until they are in the warehouse came faster than rounds are made.
LATE = timedelta(seconds=0.5)


class LiveCycle:
    """What the worker does over and over; one per process, for it owns the warehouse."""

    def __init__(self, queue: Pending = pending) -> None:
        self.pending = queue
        self._seen = SeenKeys()
        self._remembered_at = clock.now()
        self._judge = Judge()
        self._agenda = Agenda(queue, self._judge)
        self._idle = Idle()

    def warm_up(self) -> None:
        """Bring the warehouse up to date and remember the keys of the last 35 days.

        Batches that were loaded but not judged before the last worker ended wait to be judged.
        """
        with exclusive:
            sync = sync_warehouse()
            self._remember()
            self._judge.get_to_know_everybody()
        for batch_id in sync.came:
            self.pending.note(batch_id, sync.accounts)
            if sync.first_day is not None and sync.first_day < business_day():
                late = dict.fromkeys(sync.accounts, sync.first_day)
                self.pending.note_late(batch_id, late)

    def _remember(self) -> None:
        """Know the keys of the last 35 days, and forget older ones."""
        self._seen, self._remembered_at = SeenKeys(), clock.now()
        since = first_live_batch(clock.now() - MEMORY)
        if since is None:
            return
        keys = warehouse().live_keys(since)
        self._seen.add(np.column_stack([keys["upper"], keys["lower"]]))

    def run_once(self) -> bool:
        """Take in what waits and judge what it touched; false when there was nothing to do."""
        with exclusive:
            worked = self._round()
            self._idle.note(worked=worked)
        return worked

    def _round(self) -> bool:
        with meters.DRAIN.time():
            drained = drain_inbox(self._seen)
        with meters.LOAD.time():
            self._load(drained.batches)
        newest = drained.batches[-1][0] if drained.batches else 0
        self.pending.note(newest, drained.accounts)
        if self._judge.renew():
            # The memory of a run over all accounts is given back like that of a round.
            self._idle.note(worked=True)
        with meters.JUDGE.time():
            late = drained.oldest_received_at and clock.now() - drained.oldest_received_at > LATE
            judged = self._agenda.work(is_idle=not drained.messages, is_late=bool(late))
        with meters.PAST.time():
            filled = self._agenda.fill_past(is_idle=not drained.messages)
        with meters.PUBLISH.time():
            self._publish()
        meters.count_drained(drained)
        meters.count_judged(judged)
        worked = bool(drained.messages or judged or filled)
        if not worked and abs(clock.now() - self._remembered_at) > FORGET_EVERY:
            self._remember()
        return worked

    def _publish(self) -> None:
        if done := self.pending.settled():
            mark_projected(done)
        self._judge.columns.write()

    def finish(self) -> None:
        """Write what would have been written a little later."""
        self._agenda.finish()
        self._judge.columns.write(at_once=True)

    def _load(self, batches: Sequence[tuple[int, pa.Table]]) -> None:
        if not batches:
            return
        try:
            warehouse().load_live(batches)
        except InvalidInputError:
            batches = [(one, rows) for one, rows in batches if _loaded_alone(one, rows)]
        today = business_day()
        for batch_id, rows in batches:
            self._note(batch_id, rows, today)

    def _note(self, batch_id: int, rows: pa.Table, today: date) -> None:
        self.pending.note(batch_id, rows["account_id"].unique().to_pylist())
        by_today = rows.filter(pc.less_equal(rows["day"], pa.scalar(today)))
        days = by_today.group_by("account_id").aggregate([("day", "min"), ("day", "max")])
        spans = zip(*(days[name].to_pylist() for name in ("day_min", "day_max")), strict=True)
        used = dict(zip(days["account_id"].to_pylist(), spans, strict=True))
        self._judge.note_use(used)
        late = {one: first for one, (first, _last) in used.items() if first < today}
        self.pending.note_late(batch_id, late)


def take_in_everything() -> None:
    """Do live work until nothing waits any more, for a worker that ends then."""
    cycle = LiveCycle()
    cycle.warm_up()
    while cycle.run_once():
        pass
    cycle.finish()


def _loaded_alone(batch_id: int, rows: pa.Table) -> bool:
    try:
        warehouse().load_live([(batch_id, rows)])
    except InvalidInputError as error:
        # One batch that cannot be taken must not keep the others out.
        logger.error("usage batch refused", batch=batch_id, reason=str(error))
        mark_refused(batch_id, str(error))
        return False
    return True
