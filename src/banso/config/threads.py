"""Calling what needs the database from where nothing may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")
#: Few, so that connections are kept and used again.
_pool = ThreadPoolExecutor(4, thread_name_prefix="database")


def in_thread(work: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The same function for the event loop; a connection that failed or is old is given up."""

    def _on_fresh_connection(*args: P.args, **kwargs: P.kwargs) -> R:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_pool, lambda: _on_fresh_connection(*args, **kwargs))

    return call
