"""How an account uses the product: by day, by person and week, by feature."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from banso.accounts import selectors
from banso.kit.numbers import small_int
from banso.usage.selectors.profile import feature_labels, profile_of
from banso.usage.types import Profile, UserWeeks
from banso.web import formats
from banso.web.access import access
from banso.web.charts import Chart, Series, time_chart
from banso.web.views.account.frame import account_for, reader_of, render_tab

SPANS = (28, 90, 395)
WEEKS = 26
USERS = 40
#: Shades of the heat map above nothing at all.
SHADES = 5


def users_chart(profile: Profile, today: date, days: int) -> Chart | None:
    """Active users per day; nothing where the usage data does not tell people apart."""
    first = today - timedelta(days=days - 1)
    users = profile.on(profile.users, first, today)
    if not any(users) and not profile.user_weeks:
        return None
    return time_chart(
        key="usage",
        title=_("Active users per day"),
        days=[first + timedelta(days=step) for step in range(days)],
        series=[Series(_("Active users"), [float(value) for value in users], "token:accent")],
        mark="area",
        day_label=_("Day"),
    )


def events_chart(profile: Profile, today: date, days: int) -> Chart:
    """Events per day, as bars."""
    first = today - timedelta(days=days - 1)
    values = [float(value) for value in profile.on(profile.events, first, today)]
    return time_chart(
        key="events",
        title=_("Events per day"),
        days=[first + timedelta(days=step) for step in range(days)],
        series=[Series(_("Events"), values, "token:series-2")],
        mark="bar",
        day_label=_("Day"),
    )


def _shade(value: int, most: int) -> int:
    """0 for nothing, else 1 to 5 by thirds of the way to the busiest week (square root)."""
    if value <= 0 or most <= 0:
        return 0
    return min(SHADES, 1 + int((value / most) ** 0.5 * (SHADES - 1) + 0.5))


def _weeks(profile: Profile, today: date) -> tuple[list[date], int]:
    """The weeks shown, and the place of the first in the profile's lists (may lie before)."""
    last = profile.first_week + (today - profile.first_week) // timedelta(days=7) * timedelta(7)
    shown = [last - timedelta(weeks=step) for step in range(WEEKS - 1, -1, -1)]
    return shown, (shown[0] - profile.first_week).days // 7


def _cells(user: UserWeeks, offset: int) -> list[int]:
    return [
        user.events[place] if 0 <= place < len(user.events) else 0
        for place in range(offset, offset + WEEKS)
    ]


def _week_heads(weeks: list[date]) -> list[dict[str, Any]]:
    """The first day of every week in full, and the month's name where a month begins."""
    return [
        {
            "day": formats.short_day(week),
            "month": format_date(week, "MMM", formats.locale())
            if place == 0 or weeks[place - 1].month != week.month
            else "",
        }
        for place, week in enumerate(weeks)
    ]


def heat_map(account: Any, profile: Profile, today: date) -> dict[str, Any]:
    """People × weeks with a shade per cell; known users are named after their contact."""
    weeks, offset = _weeks(profile, today)
    people = {person.user_key: person for person in selectors.contacts(account) if person.user_key}
    lines = [(user, _cells(user, offset)) for user in profile.user_weeks]
    lines = [(user, cells) for user, cells in lines if any(cells)][:USERS]
    most = max((max(cells) for _user, cells in lines), default=0)
    rows = [
        {
            "name": people[user.user_key].name if user.user_key in people else user.user_key,
            "user_key": user.user_key,
            "last_day": user.last_day,
            "cells": [(value, _shade(value, most)) for value in cells],
        }
        for user, cells in lines
    ]
    more = max(profile.users_seen - len(rows), 0)
    return {"weeks": _week_heads(weeks), "rows": rows, "more": more}


def feature_rows(profile: Profile, today: date) -> list[dict[str, Any]]:
    """Features with their use in 28 days and the 28 before, core ones marked."""
    labels = feature_labels()
    table = profile.feature_table(today)
    most = max((use.now for use in table), default=0)
    return [
        {
            "use": use,
            "name": labels.get(use.feature, (use.feature, False))[0],
            "core": labels.get(use.feature, ("", False))[1],
            "share": use.now / most if most else 0,
            "change": "" if use.change is None else formats.percent(use.change),
            "spark": _weekly(
                profile.on(profile.features[use.feature], today - timedelta(days=83), today)
            ),
        }
        for use in table
    ]


def _weekly(days: list[int]) -> list[int]:
    return [sum(days[start : start + 7]) for start in range(0, len(days), 7)]


@access("accounts.view")
def usage(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Daily chart, heat map of people and weeks, feature table."""
    account, today = account_for(request, uid), reader_of(request).today
    profile = profile_of(account)
    asked = request.GET.get("days", "")
    days = asked_days if (asked_days := small_int(asked)) in SPANS else 90
    context: dict[str, Any] = {"profile": profile, "days": days, "spans": SPANS}
    if profile:
        context |= {
            "users_chart": users_chart(profile, today, days),
            "events_chart": events_chart(profile, today, days),
            "heat": heat_map(account, profile, today),
            "features": feature_rows(profile, today),
        }
    return render_tab(request, account, "usage", context)
