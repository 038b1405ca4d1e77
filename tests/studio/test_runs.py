"""Runs on screen against the sandboxes: started, watched, stopped from anywhere, found again, and the days compared."""

from __future__ import annotations

import csv
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger
from sandbox.server import Serving
from tests.commands.conftest import FLOW, both_sandboxes, connect, make_workspace, say
from tests.studio.conftest import running_studio, studio_process
from tests.studio.test_access import serious

expect.set_options(timeout=30_000)
SLOWLY = {"kind": "delay", "method": "POST", "path": "/v2/orders", "seconds": 8}  # so that a run is there to be stopped


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with both_sandboxes() as served:
        yield served


@pytest.fixture(scope="module")
def workspace(serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Connected to both sandboxes; nothing has run."""
    folder = tmp_path_factory.mktemp("runs")
    made = make_workspace(folder / "workspace")
    connect(say, made, serving, folder)
    return made


@pytest.fixture(scope="module")
def studio(workspace: Path) -> Iterator[str]:
    with running_studio(workspace) as address:
        yield address


class Runs:
    """The page of runs in one window, and what the ledger knows."""

    def __init__(self, page: Page, studio: str, workspace: Path) -> None:
        self.page, self.studio, self.workspace = page, studio, workspace
        page.set_default_timeout(30_000)

    def open(self, asked: str = "") -> Page:
        self.page.goto(f"{self.studio}/runs{asked}")
        self.page.locator("[data-testid=stHeading]").first.wait_for()
        self.at_rest()
        return self.page

    def at_rest(self) -> None:
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    def ask(self, flow: str = FLOW) -> Locator:
        """Open the dialog that asks how to run a flow."""
        self.page.locator(f".st-key-run_now_{flow}_default button").click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog.get_by_role("button", name="Start")).to_be_visible()
        return dialog

    def start(self, mode: str = "Everything new", numbers: str = "") -> Locator:
        dialog = self.ask()
        dialog.locator(".st-key-run_mode").get_by_text(mode).click()
        if numbers:
            dialog.get_by_role("textbox", name="Numbers or keys").fill(numbers)
        dialog.get_by_role("button", name="Start").click()
        return self.over()

    def over(self) -> Locator:
        """What came of the run that was started here."""
        expect(self.page.get_by_role("dialog")).to_be_hidden()
        expect(self.page.locator("[class*=st-key-under_way_]")).to_have_count(0)
        return self.page.locator("[class*=st-key-run_over_]").first

    def ledger(self) -> Ledger:
        return Ledger.open(Workspace(self.workspace).ledger_path)


@pytest.fixture
def runs(page: Page, studio: str, workspace: Path) -> Runs:
    return Runs(page, studio, workspace)


@pytest.fixture
def ran(runs: Runs) -> Runs:
    """Everything there was has been run."""
    with runs.ledger() as ledger:
        if not ledger.was_run(FLOW, "default"):
            say(runs.workspace, "run", FLOW)
    return runs


def place_orders(serving: Serving, many: int) -> list[str]:
    shop: Any = serving.system("ccv-shop")
    return [f"W-{shop.do('new_order', {})['ordernumber']}" for _ in range(many)]


# --- starting


def test_looking_only_shows_what_would_be_sent_and_sends_nothing(runs: Runs, serving: Serving) -> None:
    before = len(serving.system("eaccounting").state()["orders"])  # type: ignore[arg-type]
    page = runs.open()
    dialog = runs.ask()
    expect(dialog).to_contain_text("This is its first run")
    dialog.locator(".st-key-run_mode").get_by_text("Certain records").click()
    dialog.get_by_role("textbox", name="Numbers or keys").fill("W-10002\nW-10001")
    dialog.get_by_text("Look only").click()
    dialog.get_by_role("button", name="Look").click()

    found = runs.over()
    expect(found).to_contain_text("Looked at 2 records; nothing was sent.")
    expect(found).to_contain_text("has no row for ‹klarna_later›")
    found.get_by_text("POST").first.click()
    expect(found.get_by_text("BuyersOrderReference").first).to_be_visible()
    assert len(serving.system("eaccounting").state()["orders"]) == before  # type: ignore[arg-type]
    found.get_by_role("button", name="Close").click()
    expect(page.locator("[class*=st-key-run_over_]")).to_have_count(0)


def test_everything_new_is_run_and_leads_to_what_did_not_arrive(runs: Runs) -> None:
    page = runs.open()
    found = runs.start()

    expect(found).to_contain_text("38 records read")
    expect(found).to_contain_text("28 arrived")
    expect(found).to_contain_text("7 not arrived")
    found.get_by_role("button", name="Open run").click()
    run = page.locator(".st-key-one_run")
    expect(run).to_contain_text("went through")
    expect(run).to_contain_text("started by")
    expect(run).to_contain_text("version 1")
    expect(run).to_contain_text("Read what changed from")
    run.get_by_role("button", name="W-10001", exact=True).click()
    expect(page.get_by_role("heading", name="W-10001")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Run ")).to_be_visible()


def test_one_chosen_order_alone_is_run(ran: Runs, serving: Serving) -> None:
    wanted, other = place_orders(serving, 2)
    ran.open()
    found = ran.start("Certain records", wanted)

    expect(found).to_contain_text("1 record read")
    expect(found).to_contain_text("1 arrived")
    with ran.ledger() as ledger:
        assert ledger.find_records(other) == []


def test_from_a_date_is_from_its_midnight_on_and_sends_nothing_twice(ran: Runs, serving: Serving) -> None:
    say(ran.workspace, "run", FLOW)
    before = len(serving.system("eaccounting").state()["orders"])  # type: ignore[arg-type]
    ran.open()
    found = ran.start("From a date")

    expect(found).to_contain_text("was there already")
    assert len(serving.system("eaccounting").state()["orders"]) == before  # type: ignore[arg-type]
    with ran.ledger() as ledger:
        [window] = ledger.windows_of_run(ledger.runs(FLOW)[0].id)
    assert window.since is not None
    assert window.since.astimezone(ZoneInfo("Europe/Amsterdam")).time() == time()  # the zone of the flow


def test_sending_again_what_has_not_changed_is_asked_twice(ran: Runs) -> None:
    ran.open()
    dialog = ran.ask()
    dialog.get_by_text("More").click()
    dialog.get_by_text("Send again what has not changed").click()

    expect(dialog).to_contain_text("is overwritten")
    expect(dialog.get_by_role("button", name="Start")).to_be_disabled()
    dialog.get_by_text("Yes, overwrite what the target has").click()
    expect(dialog.get_by_role("button", name="Start")).to_be_enabled()


def test_a_flow_that_is_not_connected_says_so_and_the_form_stays(runs: Runs) -> None:
    runs.open()
    dialog = runs.ask("specter-stock-to-abicart")
    dialog.get_by_role("button", name="Start").click()

    expect(dialog.get_by_role("alert").last).to_contain_text("is not connected")
    dialog.locator(".st-key-run_mode").get_by_text("Certain records").click()
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_contain_text("Name at least one record.")


def test_a_flow_that_became_broken_is_refused_with_what_is_wrong(runs: Runs) -> None:
    file = runs.workspace / "saved_mappings" / "eaccounting-stock-to-ccv.json"
    text = file.read_text(encoding="utf-8")
    runs.open()
    dialog = runs.ask("eaccounting-stock-to-ccv")
    try:
        file.write_text(text[:-200], encoding="utf-8")
        dialog.get_by_role("button", name="Start").click()
        expect(dialog.get_by_role("alert").last).to_contain_text("eaccounting-stock-to-ccv.json")
    finally:
        file.write_text(text, encoding="utf-8")


# --- watching and stopping


def test_a_run_is_watched_found_again_and_stopped(ran: Runs, serving: Serving) -> None:
    place_orders(serving, 20)
    serving.arm("eaccounting", [SLOWLY])
    try:
        page = ran.open()
        ran.ask().get_by_role("button", name="Start").click()
        live = page.locator("[class*=st-key-under_way_]")
        expect(live).to_contain_text("started by")
        expect(live.get_by_role("progressbar")).to_be_visible()
        page.goto("about:blank")  # it goes on without anybody
        ran.open("?part=history")
        expect(live).to_contain_text("so far")
        live.get_by_role("button", name="Stop").click()
        expect(live.get_by_role("button", name="Stopping …")).to_be_visible()
        serving.arm("eaccounting", [])
        found = ran.over()
    finally:
        serving.arm("eaccounting", [])

    expect(found).to_contain_text("Stopped after")
    expect(page.locator("[class*=st-key-run_row_]").first).to_contain_text("asked it to stop")
    with ran.ledger() as ledger:
        last = ledger.runs(FLOW)[0]
        assert last.state == "stopped"
        assert 0 < last.counts["created"] < 20


def test_ending_the_studio_ends_its_runs_as_a_signal_does(page: Page, ran: Runs, serving: Serving) -> None:
    place_orders(serving, 20)
    serving.arm("eaccounting", [SLOWLY])
    with studio_process(ran.workspace) as (address, process):
        here = Runs(page, address, ran.workspace)
        here.open()
        here.ask().get_by_role("button", name="Start").click()
        expect(page.locator("[class*=st-key-under_way_]").get_by_role("progressbar")).to_be_visible()
        page.goto("about:blank")
        process.send_signal(signal.SIGINT)
        process.wait(40)
    serving.arm("eaccounting", [])

    with ran.ledger() as ledger:
        last = ledger.runs(FLOW)[0]
    assert last.state == "stopped"
    assert last.counts["created"] > 0  # what it had in hand was finished


def test_a_run_of_another_process_is_seen_and_asked_to_stop(ran: Runs) -> None:
    with ran.ledger() as ledger, ledger.claim_flow(FLOW, "default"):  # this process is another one
        run_id = ledger.start_run(FLOW, "default", "v", "all", datetime.now(UTC))
        page = ran.open()
        live = page.locator(f".st-key-under_way_{run_id}")
        expect(live).to_contain_text("It works in another process.")
        dialog = ran.ask()
        dialog.get_by_role("button", name="Start").click()
        expect(dialog.get_by_role("alert").last).to_contain_text(f"run {run_id} is under way")
        page.keyboard.press("Escape")
        live.get_by_role("button", name="Stop").click()
        expect(live.get_by_role("button", name="Stopping …")).to_be_disabled()
        assert ledger.asked_to_stop(run_id)
        ledger.end_run(run_id, datetime.now(UTC), {}, "stopped")
        expect(live).to_be_hidden()


# --- afterwards


def test_a_thousand_runs_are_paged_and_narrowed(ran: Runs) -> None:
    now = datetime.now(UTC)
    with ran.ledger() as ledger:
        for _ in range(60):
            quiet = ledger.start_run("eaccounting-stock-to-ccv", "default", "v", "all", now)
            ledger.end_run(quiet, now, {"read": 0}, "ended")
        left = ledger.start_run("eaccounting-stock-to-ccv", "default", "v", "all", now)  # whose process is gone
    page = ran.open("?part=history")
    first = page.locator("[class*=st-key-run_row_]").first
    expect(first).to_contain_text("cut short")
    expect(first).to_contain_text("Its process ended in the middle.")

    page.get_by_role("combobox", name="Which runs").click()
    page.get_by_role("option", name="All", exact=True).click()
    expect(page.locator("[class*=st-key-run_row_]")).to_have_count(25)
    page.get_by_role("button", name="Page 2").click()
    expect(page.locator(f".st-key-run_row_{left}")).to_be_hidden()
    expect(page.locator("[class*=st-key-run_row_]").first).to_contain_text("nothing new")
    with ran.ledger() as ledger:
        ledger.end_run(left, now, {}, "ended")


def test_a_number_that_is_no_run_is_said(runs: Runs) -> None:
    for number in ("999999", "x", "-1"):
        page = runs.open(f"?run={number}")
        expect(page.get_by_text("There is no run of this number.")).to_be_visible()


# --- comparing


def compared(runs: Runs) -> Locator:
    page = runs.open("?part=compare")
    page.get_by_role("button", name="Compare", exact=True).click()
    result = page.locator(".st-key-compare_result")
    expect(result).to_be_visible()
    return result


def test_days_are_compared_and_each_difference_leads_to_its_story(ran: Runs, serving: Serving, tmp_path: Path) -> None:
    books: Any = serving.system("eaccounting")
    result = compared(ran)
    page = ran.page
    expect(page.locator("[data-testid=stTable]")).to_contain_text("agrees")
    expect(result).to_contain_text("2 differences")
    expect(page.get_by_text("it is parked: the text has 50 characters")).to_be_visible()

    number = doctored(books)
    result = compared(ran)
    expect(result).to_contain_text("3 differences")
    row = page.locator("[data-testid=stHorizontalBlock]").filter(has_text=number).last
    expect(row).to_contain_text("other sum")
    with page.expect_download() as coming:
        result.get_by_role("button", name="Download as CSV").click()
    file = tmp_path / "days.csv"
    coming.value.save_as(file)
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [line[2] for line in rows if line[1] == "other sum"] == [number]
    page.get_by_role("button", name=number, exact=True).click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()


def doctored(books: Any) -> str:
    """Somebody changes the amount of an order of the last days in the books; its number in the shop."""
    today = datetime.now(UTC).date()
    days = {str(today - timedelta(days)) for days in range(2, 6)}
    order = next(each for each in books.state()["orders"] if each["OrderDate"][:10] in days)
    with books._lock:
        books._books["orders"].put({**order, "Amount": order["Amount"] + 1})
    return str(order["BuyersOrderReference"])


# --- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(ran: Runs, scheme: str) -> None:
    ran.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    compared(ran)
    assert serious(ran.page) == []
    page = ran.open("?part=history")
    expect(page.locator(".st-key-runs_found")).to_be_visible()
    assert serious(page) == []
    page.locator("[class*=st-key-open_run_] button").first.click()
    expect(page.locator(".st-key-one_run")).to_be_visible()
    assert serious(page) == []
    ran.open()
    ran.ask()
    assert serious(page) == []


def test_the_words_are_swedish(browser: Browser, studio: str, ran: Runs) -> None:
    context = browser.new_context(locale="sv-SE", viewport={"width": 1024, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{studio}/runs?part=history")
    expect(page.locator(".st-key-runs_found")).to_contain_text("gick igenom")
    expect(page.locator(".st-key-runs_found")).to_contain_text("framme")
    page.goto(f"{studio}/runs")
    page.locator(f".st-key-run_now_{FLOW}_default button").click()
    expect(page.get_by_role("dialog")).to_contain_text("Bara titta")
    context.close()
