"""Whether the disk has room: senders are asked to wait before it is full, not after."""

from __future__ import annotations

import os
import time
from pathlib import Path

#: Kept free for the worker and for what is being written, or an eighth of a very small disk.
RESERVE = 64 * 1024 * 1024
LOOK_SECONDS = 1.0


class Room:
    """Looks at the disk of a folder, at most once a second."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looked_at = float("-inf")
        self._has_room = True

    def __call__(self) -> bool:
        """Whether more may be written."""
        now = time.monotonic()
        if now - self._looked_at > LOOK_SECONDS:
            disk = os.statvfs(self._folder)
            reserve = min(RESERVE, disk.f_blocks * disk.f_frsize // 8)
            self._has_room = disk.f_bavail * disk.f_frsize > reserve
            self._looked_at = now
        return self._has_room
