"""The warehouse: usage facts, their daily roll-ups and the datasets of the other rooms.

A projection of what the database holds: it may be thrown away and loaded again. One DuckDB file,
owned by one process.
"""

from banso.engine.warehouse.batches import LoadResult
from banso.engine.warehouse.contents import Extent
from banso.engine.warehouse.schema import COUNTED, DAILY, LIVE, RAW, BatchKind
from banso.engine.warehouse.store import Warehouse

__all__ = ["COUNTED", "DAILY", "LIVE", "RAW", "BatchKind", "Extent", "LoadResult", "Warehouse"]
