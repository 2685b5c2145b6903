"""What ``banso doctor`` has found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``remedy`` says what to do when it is not good."""

    what: str
    state: str
    detail: str
    remedy: str = ""


def good(what: str, detail: str) -> Finding:
    """A finding that needs nothing."""
    return Finding(what, "ok", detail)
