"""The demo company's CSMs look ahead, each in his own language."""

from __future__ import annotations

from datetime import date
from typing import Any

from banso.accounts.models import Task
from banso.connectors.services.demo_tasks import add_tasks
from banso.workspace.services.people import change_user
from banso.workspace.types import SYSTEM

ACCOUNTS = """external_id,name,cs_owner,lifecycle
a1,Soon,{mail},adoption
a2,Later,{mail},adoption
a3,New,{mail},onboarding
a4,Nobody's,,onboarding
"""
LINES = """account,product,start_on,term_end_on,mrr,currency
a1,Plan,2025-06-01,2026-06-01,1000,JPY
a2,Plan,2025-12-01,2026-12-01,1000,JPY
"""


def test_renewals_and_beginnings_become_tasks_on_working_days(
    bring: Any, people: dict[str, Any], stopped_clock: Any
) -> None:
    change_user(actor=SYSTEM, user=people["csm"], language="ja")
    bring("accounts", ACCOUNTS.format(mail=people["csm"].email))
    bring("subscriptions", LINES)
    add_tasks(date(2026, 4, 15))
    found = Task.objects.order_by("account__name").values_list(
        "account__name", "title", "owner", "due_on"
    )
    # 1 June less 45 days is Friday 17 April; the day after the 15th is a Thursday.
    assert list(found) == [
        ("New", "使い始めの様子を一緒に振り返る", people["csm"].pk, date(2026, 4, 16)),
        ("Soon", "更新の条件を決裁者と話す", people["csm"].pk, date(2026, 4, 17)),
    ]
    Task.objects.all().delete()
    add_tasks(date(2026, 4, 17))
    assert Task.objects.get(account__name="New").due_on == date(2026, 4, 17)
