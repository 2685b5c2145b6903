"""Giving memory back to the machine after work that needed much of it."""

from __future__ import annotations

import ctypes
import gc

import pyarrow as pa


def give_back() -> None:
    """Let go of what the allocators of this process keep for later; takes tens of milliseconds."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except AttributeError:
        # Only the C library of GNU can be asked; others return memory by themselves, or never.
        return
