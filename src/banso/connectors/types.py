"""Plain values about imports."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a file holds."""

    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    SUBSCRIPTIONS = "subscriptions"
    USAGE = "usage"
    TICKETS = "tickets"
    NPS = "nps"
    ACTIVITIES = "activities"


class ImportStatus(StrEnum):
    """The life of an import."""

    UPLOADED = "uploaded"
    MAPPED = "mapped"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class Severity(StrEnum):
    """Error: the row was not taken. Warning: taken, with something worth knowing."""

    ERROR = "error"
    WARNING = "warning"
