"""Drawing scores as waterfalls: each measure's part, and each part of a change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from banso.health.selectors.scores import Change, DayScore
from banso.web import formats
from banso.web.views.account.facts import Names, in_own_language

#: Points below which a measure is drawn as danger, and as caution, like the default bands.
_LOW, _MIDDLE = 40, 70
#: Parts of a change smaller than this are not drawn.
LEAST = 0.05


def _tone(points: float | None) -> str:
    if points is None:
        return ""
    return "danger" if points < _LOW else "caution" if points < _MIDDLE else "healthy"


def _svg(rects: Sequence[tuple[str, str, float, float]], said: str) -> SafeString:
    """Bars on a track from 0 to 100: (class, tone, from, width)."""
    drawn = "".join(
        f'<rect class="{kind}" data-tone="{tone}" x="{x:.2f}" width="{width:.2f}" '
        f'y="2" height="12"/>'
        for kind, tone, x, width in rects
    )
    return mark_safe(  # noqa: S308 - numbers, constants and escaped text
        f'<svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(said)}"><rect class="track" width="100" height="16"/>{drawn}</svg>'
    )


def score_falls(day: DayScore, names: Names) -> list[dict[str, Any]]:
    """The measures by group; each starts where the one above it ended, up to the score."""
    groups, reached = [], 0.0
    for group in day.spec.groups:
        rows = []
        for step in (one for one in day.steps if one.group == group.key):
            rects = [
                ("room", "", reached, step.contribution + step.lost),
                ("got", _tone(step.points), reached, step.contribution),
            ]
            said = _("%(got)s of %(most)s points") % {
                "got": formats.number(step.contribution, 1),
                "most": formats.number(step.weight * 100, 1),
            }
            rows.append(
                {
                    "step": step,
                    "name": names.name(step.measure),
                    "value": names.value(step.measure, step.value),
                    "svg": _svg(rects, said),
                }
            )
            reached += step.contribution
        score = day.group_scores.get(group.key)
        groups.append({"name": in_own_language(group, "name"), "score": score, "rows": rows})
    return groups


def lift_rows(day: DayScore, names: Names) -> dict[str, Any] | None:
    """What would lift the computed score to the next band, in words."""
    lift = day.lift()
    if lift is None:
        return None

    def worded(item: Any) -> dict[str, Any]:
        return {
            "key": item.measure,
            "name": names.name(item.measure),
            "now": names.value(item.measure, item.value),
            "wanted": names.value(item.measure, item.wanted),
        }

    pair = () if lift.alone else lift.cheapest or ()
    return {
        "lift": lift,
        "alone": [worded(item) for item in lift.alone[:4]],
        "together": [worded(item) for item in pair],
    }


def change_falls(change: Change, names: Names) -> list[dict[str, Any]]:
    """The parts of a change from the score before to the score after, the greatest first."""
    explanation = change.explanation
    if explanation.before is None or explanation.after is None:
        return []
    words = {
        "weights": _("Weights of the scorecard"),
        "configuration": _("Other changes of the scorecard"),
        "override": _("Score set by hand"),
    }
    rows, reached = [], explanation.before
    for part in sorted(explanation.parts, key=lambda one: -abs(one.amount)):
        if abs(part.amount) < LEAST:
            continue
        start, end = sorted((reached, reached + part.amount))
        kind = "up" if part.amount > 0 else "down"
        said = _points(part.amount)
        rows.append(
            {
                "key": part.key,
                "name": names.name(part.key) if part.key else words[part.cause],
                "before": names.value(part.key or "score", part.before),
                "after": names.value(part.key or "score", part.after),
                "valued": part.key or part.cause == "override",
                "amount": said,
                "way": kind,
                "svg": _svg([(kind, "", max(start, 0), end - start)], said),
            }
        )
        reached += part.amount
    return rows


def _points(amount: float) -> str:
    """A part of a change with its sign, and one decimal so that points stand under points."""
    rounded = round(amount, 1) or 0.0
    return ("+" if rounded > 0 else "") + formats.fixed(rounded)


def cause_totals(change: Change) -> list[tuple[str, str]]:
    """How much of the change comes from data, weights, configuration and override."""
    words = {
        "data": _("Data"),
        "weights": _("Weights"),
        "configuration": _("Configuration"),
        "override": _("Set by hand"),
    }
    totals: dict[str, float] = dict.fromkeys(words, 0.0)
    for part in change.explanation.parts:
        totals[part.cause] += part.amount
    return [(words[cause], _points(amount)) for cause, amount in totals.items()]


def change_sentence(change: Change, names: Names) -> str:
    """The change in one line, in the reader's language."""
    language = "ja" if (get_language() or "").startswith("ja") else "en"
    return change.sentence(language, names.names, names.value)
