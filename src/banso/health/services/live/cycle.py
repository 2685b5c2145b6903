"""One round of live work: what arrived goes into the warehouse, and accounts are judged by it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import structlog

from banso.health.selectors.due import due_accounts
from banso.health.services.due import forget_due
from banso.health.services.live import meters
from banso.health.services.live.changes import ColumnChanges
from banso.health.services.live.judging import fill_past, judge
from banso.health.services.pending import Pending, pending
from banso.health.services.sync import replace_datasets_of, sync_warehouse
from banso.health.services.warehouse import exclusive, warehouse
from banso.kit import clock
from banso.kit.errors import InvalidInputError
from banso.usage.rules.intake.seen import SeenKeys
from banso.usage.selectors.batches import first_live_batch
from banso.usage.services.batches import mark_projected, mark_refused
from banso.usage.services.intake import drain_inbox
from banso.workspace.selectors import business_day
from banso.workspace.services import bulletins

logger = structlog.get_logger(__name__)
#: How long keys are remembered by which a message that comes twice is known.
MEMORY = timedelta(days=35)
#: Accounts judged together: few enough that what is being looked at never waits long.
TOGETHER = 500
#: Longest time a round spends on accounts that nobody has open, while more arrives.
BUDGET_SECONDS = 0.25
#: Accounts whose past is filled in one round.
PAST_TOGETHER = 100


class LiveCycle:
    """What the worker does over and over; one per process, for it owns the warehouse."""

    def __init__(self, queue: Pending = pending) -> None:
        self.pending = queue
        self._seen = SeenKeys()
        self._columns = ColumnChanges()

    def warm_up(self) -> None:
        """Bring the warehouse up to date and remember the keys of the last 35 days.

        Batches that were loaded but not judged before the last worker ended wait to be judged.
        """
        with exclusive:
            sync = sync_warehouse()
            self._remember()
        for batch_id in sync.came:
            self.pending.note(batch_id, sync.accounts)
            if sync.first_day is not None and sync.first_day < business_day():
                late = dict.fromkeys(sync.accounts, sync.first_day)
                self.pending.note_late(batch_id, late)

    def _remember(self) -> None:
        since = first_live_batch(clock.now() - MEMORY)
        if since is None:
            return
        keys = warehouse().live_keys(since)
        self._seen.add(np.column_stack([keys["upper"], keys["lower"]]))

    def run_once(self) -> bool:
        """Take in what waits and judge what it touched; false when there was nothing to do."""
        with exclusive:
            return self._round()

    def _round(self) -> bool:
        with meters.DRAIN.time():
            drained = drain_inbox(self._seen)
        with meters.LOAD.time():
            self._load(drained.batches)
        newest = drained.batches[-1][0] if drained.batches else 0
        self.pending.note(newest, drained.accounts)
        with meters.JUDGE.time():
            judged = self._judge_due() + self._judge_watched() + self._judge_others()
        with meters.PAST.time():
            filled = self._fill_past() if not drained.more else 0
        with meters.PUBLISH.time():
            self._publish()
        meters.count_drained(drained)
        meters.count_judged(judged)
        return bool(drained.messages or judged or filled)

    def _publish(self) -> None:
        if done := self.pending.settled():
            mark_projected(done)
        self._columns.write()

    def finish(self) -> None:
        """Write what would have been written a little later."""
        self._columns.write(at_once=True)

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
        late = rows.filter(pc.less(rows["day"], pa.scalar(today)))
        if late.num_rows:
            first = late.group_by("account_id").aggregate([("day", "min")]).to_pydict()
            days = dict(zip(first["account_id"], first["day_min"], strict=True))
            self.pending.note_late(batch_id, days)

    def _judge_due(self) -> int:
        """Accounts that people changed, with everything that rooms know of them."""
        due = due_accounts(TOGETHER)
        if due:
            accounts = sorted(set(due.values()))
            replace_datasets_of(accounts)
            self._judge(dict.fromkeys(accounts, 0))
            forget_due(due)
        return len(due)

    def _judge_watched(self) -> int:
        if not len(self.pending):
            return 0
        return self._judge(self.pending.take_watched(bulletins.watched(bulletins.ACCOUNTS)))

    def _judge_others(self) -> int:
        began, judged = time.monotonic(), 0
        while len(self.pending) and time.monotonic() - began < BUDGET_SECONDS:
            judged += self._judge(self.pending.take(TOGETHER))
        return judged

    def _judge(self, accounts: dict[int, int]) -> int:
        began = time.monotonic()
        try:
            if accounts:
                self._columns.note(judge(sorted(accounts)))
                self.pending.note_judged(accounts, began)
        except BaseException:
            self.pending.give_back(accounts)
            raise
        return len(accounts)

    def _fill_past(self) -> int:
        start, accounts = self.pending.take_late(PAST_TOGETHER)
        try:
            if start is not None:
                fill_past(list(accounts), start)
        except BaseException:
            self.pending.give_back_late(accounts)
            raise
        return len(accounts)


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
