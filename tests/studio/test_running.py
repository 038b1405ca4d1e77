"""The page of running flows in a browser: what runs when, pausing, and a binding with all that differs in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger

expect.set_options(timeout=30_000)
ORDERS = "ccv-orders-to-eaccounting"
STOCK = "eaccounting-stock-to-ccv"


class Running:
    """The page in one window, and what is kept of it."""

    def __init__(self, page: Page, studio: str, workspace: Path) -> None:
        self.page, self.studio, self.workspace = page, studio, workspace
        page.set_default_timeout(30_000)

    def open(self, **place: str) -> Running:
        asked = "&".join(f"{name}={value}" for name, value in place.items())
        self.page.goto(f"{self.studio}/runs?{asked}")
        self.page.locator("[data-testid=stHeading]").first.wait_for()
        self.at_rest()
        return self

    def at_rest(self) -> None:
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    def ledger(self) -> Ledger:
        return Ledger.open(Workspace(self.workspace).ledger_path)


@pytest.fixture
def running(page: Page, studio: str, workspace: Path) -> Running:
    return Running(page, studio, workspace)


# --- the list


def test_each_flow_says_when_it_runs_and_that_the_first_run_is_a_persons(running: Running) -> None:
    running.open()

    card = running.page.locator(f".st-key-running_{ORDERS}")
    expect(card).to_contain_text("Orders from CCV Shop to eAccounting")
    expect(card).to_contain_text("Every 5 minutes")
    expect(card).to_contain_text("The first run is yours to begin")
    expect(card).to_contain_text("Has not run yet")
    expect(card).to_contain_text("CCV Shop is not connected")


def test_a_paused_flow_says_by_whom_and_why_until_it_is_resumed(running: Running) -> None:
    running.open()
    card = running.page.locator(f".st-key-running_{STOCK}")
    card.get_by_role("button", name="Pause").click()
    running.page.get_by_label("Why? Others will read it.").fill("stock *taking*")
    running.page.locator(f".st-key-pausing_{STOCK}, [data-testid=stForm]").get_by_role("button", name="Pause").click()

    expect(card).to_contain_text(": stock *taking*")
    with running.ledger() as ledger:
        pause = ledger.paused(STOCK)
        assert pause is not None
        assert pause.why == "stock *taking*"
        assert ledger.paused(ORDERS) is None

    card.get_by_role("button", name="Resume").click()
    expect(card).not_to_contain_text("taking")
    with running.ledger() as ledger:
        assert ledger.paused(STOCK) is None


def test_everything_is_paused_at_once(running: Running) -> None:
    running.open()
    running.page.get_by_role("button", name="Pause everything").click()
    running.page.locator("[data-testid=stForm]").get_by_role("button", name="Pause everything").click()

    expect(running.page.get_by_text("Everything is paused.")).to_be_visible()
    expect(running.page.locator(f".st-key-running_{ORDERS}")).to_contain_text("paused")
    running.page.get_by_role("button", name="Resume everything").click()

    expect(running.page.get_by_text("Everything is paused.")).to_be_hidden()
    with running.ledger() as ledger:
        assert ledger.pauses() == []


def test_a_flow_whose_file_is_broken_stands_last_and_the_rest_works(running: Running) -> None:
    file = running.workspace / "saved_mappings" / "broken.json"
    file.write_text('{"title": ', encoding="utf-8")
    try:
        running.open()

        expect(running.page.locator(".st-key-running_broken_0")).to_contain_text("cannot be used")
        expect(running.page.locator(f".st-key-running_{ORDERS}")).to_contain_text("Every 5 minutes")
    finally:
        file.unlink()


def test_among_many_flows_one_is_found_by_its_title(running: Running) -> None:
    files = [running.workspace / "saved_mappings" / f"copy-{n}.json" for n in range(20)]
    text = (running.workspace / "saved_mappings" / f"{STOCK}.json").read_text(encoding="utf-8")
    for n, file in enumerate(files):
        file.write_text(text.replace('"title": "', f'"title": "{n}. ', 1), encoding="utf-8")
    try:
        running.open()
        expect(running.page.locator("[class*=st-key-running_copy-]")).to_have_count(20)
        running.page.get_by_role("textbox", name="Search").fill("copy-13")

        expect(running.page.locator(".st-key-running_copy-13")).to_be_visible()
        expect(running.page.locator(".st-key-running_copy-12")).to_be_hidden()
    finally:
        for file in files:
            file.unlink()


# --- one binding


def test_times_of_its_own_are_told_in_words_and_kept_when_they_are_saved(running: Running) -> None:
    running.open(flow=STOCK, binding="default")
    page = running.page
    page.get_by_text("At times of its own").click()
    page.get_by_role("button", name="Mon", exact=True).click()
    expect(page.locator(".st-key-schedule_meaning")).to_contain_text("Monday")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Runs use it from now on.")).to_be_visible()

    with running.ledger() as ledger:
        kept = ledger.binding(STOCK, "default")
    assert kept is not None
    assert kept.schedules is not None
    assert [each.get("days") for each in kept.schedules] == ["mon"]
    page.reload()
    expect(page.locator(".st-key-binding_state")).to_contain_text("Monday")


def test_a_wrong_cron_says_what_is_wrong_while_it_is_typed(running: Running) -> None:
    running.open(flow=ORDERS, binding="default")
    page = running.page
    page.get_by_text("At times of its own").click()
    page.get_by_role("combobox", name="How often").click()
    page.get_by_role("option", name="as cron").click()
    page.get_by_role("textbox", name="Minute, hour").fill("61 2 * * *")

    expect(page.locator(".st-key-schedule_meaning")).to_contain_text("its minute cannot be read")


def test_choosing_when_it_runs_leaves_the_keyboard_where_it_is(running: Running) -> None:
    running.open(flow=ORDERS, binding="default")
    page = running.page
    page.get_by_role("radio", name="As the flow says").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Not saved yet: when it runs")).to_be_visible()
    running.at_rest()

    expect(page.get_by_role("radio", name="At times of its own")).to_be_focused()


def test_the_second_of_two_editors_is_asked_and_loses_nothing(running: Running) -> None:
    running.open(flow=ORDERS, binding="default")
    page = running.page
    page.get_by_text("Never by itself").click()
    expect(page.get_by_text("Not saved yet: when it runs")).to_be_visible()
    with running.ledger() as ledger:
        now = datetime.now(UTC)
        ledger.change_binding(ORDERS, "default", lambda before: replace(before, title="Of the other"), now, who="anna")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Somebody else changed this binding since you began.")).to_be_visible()
    page.get_by_role("button", name="Put my change on top of theirs").click()
    expect(page.get_by_text("Saved. Runs use it from now on.")).to_be_visible()
    with running.ledger() as ledger:
        kept = ledger.binding(ORDERS, "default")
    assert kept is not None
    assert (kept.title, kept.schedules) == ("Of the other", ())
