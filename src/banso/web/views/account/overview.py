"""The first tab: why the score is what it is, what to do, and what moved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from banso.accounts import selectors
from banso.health.selectors.judgement import current_override, current_sentiment
from banso.health.selectors.scores import day_score, score_series
from banso.health.selectors.signals import closed_signals, live_signals
from banso.usage.selectors.profile import profile_of
from banso.usage.types import Profile
from banso.web import formats
from banso.web.access import access
from banso.web.charts import Chart
from banso.web.reader import Reader
from banso.web.task_forms import TaskForm
from banso.web.views.account.entries import entry_rows
from banso.web.views.account.facts import Names
from banso.web.views.account.frame import account_for, reader_of, render_tab
from banso.web.views.account.health import HISTORY_DAYS, history_chart, score_card
from banso.web.views.account.judgement import sentiment_row
from banso.web.views.account.people import person_row
from banso.web.views.account.signals import signal_row
from banso.web.views.account.usage import events_chart, users_chart
from banso.web.views.tasks import task_row
from banso.web.words import country_word

PEOPLE = 5
TOUCHES = 4
TASKS = 6
CLOSED = 5
KEYS = 5
USAGE_DAYS = 90


def _signals(reader: Reader, account: Any, names: Names) -> dict[str, Any]:
    origins = set(
        selectors.open_tasks(reader.actor, account=account).values_list("origin", flat=True)
    )
    live = [
        signal_row(reader, signal, names) | {"has_task": f"signal:{signal.uid}" in origins}
        for signal in live_signals(account)
    ]
    closed = [signal_row(reader, signal, names) for signal in closed_signals(account, CLOSED)]
    return {"live": live, "closed": closed}


def _people(account: Any, profile: Any) -> list[dict[str, Any]]:
    seen = {user.user_key: user.last_day for user in profile.user_weeks} if profile else {}
    found = selectors.contacts(account, present_only=True)[:PEOPLE]
    return [person_row(person, seen) for person in found]


def _tasks(reader: Reader, account: Any) -> dict[str, Any]:
    found = selectors.open_tasks(reader.actor, account=account)[:TASKS]
    form = TaskForm(reader=reader, initial={"owner": reader.user and reader.user.pk})
    return {"rows": [task_row(reader, task) for task in found], "form": form}


def _usage_chart(profile: Profile | None, today: date) -> Chart | None:
    """People where the data names them, else how much was done."""
    if profile is None:
        return None
    users = users_chart(profile, today, USAGE_DAYS)
    return users or events_chart(profile, today, USAGE_DAYS)


def _company(account: Any) -> list[tuple[str, str]]:
    """What is known of the company itself; what is not known is left out."""
    since, employees = account.customer_since, account.employees
    ids = (f"{key.source}: {key.external_id}" for key in selectors.keys(account)[:KEYS])
    known = [
        (_("Industry"), account.industry),
        (_("Employees"), formats.number(employees) if employees else ""),
        (_("Region"), " · ".join(filter(None, [country_word(account.country), account.region]))),
        (_("Address"), account.address),
        (_("Corporate number"), account.corporate_number),
        (_("Customer since"), formats.day(since) if since else ""),
        (_("Ids in sources"), ", ".join(ids)),
    ]
    return [(name, value) for name, value in known if value]


@access("accounts.view")
def overview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everything about an account that one needs before calling it."""
    reader, account = reader_of(request), account_for(request, uid)
    names, profile = Names.load(), profile_of(account)
    said = current_sentiment(account, reader.today)
    first = reader.today - timedelta(days=HISTORY_DAYS)
    context = {
        "score": score_card(day_score(account, reader.today), names),
        "chart": history_chart(score_series(account, first, reader.today)),
        "signals": _signals(reader, account, names),
        "usage_chart": _usage_chart(profile, reader.today),
        "people": _people(account, profile),
        "tasks": _tasks(reader, account),
        "touches": entry_rows(reader, selectors.touches(account, TOUCHES)),
        "override": current_override(account, reader.today),
        "sentiment": sentiment_row(said) if said else None,
        "company": _company(account),
        "here": request.path,
    }
    return render_tab(request, account, "overview", context)
