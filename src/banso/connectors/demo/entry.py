"""One sentence of a CSM, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A title and a body in Japanese and English, and the kind of timeline entry."""

    kind: str
    ja: tuple[str, str]
    en: tuple[str, str]
