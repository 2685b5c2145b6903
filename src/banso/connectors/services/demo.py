"""The demo company: brought in through the ordinary import, and taken out with one click."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import override

from banso.accounts.selectors import accounts_by_ids
from banso.accounts.selectors.external import account_ids_by_key
from banso.accounts.services.removal import remove_accounts_of_source
from banso.connectors.demo import DemoFiles, generate
from banso.connectors.models import ImportRun, SavedMapping
from banso.connectors.services.demo_tasks import add_tasks
from banso.connectors.services.projects import import_project
from banso.health.services.judgement import set_sentiment
from banso.kit import clock
from banso.usage.services.batches import revert_batches
from banso.usage.services.features import Mark, forget_features, mark_features
from banso.workspace.policies import require
from banso.workspace.selectors import actor_of, business_day, company, users_by_email
from banso.workspace.services import jobs
from banso.workspace.services.company import change_company
from banso.workspace.services.jobs import JobHandle
from banso.workspace.services.people import create_user
from banso.workspace.types import SYSTEM, Actor

SOURCE = "demo"
#: Demo users exist on one's own machine only; the sign-in page shows how to enter.
PASSWORD = "banso-demo"  # noqa: S105
COMPANY_NAME = "現場こだま（デモ）"
#: Fixed, so that totals stand in one currency; they are the demo's own, not a day's market.
RATES = {"USD": "150", "EUR": "162"}
REMOVE_JOB = "connectors.remove_demo"
#: A sentiment counts for a quarter, the usual rhythm of reviews.
SENTIMENT_DAYS = 90


def load_demo(*, size: Literal["normal", "large"] = "normal") -> str:
    """Bring in the demo company as of today; returns a note on how much came in."""
    folder = Path(settings.DATA_DIR) / "demo"
    folder.mkdir(exist_ok=True)
    files = generate(folder, today=business_day(), size=size)
    if company().name == type(company())._meta.get_field("name").default:
        change_company(actor=SYSTEM, name=COMPANY_NAME, exchange_rates=RATES)
    _add_team(files)
    import_project(actor=SYSTEM, project_file=files.project, source_dir=folder, refresh=False)
    _forget_mappings()
    _mark_features(files)
    _set_sentiments(files)
    add_tasks(business_day())
    for path in folder.iterdir():
        path.unlink()
    return f"{files.rows['accounts']:,} accounts, {files.rows['usage']:,} usage rows"


def demo_logins() -> list[tuple[str, str]]:
    """Role and mail address of one demo user per role, where the demo team exists."""
    from banso.connectors.demo.team import TEAM

    known = users_by_email({member.email for member in TEAM})
    first: dict[str, str] = {}
    for member in TEAM:
        if member.email in known:
            first.setdefault(member.role, member.email)
    return list(first.items())


def _add_team(files: DemoFiles) -> None:
    team = json.loads(files.team.read_text())
    known = users_by_email({member["email"] for member in team})
    for member in team:
        if member["email"] not in known:
            create_user(
                actor=SYSTEM,
                email=member["email"],
                name=member["name"],
                role=member["role"],
                language=member["language"],
                password=PASSWORD,
            )


def _forget_mappings() -> None:
    """Keep people's own files that happen to have the same header from counting as the demo's."""
    SavedMapping.objects.filter(mapping__source=SOURCE).delete()


def _mark_features(files: DemoFiles) -> None:
    in_japanese = company().language == "ja"
    marks = {
        row["key"]: Mark(
            name=row["name_ja"] if in_japanese else row["name_en"],
            is_core=row["is_core"],
            is_login=row["is_login"],
        )
        for row in json.loads(files.features.read_text())
    }
    mark_features(actor=SYSTEM, marks=marks)


def _set_sentiments(files: DemoFiles) -> None:
    """Let each CSM have said on the day itself how he felt, with his own name under it."""
    rows = sorted(json.loads(files.sentiments.read_text()), key=itemgetter("from_day"))
    people = users_by_email({row["set_by"] for row in rows})
    ids = account_ids_by_key(SOURCE, [row["account_external_id"] for row in rows])
    accounts = accounts_by_ids(SYSTEM, [pk for found in ids.values() for pk in found])
    for row in rows:
        found = ids.get(row["account_external_id"], [])
        if len(found) == 1 and row["set_by"] in people:
            _feel(actor_of(people[row["set_by"]]), accounts[found[0]], row)


def _feel(actor: Actor, account: Any, row: dict[str, str]) -> None:
    day = date.fromisoformat(row["from_day"])
    noon = datetime.combine(day, time(12), ZoneInfo(company().time_zone))
    with clock.at(noon), override(company().language):
        set_sentiment(
            actor=actor,
            account=account,
            value=row["value"],
            reason=row["reason"],
            until=day + timedelta(days=SENTIMENT_DAYS),
        )


def start_removal(*, actor: Actor) -> Any:
    """Queue the removal of the demo company's data; its users stay, or nobody could sign in."""
    require(actor, "accounts.delete")
    return jobs.start(actor=actor, kind=REMOVE_JOB, key=REMOVE_JOB)


def work_on_removal(handle: JobHandle) -> dict[str, int]:
    """The job of :func:`start_removal`, done in the name of who asked for it."""
    asked = handle.job.started_by
    actor = actor_of(asked) if asked else SYSTEM
    return {"accounts": remove_demo(actor=actor, progress=handle.progress)}


def remove_demo(*, actor: Actor, progress: Any = None) -> int:
    """Take out every account of the demo company with all that belongs to it; returns how many."""
    for run in ImportRun.objects.filter(source=SOURCE):
        revert_batches(actor=actor, origin=run.origin)
    removed = remove_accounts_of_source(actor=actor, source=SOURCE, progress=progress)
    ImportRun.objects.filter(source=SOURCE).delete()
    _forget_mappings()
    forget_features(actor=actor)
    jobs.start(actor=SYSTEM, kind="health.refresh", key="health.refresh")
    return removed
