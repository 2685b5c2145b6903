"""The contracts of an account: what was agreed, from when to when, for how much."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from banso.contracts.selectors.money import currencies_without_rate
from banso.contracts.selectors.subscriptions import ArrStep, annual, arr_steps, subscriptions_of
from banso.web.access import access
from banso.web.charts import Chart, Series, time_chart
from banso.web.views.account.frame import account_for, reader_of, render_tab


def _day_before(day: date | None) -> date | None:
    """The last day of a span, as contracts name it."""
    return day - timedelta(days=1) if day else None


def _line_row(line: Any, today: date) -> dict[str, Any]:
    return {
        "line": line,
        "arr": annual(line.mrr_minor),
        "last_day": _day_before(line.end_on),
        "term_ends": _day_before(line.term_end_on),
        "now": line.start_on <= today and (line.end_on is None or today < line.end_on),
    }


def _subscription_row(subscription: Any, today: date) -> dict[str, Any]:
    lines = sorted(subscription.lines.all(), key=lambda line: (line.start_on, line.pk))
    rows = [_line_row(line, today) for line in reversed(lines)]
    running = [row for row in rows if row["now"]]
    return {
        "subscription": subscription,
        "name": running[0]["line"].product.name if running else lines[-1].product.name,
        "rows": rows,
        "running": bool(running),
        "last_day": _day_before(subscription.ended_on),
        "arr": sum(row["arr"] for row in running),
        "seats": max((row["line"].seats or 0 for row in running), default=0),
    }


def arr_chart(steps: list[ArrStep], today: date) -> Chart | None:
    """ARR as a staircase, the last step drawn on until today; nothing where it never changed."""
    if len({step.arr for step in steps}) < 2:
        return None
    days = [step.day for step in steps]
    values: list[float | None] = [float(step.arr.amount) for step in steps]
    if days[-1] < today:
        days.append(today)
        values.append(values[-1])
    marks = [(today, _("today"))] if days[-1] > today else []
    return time_chart(
        key="arr",
        title=_("ARR"),
        days=days,
        series=[Series(_("ARR"), values)],
        mark="steps",
        description=_("Yearly recurring revenue of this account over time."),
        marks=marks,
        day_label=_("Day"),
    )


@access("accounts.view")
def contracts(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Subscriptions with the history of their lines, those in force first; the steps of ARR."""
    account, today = account_for(request, uid), reader_of(request).today
    rows = [_subscription_row(one, today) for one in subscriptions_of(account) if one.lines.all()]
    used = {row["subscription"].currency for row in rows}
    context = {
        "subscriptions": sorted(rows, key=lambda row: not row["running"]),
        "chart": arr_chart(arr_steps(account), today),
        "without_rate": [code for code in currencies_without_rate() if code in used],
    }
    return render_tab(request, account, "contracts", context)
