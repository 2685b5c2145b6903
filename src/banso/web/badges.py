"""Health in words, number, arrow and shape, drawn once per distinct state."""

from __future__ import annotations

import math
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from banso.web import drawing, formats

#: Bands by the codes that evidence carries, worst first.
_BAND_CODES = ("danger", "caution", "healthy")


def band_word(band: str) -> str:
    """The word for a band; no band is "not enough data"."""
    words = {
        "danger": pgettext("band", "Danger"),
        "caution": pgettext("band", "Caution"),
        "healthy": pgettext("band", "Healthy"),
    }
    return words.get(band or "", pgettext("band", "Not enough data"))


def band_word_of_code(code: float | None) -> str:
    """The word for a band as evidence carries it: a number, worst first."""
    known = code is not None and 0 <= code < len(_BAND_CODES)
    return band_word(_BAND_CODES[int(code or 0)] if known else "")


def health(
    score: float | None, band: str, change: float | None = None, size: str = "", url: str = ""
) -> SafeString:
    """Health as band word, number and arrow of the change; a link where there is a page."""
    inner = _inner(formats.score(score), band or "", _rounded(change), formats.locale())
    about = f'class="health" data-band="{escape(band or "")}" data-size="{escape(size)}"'
    if url:
        return mark_safe(f'<a {about} href="{escape(url)}">{inner}</a>')  # noqa: S308 - escaped
    return mark_safe(f"<span {about}>{inner}</span>")  # noqa: S308 - escaped


def change_arrow(change: float | None, days: int = 28) -> SafeString:
    """The change of a score with an arrow; nothing where there is nothing to compare with."""
    return mark_safe(_arrow(_rounded(change), int(days), formats.locale()))  # noqa: S308 - constants


def _rounded(change: float | None) -> int | None:
    return None if change is None or not math.isfinite(change) else round(change)


@lru_cache(maxsize=8192)
def _inner(shown: str, band: str, change: int | None, language: str) -> str:
    return (
        f'<span class="health-score number">{shown}</span>{drawing.band_mark(band)}'
        f'<span class="health-word">{band_word(band)}</span>{_arrow(change, 28, language)}'
    )


@lru_cache(maxsize=1024)
def _arrow(change: int | None, days: int, language: str) -> str:
    if change is None:
        return ""
    way = "up" if change > 0 else "down" if change < 0 else "flat"
    name = {"up": "arrow-up-right", "down": "arrow-down-right", "flat": "arrow-right"}[way]
    about = ngettext("Change in %(days)d day", "Change in %(days)d days", days) % {"days": days}
    return (
        f'<span class="health-change" data-way="{way}" title="{escape(about)}">'
        f"{drawing.icon(name, 14)}{formats.signed(change)}</span>"
    )


def set_by_hand() -> SafeString:
    """The mark of a score that a person has set."""
    return drawing.icon("hand", 14, _("set by hand"))
