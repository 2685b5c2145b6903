"""Knowing which messages were there before, by digests of their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any

import numpy as np
from numpy.typing import NDArray

Digests = NDArray[np.uint64]
#: A sorted run swallows later ones that are no longer this much smaller than itself.
_GROWTH = 4


def digests(source: str, keys: Sequence[str]) -> Digests:
    """Digests of message keys of a source, of shape (n, 2).

    They are DuckDB's ``md5_number_upper`` and ``md5_number_lower`` of
    ``source || chr(0) || message_key``.
    """
    start = md5(f"{source}\0".encode(), usedforsecurity=False)
    parts = []
    for key in keys:
        one = start.copy()
        one.update(key.encode())
        parts.append(one.digest())
    return np.frombuffer(b"".join(parts), dtype="<u8").reshape(-1, 2).astype(np.uint64, copy=False)


class SeenKeys:
    """Digests of keys that were kept already: 16 bytes each, in a few sorted runs."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def __len__(self) -> int:
        return sum(len(run.upper) for run in self._runs)

    def add(self, digests: Digests) -> None:
        """Remember digests of shape (n, 2); known ones may be among them."""
        ranked, _ = _ranked(digests)
        run = ranked.take(self._new(ranked))
        if not len(run.upper):
            return
        while self._runs and len(self._runs[-1].upper) < _GROWTH * len(run.upper):
            run = _merged(self._runs.pop(), run)
        self._runs.append(run)

    def unseen(self, digests: Digests) -> NDArray[np.bool_]:
        """True for digests that were never added and stand for the first time in this array."""
        ranked, order = _ranked(digests)
        found = np.empty(len(order), dtype=bool)
        found[order] = self._new(ranked)
        return found

    def _new(self, ranked: _Run) -> NDArray[np.bool_]:
        new = np.ones(len(ranked.upper), dtype=bool)
        new[1:] = ranked.upper[1:] != ranked.upper[:-1]
        new[1:] |= ranked.lower[1:] != ranked.lower[:-1]
        for run in self._runs:
            new &= ~_contains(run, ranked)
        return new


@dataclass(frozen=True, slots=True)
class _Run:
    """Sorted digests; the halves lie apart because a search wants its column in one piece."""

    upper: NDArray[np.uint64]
    lower: NDArray[np.uint64]

    def take(self, which: NDArray[Any]) -> _Run:
        return _Run(self.upper[which], self.lower[which])


def _ranked(digests: Digests) -> tuple[_Run, NDArray[np.intp]]:
    """The digests in order, equal ones as they came, and where each of them stood."""
    upper, lower = np.ascontiguousarray(digests[:, 0]), np.ascontiguousarray(digests[:, 1])
    order = _order(upper, lower)
    return _Run(upper, lower).take(order), order


def _order(upper: NDArray[np.uint64], lower: NDArray[np.uint64]) -> NDArray[np.intp]:
    order = np.argsort(upper, kind="stable")
    ranked = upper[order]
    twice = ranked[1:] == ranked[:-1]
    # Sorting by both halves takes much longer, and the first half alone all but decides.
    if (lower[order][1:][twice] != lower[order][:-1][twice]).any():
        return np.lexsort((lower, upper))
    return order


def _contains(run: _Run, wanted: _Run) -> NDArray[np.bool_]:
    """Which of the digests lie in the run."""
    at = np.searchsorted(run.upper, wanted.upper)
    found = np.zeros(len(at), dtype=bool)
    left = np.arange(len(at))
    # Keys that share the first half lie next to each other; more than one step is a curiosity.
    while len(left):
        left = left[at[left] < len(run.upper)]
        left = left[run.upper[at[left]] == wanted.upper[left]]
        hit = run.lower[at[left]] == wanted.lower[left]
        found[left[hit]] = True
        left = left[~hit]
        at[left] += 1
    return found


def _merged(older: _Run, newer: _Run) -> _Run:
    joined = _Run(
        np.concatenate([older.upper, newer.upper]), np.concatenate([older.lower, newer.lower])
    )
    # A stable sort takes parts that are sorted already as they are and only merges them.
    return joined.take(_order(joined.upper, joined.lower))
