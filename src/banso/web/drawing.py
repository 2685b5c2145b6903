"""Small drawings that stand in text: icons, sparklines, bars, band marks, avatars.

They are SVG with presentation attributes only, because the content security policy allows no
style attribute, and they are built as strings, because lists draw hundreds of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import lucide
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

#: Shapes that tell the bands apart without colour: triangle down, diamond, disc, ring.
_MARKS = {
    "danger": '<path d="M1 2h10L6 11z" fill="currentColor"/>',
    "caution": '<path d="M6 .8 11.2 6 6 11.2.8 6z" fill="currentColor"/>',
    "healthy": '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
    "": '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>',
}


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 18, label: str = "") -> SafeString:
    """A lucide icon; decorative unless it has a label."""
    svg = lucide._render_icon(name, size, **{"class": "icon", "stroke-width": "1.75"})
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(svg.replace("<svg ", f"<svg {said} ", 1))  # noqa: S308 - the icon set is ours


@lru_cache(maxsize=64)
def band_mark(band: str, size: int = 12) -> SafeString:
    """The shape of a band; an empty band is "not enough data"."""
    return mark_safe(  # noqa: S308 - only constants
        f'<svg class="band-mark" data-band="{escape(band)}" width="{size}" height="{size}" '
        f'viewBox="0 0 12 12" aria-hidden="true">{_MARKS.get(band, _MARKS[""])}</svg>'
    )


def sparkline(
    values: Sequence[float | None],
    *,
    width: int = 88,
    height: int = 24,
    low: float | None = 0.0,
    high: float | None = 100.0,
    tone: str = "",
    label: str = "",
) -> SafeString:
    """A line of the values, oldest first, with a dot on the last; gaps where a value is missing.

    Args:
        low: value at the lower edge; null takes the least value.
        high: value at the upper edge; null takes the greatest.
        tone: a band, ``accent``, or nothing for grey.
        label: what it shows, for readers who cannot see it; without one it is decoration.
    """
    known = [value for value in values if value is not None]
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    head = (
        f'<svg class="spark" data-band="{escape(tone)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" {said}>'
    )
    if not known:
        return mark_safe(f"{head}</svg>")  # noqa: S308 - built from numbers and escaped text
    bottom = min(known) if low is None else low
    top = max(known) if high is None else high
    body = _line(values, width, height, bottom, (top - bottom) or 1.0)
    return mark_safe(f"{head}{body}</svg>")  # noqa: S308 - built from numbers and escaped text


def _line(
    values: Sequence[float | None], width: int, height: int, bottom: float, span: float
) -> str:
    step = (width - 6) / max(len(values) - 1, 1)
    path, pen_down, last = [], False, ""
    for index, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        share = min(max((value - bottom) / span, 0.0), 1.0)
        x, y = 2 + index * step, 3 + (1 - share) * (height - 6)
        path.append(f"{'L' if pen_down else 'M'}{x:.1f} {y:.1f}")
        pen_down, last = True, f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'
    return f'<path class="line" d="{"".join(path)}"/>{last}'


def bar(share: float | None, *, tone: str = "", label: str = "", size: str = "") -> SafeString:
    """A horizontal bar filled to a share between 0 and 1."""
    return stacked_bar([(share or 0.0, tone)], label=label, size=size)


def stacked_bar(
    parts: Sequence[tuple[float, str]], *, label: str = "", size: str = ""
) -> SafeString:
    """A horizontal bar of several shares, each with its tone."""
    said = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    rects, x = [], 0.0
    for share, tone in parts:
        width = min(max(share, 0.0) * 100, 100 - x)
        rects.append(
            f'<rect data-tone="{escape(tone)}" x="{x:.2f}" width="{width:.2f}" height="8"/>'
        )
        x += width
    return mark_safe(  # noqa: S308 - built from numbers and escaped text
        f'<svg class="bar" data-size="{escape(size)}" viewBox="0 0 100 8" '
        f'preserveAspectRatio="none" {said}>{"".join(rects)}</svg>'
    )


def initials(name: str) -> str:
    """Two letters for a Latin name, one or two characters for a Japanese one."""
    words = name.replace("　", " ").split()
    if not words:
        return "?"
    if words[0].isascii():
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()
    return words[0][:2]


def avatar(name: str) -> SafeString:
    """A disc with a person's initials; the hue is steady per name."""
    hue = sum(map(ord, name)) % 5 + 1
    return format_html(
        '<span class="avatar" data-hue="{}" aria-hidden="true">{}</span>', hue, initials(name)
    )
