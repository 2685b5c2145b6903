"""The thread of the worker that keeps scores up to date while events arrive."""

from __future__ import annotations

import threading

import duckdb
import structlog
from django.db import connections

from banso.health.services.live.cycle import LiveCycle
from banso.health.services.warehouse import close_warehouse
from banso.kit.errors import ConflictError

logger = structlog.get_logger(__name__)
#: How long to wait after a round that found nothing: what an event waits for at most.
IDLE_SECONDS = 0.05
#: How long to wait after a round that failed.
FAILED_SECONDS = 1.0


class LiveLoop:
    """Runs rounds of :class:`LiveCycle` beside the jobs of the same process, until stopped."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    def __enter__(self) -> LiveLoop:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped.is_set():
                self._work()
        finally:
            connections.close_all()

    def _work(self) -> None:
        """Rounds until stopped or one fails, in which case everything begins from what is kept."""
        try:
            cycle = LiveCycle()
            cycle.warm_up()
            while not self._stopped.is_set():
                if not cycle.run_once():
                    self._stopped.wait(IDLE_SECONDS)
            cycle.finish()
        except duckdb.FatalException:
            logger.exception("the warehouse failed and is opened again")
            close_warehouse()
        except ConflictError as error:
            logger.warning("the warehouse is in use", code=error.code, reason=str(error))
        except Exception:
            logger.exception("live events could not be processed")
        else:
            return
        # The database may have gone away: its connection is made anew.
        connections.close_all()
        self._stopped.wait(FAILED_SECONDS)
