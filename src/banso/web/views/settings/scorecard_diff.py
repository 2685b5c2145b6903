"""What differs between two versions of a scorecard, one line per change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from banso.web.views.settings.scorecard_form import plain

Line = tuple[str, str, str]


def _points(curve: dict[str, Any]) -> str:
    knots = ", ".join(f"{plain(x)}→{plain(y)}" for x, y in curve["points"])
    return knots if curve["kind"] == "linear" else f"[{knots}]"


def _empty(measure: dict[str, Any]) -> str:
    if measure["empty"] == "leave_out":
        return str(_("left out"))
    return _("counts as %(points)s points") % {"points": plain(measure["empty_points"])}


def _measures(spec: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {
        measure["key"]: (group["key"], measure)
        for group in spec["groups"]
        for measure in group["measures"]
    }


def differences(
    before: dict[str, Any], after: dict[str, Any], names: dict[str, str], language: str
) -> list[Line]:
    """Lines of (what, before, after); an empty side means that it was not there.

    Args:
        names: metric key to name in the reader's language.
    """
    return [
        *_group_lines(before, after, f"name_{language}"),
        *_measure_lines(before, after, names, f"name_{language}"),
        *_frame_lines(before, after, language),
    ]


def _group_lines(before: dict[str, Any], after: dict[str, Any], name: str) -> Iterator[Line]:
    was = {group["key"]: group for group in before["groups"]}
    now = {group["key"]: group for group in after["groups"]}
    for key in {**was, **now}:
        old, new = was.get(key), now.get(key)
        if old is None or new is None:
            title = _("Group “%(name)s”") % {"name": (old or new or {})[name]}
            yield title, _("there") if old else "", _("there") if new else ""
            continue
        if old["weight"] != new["weight"]:
            title = _("Weight of the group “%(name)s”") % {"name": new[name]}
            yield title, plain(old["weight"]), plain(new["weight"])
        if old[name] != new[name]:
            yield _("Name of a group"), old[name], new[name]


def _measure_lines(
    before: dict[str, Any], after: dict[str, Any], names: dict[str, str], name: str
) -> Iterator[Line]:
    was, now = _measures(before), _measures(after)
    titles = {g["key"]: g[name] for spec in (before, after) for g in spec["groups"]}
    for key in {**was, **now}:
        label = names.get(key, key)
        if key not in was or key not in now:
            sides = [titles[side[key][0]] if key in side else "" for side in (was, now)]
            yield _("Measure “%(name)s”") % {"name": label}, sides[0], sides[1]
            continue
        (old_group, old), (new_group, new) = was[key], now[key]
        values = (
            (_("Group of “%(name)s”"), titles[old_group], titles[new_group]),
            (_("Weight of “%(name)s”"), plain(old["weight"]), plain(new["weight"])),
            (_("Curve of “%(name)s”"), _points(old["curve"]), _points(new["curve"])),
            (_("“%(name)s” without a value"), _empty(old), _empty(new)),
        )
        yield from ((title % {"name": label}, a, b) for title, a, b in values if a != b)


def _frame_lines(before: dict[str, Any], after: dict[str, Any], language: str) -> Iterator[Line]:
    values = [
        (
            _("Least share of weight with real values"),
            *(f"{plain(round(100 * side['min_coverage'], 6))} %" for side in (before, after)),
        ),
        (_("Danger below"), *(plain(side["bands"]["danger_to"]) for side in (before, after))),
        (_("Caution below"), *(plain(side["bands"]["caution_to"]) for side in (before, after))),
    ]
    for band, title in (
        ("danger", _("What to do in danger")),
        ("caution", _("What to do in caution")),
        ("healthy", _("What to do when healthy")),
    ):
        values.append((title, *(side["actions"][band][language] for side in (before, after))))
    yield from ((title, a, b) for title, a, b in values if a != b)
