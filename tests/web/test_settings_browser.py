"""Settings in a real browser: a curve is dragged, a draft is tried, a person is added."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from banso.health.models import Scorecard
from banso.workspace.models import Team, User
from tests.stories.conftest import CHROMIUM_FLAGS, complaint
from tests.web.test_scorecard_editor import card  # noqa: F401 - a fixture

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@contextmanager
def signed_in(browser: Browser, address: str, login: str, password: str) -> Iterator[Page]:
    """A page of somebody who has just signed in; what its console says fails the test."""
    complaints: list[str] = []
    page = browser.new_context(locale="en-US").new_page()
    page.on("console", lambda message: complaints.extend(complaint(message)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/sign-in/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("#sign-in button.button")
    page.wait_for_url("**/today/")
    yield page
    assert complaints == []


@contextmanager
def editor(address: str, scorecard: Scorecard) -> Iterator[Page]:
    """A leader who has opened the editor of a scorecard, with the first preview in it."""
    with (
        chromium() as browser,
        signed_in(browser, address, "leader@banso.example", "leader-pass-2026") as page,
    ):
        page.goto(f"{address}/settings/scorecards/{scorecard.uid}/")
        expect(page.locator(".sc-headline")).to_have_text("Nothing would change")
        yield page


def drag(page: Page, handle: Locator, *, right: float, down: float) -> None:
    """Move a handle by so many pixels, as a hand does: in several steps."""
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=6)
    page.mouse.up()


def typed(measure: Locator) -> list[list[float]]:
    """The points in the table beside the curve."""
    figures = [float(box.input_value()) for box in measure.locator("[data-knots] input").all()]
    return [figures[i : i + 2] for i in range(0, len(figures), 2)]


def test_a_curve_is_dragged_moved_by_keys_and_typed(
    live_server: Any,
    people: dict[str, Any],
    card: Scorecard,  # noqa: F811
) -> None:
    with editor(live_server.url, card) as page:
        headline = page.locator(".sc-headline")
        measure = page.locator("[data-measure]")
        measure.locator("summary").click()
        handles = measure.locator("[role=slider]")
        expect(handles).to_have_count(4)
        assert typed(measure) == [[0, 0], [4, 35], [10, 70], [16, 100]]

        # Dragged far down, the third point carries its account below the border of a band. It
        # stops before its neighbours and above nothing.
        drag(page, handles.nth(2), right=0, down=90)
        expect(headline).to_contain_text("1 of 5 accounts would change band")
        expect(page.locator(".sc-moves li")).to_contain_text("Beta")
        (x, y) = typed(measure)[2]
        assert x == pytest.approx(10, abs=0.5)
        assert 20 <= y <= 60
        drag(page, handles.nth(2), right=400, down=400)
        (x, y) = typed(measure)[2]
        assert 15 < x < 16
        assert y == 0

        # The keyboard and the table move the same point.
        measure.locator("[data-knot]").nth(2).locator("[data-field=x]").fill("10")
        measure.locator("[data-knot]").nth(2).locator("[data-field=y]").fill("69")
        expect(headline).to_contain_text("1 of 5 accounts would change band")
        handles.nth(2).press("ArrowUp")
        assert typed(measure)[2] == [10, 70]
        expect(headline).to_have_text("Nothing would change")
        expect(handles.nth(2)).to_have_attribute("aria-valuetext", "Value 10 is worth 70 points")

        # What is wrong is marked where it is, and keeps being there until it is put right.
        page.fill("#sc-min-coverage", "101")
        expect(page.locator("#sc-min-coverage")).to_have_attribute("aria-invalid", "true")
        page.fill("#sc-min-coverage", "50")
        expect(page.locator("[aria-invalid=true]")).to_have_count(0)

        handles.nth(2).press("Home")
        page.fill("#sc-note", "Ten days are not enough")
        page.click("[data-save]")
        expect(page.locator(".toast")).to_contain_text("Version 2 is saved.")
        page.get_by_role("link", name="Versions").click()
        expect(page.locator("main")).to_contain_text("Ten days are not enough")
    points = card.versions.get(number=2).spec["groups"][0]["measures"][0]["curve"]["points"]
    assert points == [[0, 0], [4, 35], [10, 0], [16, 100]]


def test_what_is_typed_before_the_editor_is_ready_can_be_saved(
    live_server: Any,
    people: dict[str, Any],
    card: Scorecard,  # noqa: F811
) -> None:
    with editor(live_server.url, card) as page:
        waiting: list[Route] = []
        page.route("**/js/scorecard.js*", lambda route: waiting.append(route))
        page.reload(wait_until="commit")
        page.locator("[data-measure] [data-field=weight]").first.fill("90")
        save = page.get_by_role("button", name="Save as a new version")
        expect(save).to_be_disabled()
        for route in waiting:
            route.continue_()
        expect(save).to_be_enabled()
        save.click()
        expect(page.locator("body")).to_contain_text("Version 2")


def test_a_server_that_is_gone_is_named_and_nothing_typed_is_lost(
    live_server: Any,
    people: dict[str, Any],
    card: Scorecard,  # noqa: F811
) -> None:
    with editor(live_server.url, card) as page:
        page.route("**/save/", lambda route: route.fulfill(status=200, body="<p>signed out</p>"))
        page.fill("#sc-min-coverage", "50")
        page.click("[data-save]")
        expect(page.locator("[data-preview-note]")).to_contain_text("No answer from the server")
        expect(page.locator("#sc-min-coverage")).to_have_value("50")
        page.unroute("**/save/")
        page.click("[data-save]")
        expect(page.locator(".toast")).to_contain_text("Version 2 is saved.")


def test_a_person_is_added_signs_in_and_is_switched_off(
    live_server: Any, people: dict[str, Any]
) -> None:
    team = Team.objects.create(name="CS East")
    with (
        chromium() as browser,
        signed_in(browser, live_server.url, "admin@banso.example", "admin-pass-2026") as page,
    ):
        page.goto(f"{live_server.url}/settings/users/")
        page.get_by_role("link", name="Add a person").click()
        page.fill("[name=name]", "Hana Mori")
        page.fill("[name=email]", "csm@banso.example")
        page.select_option("[name=role]", "sales")
        page.select_option("select[name=language]", "en")
        page.get_by_label("CS East").check()
        page.fill("[name=password]", "spring-Rain-26")
        page.get_by_role("button", name="Add", exact=True).click()

        # Somebody has the address already: it is said there, and all but the password is kept.
        expect(page.locator(".field-error")).to_contain_text("Somebody already signs in")
        expect(page.locator("[name=name]")).to_have_value("Hana Mori")
        expect(page.get_by_label("CS East")).to_be_checked()
        page.fill("[name=email]", "hana@banso.example")
        page.fill("[name=password]", "spring-Rain-26")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("Hana Mori can sign in now.")

        with signed_in(browser, live_server.url, "hana@banso.example", "spring-Rain-26") as hers:
            hers.goto(f"{live_server.url}/settings/")
            expect(hers.get_by_role("link", name="Profile").first).to_be_visible()
            expect(hers.get_by_role("link", name="Users")).to_have_count(0)

            page.get_by_role("link", name="Hana Mori").click()
            page.get_by_label("May sign in").uncheck()
            page.get_by_role("button", name="Save").click()
            expect(page.locator("tr", has_text="Hana Mori")).to_contain_text("switched off")
            hers.goto(f"{live_server.url}/today/")
            hers.wait_for_url("**/sign-in/**")
    person = User.objects.get(email="hana@banso.example")
    assert (person.role, person.is_active, list(person.teams.all())) == ("sales", False, [team])
