"""Processes that end when the one that started them does, however that happens."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys

_SET_SIGNAL_OF_PARENTS_DEATH = 1


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent dies; to be called in the child.

    A web server that outlived its parent would keep the port, so that no other could start.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_SET_SIGNAL_OF_PARENTS_DEATH, signal.SIGTERM)
    parent = multiprocessing.parent_process()
    # It may have died before it was asked about.
    if parent is not None and not parent.is_alive():
        os.kill(os.getpid(), signal.SIGTERM)
