"""The values of metrics on every day of a span, by arithmetic on whole arrays.

Equal to :func:`banso.engine.evaluate.evaluate` run for each day, at a small part of its cost.
"""

from banso.engine.history.spans import HistoryChunk, history, history_map

__all__ = ["HistoryChunk", "history", "history_map"]
