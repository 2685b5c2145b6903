"""What is found beside the rounds is published, unless a round knows better by then."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest

from banso.health.services import compute
from banso.health.services.live.judging import Judge
from banso.health.services.live.survey import Survey
from banso.health.services.pending import Pending
from banso.health.services.warehouse import warehouse
from tests.engine.samples import raw

TODAY = date(2026, 4, 15)


@pytest.fixture
def accounts(house: Any) -> list[int]:
    """Three customers whom nobody has used yet, all of them judged."""
    made = [house.account(name) for name in ("Acme", "Beta", "Carol")]
    for one in made:
        house.line(one, TODAY - timedelta(days=60))
    compute.refresh()
    return [one.pk for one in made]


@pytest.fixture
def judge(accounts: list[int]) -> Judge:
    judge = Judge()
    judge.get_to_know_everybody()
    return judge


@pytest.fixture
def queue() -> Pending:
    return Pending()


@pytest.fixture
def survey(queue: Pending, judge: Judge) -> Survey:
    return Survey(queue, judge)


def use(judge: Judge, queue: Pending, batch: int, accounts: list[int], user: str) -> None:
    """Have a person use every one of the accounts today."""
    rows = raw(*((f"{batch}-{one}", one, 1, "read", user) for one in accounts))
    days = [TODAY] * rows.num_rows
    rows = rows.set_column(rows.schema.get_field_index("day"), rows.schema.field("day"), [days])
    warehouse().load_live([(batch, rows)])
    judge.note_use(dict.fromkeys(accounts, (TODAY, TODAY)))
    queue.note(batch, accounts)


def complete(survey: Survey) -> int:
    done = 0
    while step := survey.hurry():
        done += step
    return done


def users(house: Any, account: int) -> float | None:
    return house.pulse(type("Account", (), {"pk": account})).metrics.get("active_users_28d")


def test_a_survey_publishes_who_looks_different(
    house: Any, accounts: list[int], judge: Judge, queue: Pending, survey: Survey
) -> None:
    use(judge, queue, 900, accounts, "ann")
    survey.go_on()
    assert (len(queue), queue.settled()) == (0, [])
    assert complete(survey) >= 3
    assert [users(house, one) for one in accounts] == [1, 1, 1]
    assert sorted(queue.begin_whole(9)) == accounts
    assert queue.settled() == []
    queue.take_half_done()
    assert queue.settled() == [900]


def test_what_a_round_judged_meanwhile_stays(
    house: Any, accounts: list[int], judge: Judge, queue: Pending, survey: Survey
) -> None:
    use(judge, queue, 900, accounts, "ann")
    survey.go_on()
    time.sleep(0.5)
    use(judge, queue, 901, accounts[:1], "bob")
    judge.publish_whole(accounts[:1])
    queue.note_judged(queue.take_these(accounts[:1]), time.monotonic())
    complete(survey)
    assert [users(house, one) for one in accounts] == [2, 1, 1]


def test_what_was_asked_of_outdated_knowledge_is_asked_again(
    house: Any, accounts: list[int], judge: Judge, queue: Pending, survey: Survey
) -> None:
    use(judge, queue, 900, accounts, "ann")
    survey.go_on()
    judge.get_to_know_everybody()
    assert survey.hurry()
    while len(queue) == 0:
        survey.hurry()
    assert [users(house, one) for one in accounts] == [None, None, None]
    complete(survey)
    assert sorted(queue.begin_whole(9)) == accounts


def test_accounts_of_which_not_enough_is_known_are_judged_at_once(
    house: Any, accounts: list[int], judge: Judge, queue: Pending, survey: Survey
) -> None:
    use(judge, queue, 900, accounts, "ann")
    judge.forget(accounts[:2])
    survey.go_on()
    assert [users(house, one) for one in accounts] == [1, 1, None]
    complete(survey)
    assert [users(house, one) for one in accounts] == [1, 1, 1]


def test_what_is_abandoned_waits_again(
    accounts: list[int], judge: Judge, queue: Pending, survey: Survey
) -> None:
    use(judge, queue, 900, accounts, "ann")
    survey.go_on()
    survey.abandon()
    assert (len(queue), queue.settled()) == (3, [])


def test_what_a_failed_survey_had_borrowed_waits_again(
    accounts: list[int], judge: Judge, queue: Pending, survey: Survey
) -> None:
    use(judge, queue, 900, accounts, "ann")
    survey.go_on()
    assert len(queue) == 0
    Survey(queue, judge)
    assert (len(queue), queue.settled()) == (3, [])
