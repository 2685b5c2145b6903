"""Furnish an installation: something in every table that a page shows.

    python -m tests.stories.furnished DATA_DIR plain|hostile

Prints, as JSON, the ids by which addresses are made. ``hostile`` puts texts that would run as a
script into every field that takes text.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.stories.words import Hostile, Words, plain

PASSWORD = "furnished-2026"
LANGUAGES = ("ja", "en")
ACCOUNTS, DAYS = 8, 90


def _file(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def _import(folder: Path, words: Words) -> list[Any]:
    """Bring in a file of every kind; header, file names and refused rows are hostile too."""
    from banso.connectors.services.runs import create_import, run_import
    from banso.workspace.selectors import business_day
    from banso.workspace.types import SYSTEM

    today = business_day()
    days = [today - timedelta(days=n) for n in range(DAYS, 0, -1)]
    extra = words("column")
    ids = [f"A{n}" for n in range(ACCOUNTS)]
    tables: list[tuple[str, list[str], list[list[Any]], dict[str, Any]]] = [
        ("accounts", ["external_id", "name", "name_kana", "name_en", "industry", "country",
                      "region", "address", "segment", "employees", extra],
         [[a, *(words(f) + a for f in ("name", "kana", "english", "industry", "country", "region",
                                       "address", "segment")), 10, words("attribute")]
          for a in ids] + [["A99", words("refused"), *[""] * 7, words("number"), ""]],
         {"attributes": [extra]}),
        ("contacts", ["external_id", "account", "name", "name_kana", "phone", "department", "title",
                      "user_key"],
         [[f"C{a}", a, *(words(f) for f in ("contact", "kana", "phone", "department", "title")),
           f"u{a}"] for a in ids], {}),
        ("subscriptions", ["external_id", "account", "product", "start_on", "mrr", "seats", "unit"],
         [[f"S{a}", a, words("product"), days[0], 50_000, 10, words("unit")] for a in ids], {}),
        ("usage", ["account", "user", "day", "feature", "events"],
         [[a, f"u{a}", day, feature, 5] for feature in (words("feature"), words("use"))
          for n, a in enumerate(ids) for k, day in enumerate(days) if n % 3 or k < 50], {}),
        ("tickets", ["external_id", "account", "subject", "category", "status", "opened_at"],
         [[f"T{a}", a, words("subject"), words("category"), words("status"), f"{days[-2]} 10:00"]
          for a in ids], {}),
        ("nps", ["external_id", "account", "score", "comment", "wave", "answered_at"],
         [[f"N{a}", a, n + 1, words("comment"), words("wave"), f"{days[-3]} 10:00"]
          for n, a in enumerate(ids)], {}),
        ("activities", ["external_id", "account", "kind", "title", "body", "happened_at"],
         [[f"E{a}", a, "call", words("call"), words("told"), f"{days[-4]} 10:00"] for a in ids],
         {}),
    ]  # fmt: skip
    runs = []
    for kind, header, rows, more in tables:
        name = f"{kind}{words('')}".replace("/", "⁄")[:120] + ".csv"
        mapping = {
            "kind": kind,
            "source": f"crm{words('')}"[:40],
            "columns": {field: field for field in header if field != extra},
            **more,
        }
        # One source, or the later files would not find the accounts.
        mapping["source"] = runs[0].source if runs else mapping["source"]
        path = _file(folder, name, header, rows)
        run = create_import(actor=SYSTEM, path=path, mapping=mapping)
        runs.append(run_import(actor=SYSTEM, run=run, refresh=False))
    upload = _file(folder, "to-map.csv", [extra, words("other"), "name"], [[words("cell")] * 3])
    runs.append(create_import(actor=SYSTEM, path=upload, file_name=f"{words('upload')}.csv"))
    return runs


def _people(words: Words) -> dict[str, Any]:
    from banso.workspace.services.company import change_company
    from banso.workspace.services.people import create_user, save_team
    from banso.workspace.types import SYSTEM

    change_company(actor=SYSTEM, name=words("company"))
    people = {
        language: create_user(
            actor=SYSTEM,
            email=f"{language}@banso.example",
            name=words("person"),
            role="admin",
            password=PASSWORD,
            language=language,
        )
        for language in LANGUAGES
    }
    save_team(actor=SYSTEM, name=words("team"), member_ids=[p.pk for p in people.values()])
    return people


def _by_hand(people: dict[str, Any], words: Words) -> dict[str, Any]:
    from banso.accounts.models import Account
    from banso.accounts.services import contacts, segments, tasks, timeline
    from banso.accounts.services.accounts import change_account
    from banso.health.services.judgement import set_override, set_sentiment
    from banso.workspace.selectors import actor_of, business_day

    actor = actor_of(people["ja"])
    until = business_day() + timedelta(days=20)
    account = Account.objects.order_by("pk").first()
    assert account is not None
    for owned in Account.objects.order_by("pk"):
        change_account(actor=actor, account=owned, cs_owner=people["ja"], sales_owner=people["en"])
    for language in LANGUAGES:
        task = tasks.create_task(
            actor=actor, account=account, title=words("task"), body=words("todo"),
            owner=people[language], due_on=business_day(),
        )  # fmt: skip
        segments.save_segment(
            actor=actor_of(people[language]), name=words("segment"), query={}, shared=True
        )
    person = contacts.create_contact(actor=actor, account=account, name=words("contact"))
    entry = timeline.log_touch(
        actor=actor, account=account, kind="meeting", title=words("met"), body=words("said"),
        contact=person,
    )  # fmt: skip
    timeline.log_touch(actor=actor, account=account, kind="note", body=words("note"))
    set_sentiment(actor=actor, account=account, value="bad", reason=words("why"), until=until)
    set_override(actor=actor, account=account, score=10, reason=words("because"), until=until)
    return {"account": account.uid, "task": task.uid, "contact": person.uid, "entry": entry.uid}


def _design(words: Words) -> dict[str, Any]:
    from banso.health.models import Metric, Scorecard
    from banso.health.services.metrics import create_metric
    from banso.health.services.scorecards import create_scorecard, save_version
    from banso.health.services.signal_rules import create_rule
    from banso.usage.models import Feature
    from banso.usage.services.features import Mark, mark_features
    from banso.workspace.types import SYSTEM

    features = list(Feature.objects.all())
    marks = {f.key: Mark(name=words("feature"), is_core=True, is_login=False) for f in features}
    mark_features(actor=SYSTEM, marks=marks)
    known = Metric.objects.get(key="active_days_28d")
    metric = create_metric(
        actor=SYSTEM, key="own_metric", name_ja=words("metric"), name_en=words("metric"),
        definition=known.definition, unit="days",
    )  # fmt: skip
    card = Scorecard.objects.get(is_default=True)
    spec = card.versions.order_by("-number").first().spec
    spec["groups"][0]["name_ja"] = words("group")[:80]
    spec["groups"][0]["name_en"] = words("group")[:80]
    save_version(actor=SYSTEM, scorecard=card, spec=spec, note=words("change"))
    create_scorecard(
        actor=SYSTEM, name_ja=words("card"), name_en=words("card"), spec=spec,
        segments=[words("segment")[:80]],
    )  # fmt: skip
    # It holds for everybody, so that every account has a signal.
    rule = create_rule(
        actor=SYSTEM, key="own_rule", name_ja=words("rule"), name_en=words("rule"),
        advice_ja=words("advice"), advice_en=words("advice"), direction="risk", severity=3,
        conditions={"all": [{"metric": "active_days_28d", "op": "lte", "value": 1000}]},
    )  # fmt: skip
    return {
        "settings-scorecard": card.uid,
        "settings-metric": metric.uid,
        "settings-signal": rule.uid,
    }


def _events(words: Words) -> dict[str, Any]:
    """A source with a minute of arrivals, a sender nobody knows, a rule, and what was refused."""
    from banso.accounts.models import Account
    from banso.kit import clock
    from banso.usage.models import (
        ArrivalMinute,
        InboxBatch,
        RecentArrivals,
        RefusedMessage,
        UnmatchedParty,
    )
    from banso.usage.services.matching import match_domain
    from banso.usage.services.sources import change_source, create_source, rotate_key
    from banso.workspace.types import SYSTEM

    now = clock.now()
    source = create_source(actor=SYSTEM, name=words("source"))
    change_source(actor=SYSTEM, source=source, creates_accounts=False)
    rotate_key(actor=SYSTEM, source=source)
    source.first_event_at = source.last_event_at = now
    source.save()
    ArrivalMinute.objects.create(source=source, minute=now, accepted=9, held=3, refused=1)
    account = Account.objects.order_by("pk").first()
    assert account is not None
    seen = [
        {"at": now.isoformat(), "type": "track", "name": words("event"), "user": words("user"),
         "group": words("group"), "outcome": outcome, "account_id": account.pk}
        for outcome in ("accepted", "held", "duplicate")
    ]  # fmt: skip
    RecentArrivals.objects.create(source=source, messages=seen)
    party = UnmatchedParty.objects.create(
        source=source, kind="user", key=words("user"), name=words("sender"),
        email="somebody@hooli.example", messages=3, first_seen_at=now, last_seen_at=now,
        sample={"event": words("event")},
    )  # fmt: skip
    UnmatchedParty.objects.create(
        source=source, kind="anonymous", key="a", email="else@hooli.example", messages=1,
        first_seen_at=now, last_seen_at=now,
    )  # fmt: skip
    rule = match_domain(actor=SYSTEM, source=source, domain="acme.example", account=account)
    body = json.dumps({"event": words("event")}).encode()
    for code in ("nobody", words("code")[:30]):
        RefusedMessage.objects.create(
            source=source, received_at=now, position=0, route="track", code=code, body=body
        )
    InboxBatch.objects.create(
        source=source, route="batch", received_at=now, body=body, messages=1, attempts=5,
        set_aside_at=now, problem=words("problem"),
    )  # fmt: skip
    return {
        "settings-source": source.uid,
        "settings-party": party.uid,
        "settings-match-rule": rule.uid,
    }


def furnish(data_dir: Path, words: Words) -> dict[str, str]:
    """Fill the installation and return ids by the word that addresses begin with."""
    from banso.accounts.models import Account
    from banso.health.models import Signal, SignalRule
    from banso.health.services.requests import HISTORY, TRY_RULE
    from banso.health.services.signals import snooze_signal
    from banso.workspace.models import Job, Team, User
    from banso.workspace.selectors import business_day
    from banso.workspace.tasks import do_now
    from banso.workspace.types import SYSTEM

    folder = data_dir / "imports"
    folder.mkdir(exist_ok=True)
    people = _people(words)
    runs = _import(folder, words)
    ids = _by_hand(people, words) | _design(words) | _events(words)
    lock = data_dir / "worker.lock"
    do_now(actor=SYSTEM, kind=HISTORY, lock_path=lock)
    own = SignalRule.objects.get(uid=ids["settings-signal"])
    asked = {"conditions": own.conditions, "rule": own.pk}
    trial = do_now(actor=SYSTEM, kind=TRY_RULE, params=asked, lock_path=lock)
    account = Account.objects.get(uid=ids["account"])
    signals = list(Signal.objects.filter(account_id=account.pk).order_by("pk"))
    tomorrow: date = business_day() + timedelta(days=1)
    snooze_signal(actor=SYSTEM, signal=signals[0], until=tomorrow, reason=words("later"))
    job = Job.objects.order_by("pk").first()
    assert job is not None
    Job.objects.filter(pk=job.pk).update(error=words("error"), note=words("note"), status="failed")
    ids |= {
        "signal": signals[-1].uid,
        "settings-user": User.objects.get(email="en@banso.example").uid,
        "settings-team": Team.objects.get().uid,
        "settings-job": job.uid,
        "settings-trial": trial.uid,
        "import": runs[0].uid,
        "import-map": runs[-1].uid,
    }
    return {name: str(uid) for name, uid in ids.items()}


def main(data_dir: Path, kind: str) -> None:
    """Furnish the installation in a directory and print the ids."""
    os.environ["BANSO_DATA_DIR"] = str(data_dir)
    os.environ["DJANGO_SETTINGS_MODULE"] = "banso.config.settings"
    import django

    django.setup()
    ids = furnish(data_dir, Hostile() if kind == "hostile" else plain)
    sys.stdout.write(json.dumps(ids) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
